-- What hangs on a table or view and isn't a constraint. Triggers that partitions got from their
-- parent are the parent's.
SELECT 'trigger', t.oid, t.tgrelid, t.tgname, pg_catalog.quote_ident(t.tgname), t.tgenabled,
    pg_catalog.pg_get_triggerdef(t.oid, true)
FROM pg_catalog.pg_trigger AS t
WHERE NOT t.tgisinternal AND t.tgparentid = 0
UNION ALL
SELECT 'rule', r.oid, r.ev_class, r.rulename, pg_catalog.quote_ident(r.rulename), r.ev_enabled,
    pg_catalog.pg_get_ruledef(r.oid, true)
FROM pg_catalog.pg_rewrite AS r
WHERE r.rulename <> '_RETURN' AND r.oid >= {first_user_oid}
UNION ALL
SELECT 'policy', p.oid, p.polrelid, p.polname, pg_catalog.quote_ident(p.polname), 'O',
    pg_catalog.concat(
        'CREATE POLICY ', pg_catalog.quote_ident(p.polname),
        ' ON ', p.polrelid::pg_catalog.regclass,
        CASE WHEN NOT p.polpermissive THEN ' AS RESTRICTIVE' END,
        CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT'
            WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' END,
        ' TO ', (
            SELECT pg_catalog.string_agg(
                CASE r.oid WHEN 0 THEN 'PUBLIC'
                    ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.oid)) END,
                ', ' ORDER BY r.at)
            FROM pg_catalog.unnest(p.polroles) WITH ORDINALITY AS r (oid, at)),
        ' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid, true) || ')',
        ' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, true) || ')')
FROM pg_catalog.pg_policy AS p
ORDER BY 1, 3, 4
