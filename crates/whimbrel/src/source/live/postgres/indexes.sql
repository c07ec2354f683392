SELECT x.indexrelid, i.relname, i.oid::pg_catalog.regclass, x.indrelid, x.indisunique,
    x.indisvalid AND x.indisready AND x.indislive, x.indisreplident, x.indisclustered,
    x.indnkeyatts, x.indkey,
    CASE WHEN x.indexprs IS NOT NULL THEN (
        SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(x.indexrelid, k, true) ORDER BY k)
        FROM pg_catalog.generate_series(1, x.indnatts::integer) AS k)::text END, m.amname,
    pg_catalog.pg_get_expr(x.indpred, x.indrelid, true),
    pg_catalog.pg_get_indexdef(x.indexrelid, 0, true), pg_catalog.quote_ident(s.spcname),
    i.relispartition, pg_catalog.quote_ident(i.relname)
FROM pg_catalog.pg_index AS x
JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
JOIN pg_catalog.pg_am AS m ON m.oid = i.relam
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = i.reltablespace
WHERE {user_namespace}
ORDER BY x.indrelid, i.relname
