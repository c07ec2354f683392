-- Not those that come with another object, as a range type's own functions do.
SELECT p.oid, p.prokind, n.nspname, p.proname,
    pg_catalog.pg_get_function_identity_arguments(p.oid), p.oid::pg_catalog.regprocedure,
    CASE p.prokind
        WHEN 'a' THEN pg_catalog.concat(
            'CREATE AGGREGATE ', pg_catalog.quote_ident(n.nspname), '.',
            pg_catalog.quote_ident(p.proname),
            '(', CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_catalog.pg_get_function_arguments(p.oid) END,
            ') (', pg_catalog.concat_ws(', ',
                'SFUNC = ' || g.aggtransfn::pg_catalog.text,
                'STYPE = ' || pg_catalog.format_type(g.aggtranstype, NULL),
                'SSPACE = ' || NULLIF(g.aggtransspace, 0),
                'FINALFUNC = ' || CASE WHEN g.aggfinalfn <> 0 THEN g.aggfinalfn END,
                CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                'COMBINEFUNC = ' || CASE WHEN g.aggcombinefn <> 0 THEN g.aggcombinefn END,
                'SERIALFUNC = ' || CASE WHEN g.aggserialfn <> 0 THEN g.aggserialfn END,
                'DESERIALFUNC = ' || CASE WHEN g.aggdeserialfn <> 0 THEN g.aggdeserialfn END,
                'INITCOND = ' || pg_catalog.quote_literal(g.agginitval),
                'MSFUNC = ' || CASE WHEN g.aggmtransfn <> 0 THEN g.aggmtransfn END,
                'MINVFUNC = ' || CASE WHEN g.aggminvtransfn <> 0 THEN g.aggminvtransfn END,
                'MSTYPE = ' || CASE WHEN g.aggmtranstype <> 0
                    THEN pg_catalog.format_type(g.aggmtranstype, NULL) END,
                'MFINALFUNC = ' || CASE WHEN g.aggmfinalfn <> 0 THEN g.aggmfinalfn END,
                'MINITCOND = ' || pg_catalog.quote_literal(g.aggminitval),
                'SORTOP = ' || CASE WHEN g.aggsortop <> 0
                    THEN 'OPERATOR(' || g.aggsortop::pg_catalog.regoper || ')' END,
                CASE g.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END,
                CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END),
            ')')
        ELSE pg_catalog.pg_get_functiondef(p.oid)
    END
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_aggregate AS g ON g.aggfnoid = p.oid
WHERE {user_namespace}
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
            AND d.deptype IN ('e', 'i'))
ORDER BY n.nspname, p.proname, 5
