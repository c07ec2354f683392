-- Everything with columns of its own, and who it inherits from.
SELECT c.oid, c.relkind, n.nspname, c.relname, c.oid::pg_catalog.regclass, c.reltype, t.typarray,
    c.relpersistence, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
    pg_catalog.quote_ident(s.spcname), CASE WHEN m.amname <> 'heap' THEN m.amname END,
    pg_catalog.array_to_json(c.reloptions), pg_catalog.array_to_json(o.reloptions),
    CASE c.relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
    pg_catalog.pg_get_expr(c.relpartbound, c.oid, true),
    i.parents,
    CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid, true) END,
    CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END,
    pg_catalog.quote_ident(v.srvname), pg_catalog.array_to_json(f.ftoptions), c.relispopulated
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_catalog.pg_class AS o ON o.oid = c.reltoastrelid
LEFT JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_server AS v ON v.oid = f.ftserver
LEFT JOIN (
    SELECT h.inhrelid, pg_catalog.json_agg(h.inhparent ORDER BY h.inhseqno) AS parents
    FROM pg_catalog.pg_inherits AS h GROUP BY h.inhrelid
) AS i ON i.inhrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND {user_namespace}
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
            AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
