-- What stands on what. A view stands on what its rule reads.
SELECT DISTINCT
    CASE WHEN r.rulename = '_RETURN' THEN 'pg_catalog.pg_class'::pg_catalog.regclass
        ELSE d.classid::pg_catalog.regclass END,
    CASE WHEN r.rulename = '_RETURN' THEN r.ev_class ELSE d.objid END,
    d.refclassid::pg_catalog.regclass, d.refobjid
FROM pg_catalog.pg_depend AS d
LEFT JOIN pg_catalog.pg_rewrite AS r
    ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid
WHERE d.objid >= {first_user_oid} AND d.refobjid >= {first_user_oid} AND d.deptype IN ('n', 'a')
    AND CASE
        WHEN d.classid IN ('pg_catalog.pg_class'::pg_catalog.regclass,
            'pg_catalog.pg_constraint'::pg_catalog.regclass,
            'pg_catalog.pg_trigger'::pg_catalog.regclass)
        THEN d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
            'pg_catalog.pg_type'::pg_catalog.regclass,
            'pg_catalog.pg_operator'::pg_catalog.regclass,
            'pg_catalog.pg_collation'::pg_catalog.regclass,
            'pg_catalog.pg_foreign_server'::pg_catalog.regclass)
        ELSE d.classid <> 'pg_catalog.pg_attrdef'::pg_catalog.regclass
            AND d.refclassid <> 'pg_catalog.pg_namespace'::pg_catalog.regclass
    END
ORDER BY 1, 2, 3, 4
