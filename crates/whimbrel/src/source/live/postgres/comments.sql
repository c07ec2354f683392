-- An extension brings its own.
SELECT d.classoid::pg_catalog.regclass, d.objoid, d.objsubid, d.description
FROM pg_catalog.pg_description AS d
WHERE d.objoid >= {first_user_oid}
    AND d.classoid <> 'pg_catalog.pg_extension'::pg_catalog.regclass
ORDER BY d.classoid, d.objoid, d.objsubid
