-- Not the types of tables, nor the arrays and multiranges that come with another type.
SELECT t.oid, t.typtype, n.nspname, t.typname, pg_catalog.format_type(t.oid, NULL), t.typarray,
    t.typrelid,
    (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
        FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid),
    CASE WHEN t.typbasetype <> 0 THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
    CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation
        THEN t.typcollation::pg_catalog.regcollation END,
    CASE t.typtype WHEN 'd' THEN pg_catalog.pg_get_expr(t.typdefaultbin, 0, true) END,
    t.typtype = 'd' AND t.typnotnull,
    CASE t.typtype
        WHEN 'r' THEN pg_catalog.concat_ws(', ',
            'SUBTYPE = ' || pg_catalog.format_type(r.rngsubtype, NULL),
            'SUBTYPE_OPCLASS = ' || CASE WHEN NOT o.opcdefault THEN
                pg_catalog.quote_ident(q.nspname) || '.' || pg_catalog.quote_ident(o.opcname) END,
            'COLLATION = ' || CASE WHEN r.rngcollation <> u.typcollation
                THEN r.rngcollation::pg_catalog.regcollation END,
            'CANONICAL = ' || CASE WHEN r.rngcanonical <> 0 THEN r.rngcanonical END,
            'SUBTYPE_DIFF = ' || CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff END)
        WHEN 'b' THEN pg_catalog.concat_ws(', ',
            'INPUT = ' || t.typinput, 'OUTPUT = ' || t.typoutput,
            'RECEIVE = ' || CASE WHEN t.typreceive <> 0 THEN t.typreceive END,
            'SEND = ' || CASE WHEN t.typsend <> 0 THEN t.typsend END,
            'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::text END,
            CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
            'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2'
                WHEN 'd' THEN 'double' ELSE 'int4' END,
            'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                WHEN 'x' THEN 'extended' ELSE 'main' END)
    END
FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
LEFT JOIN pg_catalog.pg_range AS r ON r.rngtypid = t.oid
LEFT JOIN pg_catalog.pg_type AS u ON u.oid = r.rngsubtype
LEFT JOIN pg_catalog.pg_opclass AS o ON o.oid = r.rngsubopc
LEFT JOIN pg_catalog.pg_namespace AS q ON q.oid = o.opcnamespace
WHERE t.typtype IN ('e', 'd', 'r', 'b', 'c') AND coalesce(c.relkind, 'c') = 'c'
    AND t.typisdefined AND {user_namespace}
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS a WHERE a.typarray = t.oid)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid
            AND d.deptype = 'e')
ORDER BY n.nspname, t.typname
