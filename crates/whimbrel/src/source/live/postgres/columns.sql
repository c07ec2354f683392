SELECT a.attrelid, a.attnum, a.attname, pg_catalog.quote_ident(a.attname),
    pg_catalog.format_type(a.atttypid, a.atttypmod), a.attndims, a.attnotnull, a.attidentity,
    a.attgenerated, pg_catalog.pg_get_expr(e.adbin, e.adrelid, true),
    CASE WHEN a.attcollation <> t.typcollation
        THEN a.attcollation::pg_catalog.regcollation END,
    CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
    {compression},
    CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
    pg_catalog.array_to_json(a.attoptions), pg_catalog.array_to_json(a.attfdwoptions)
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef AS e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND {user_namespace}
ORDER BY a.attrelid, a.attnum
