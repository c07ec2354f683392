' (' || (
    SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')',
' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid, true) || ')'
