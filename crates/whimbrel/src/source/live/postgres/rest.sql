-- Every other kind of object, each with a text that would make it. What the server came with has
-- low numbers; what an extension brought is the extension's.
SELECT o.class::pg_catalog.regclass, o.oid, o.kind, o.namespace, o.name, o.shown, o.relation, o.definition
FROM (
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass AS class, n.oid, 'schema' AS kind,
        NULL AS namespace, n.nspname::text AS name, pg_catalog.quote_ident(n.nspname) AS shown,
        NULL::pg_catalog.oid AS relation, 'CREATE SCHEMA ' || pg_catalog.quote_ident(n.nspname) AS definition
    FROM pg_catalog.pg_namespace AS n
    WHERE {user_namespace} AND n.nspname <> coalesce(pg_catalog.current_schema(), '')
    UNION ALL
    SELECT 'pg_catalog.pg_extension'::pg_catalog.regclass, e.oid, 'extension', NULL, e.extname,
        pg_catalog.quote_ident(e.extname), NULL,
        pg_catalog.concat('CREATE EXTENSION ', pg_catalog.quote_ident(e.extname), ' WITH SCHEMA ',
            e.extnamespace::pg_catalog.regnamespace, ' VERSION ',
            pg_catalog.quote_literal(e.extversion))
    FROM pg_catalog.pg_extension AS e
    UNION ALL
    SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, s.oid, 'statistics', n.nspname,
        s.stxname, pg_catalog.concat_ws('.', pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(s.stxname)),
        s.stxrelid, pg_catalog.pg_get_statisticsobjdef(s.oid)
    FROM pg_catalog.pg_statistic_ext AS s
    JOIN pg_catalog.pg_namespace AS n ON n.oid = s.stxnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, c.oid, 'collation', n.nspname, c.collname,
        c.oid::pg_catalog.regcollation::text, NULL,
        pg_catalog.concat('CREATE COLLATION ', c.oid::pg_catalog.regcollation, ' (',
            pg_catalog.concat_ws(', ',
                'PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc'
                    WHEN 'b' THEN 'builtin' WHEN 'd' THEN 'default' END,
                'LOCALE = ' || pg_catalog.quote_literal({collation_locale}),
                'LC_COLLATE = ' || pg_catalog.quote_literal(c.collcollate),
                'LC_CTYPE = ' || pg_catalog.quote_literal(c.collctype),
                CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END,
                'RULES = ' || pg_catalog.quote_literal({collation_rules})), ')')
    FROM pg_catalog.pg_collation AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, c.oid, 'conversion', n.nspname,
        c.conname, pg_catalog.concat_ws('.', pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(c.conname)),
        NULL,
        pg_catalog.concat('CREATE ', CASE WHEN c.condefault THEN 'DEFAULT ' END, 'CONVERSION ',
            pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.conname), ' FOR ',
            pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(c.conforencoding)), ' TO ',
            pg_catalog.quote_literal(pg_catalog.pg_encoding_to_char(c.contoencoding)), ' FROM ',
            c.conproc)
    FROM pg_catalog.pg_conversion AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.connamespace
    UNION ALL
    SELECT 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, e.oid, 'event trigger', NULL,
        e.evtname, pg_catalog.quote_ident(e.evtname), NULL,
        pg_catalog.concat('CREATE EVENT TRIGGER ', pg_catalog.quote_ident(e.evtname), ' ON ',
            e.evtevent, ' WHEN TAG IN (' || (
                SELECT pg_catalog.string_agg(pg_catalog.quote_literal(w.tag), ', ' ORDER BY w.at)
                FROM pg_catalog.unnest(e.evttags) WITH ORDINALITY AS w (tag, at)) || ')',
            ' EXECUTE FUNCTION ', e.evtfoid::pg_catalog.regproc, '()',
            CASE e.evtenabled WHEN 'D' THEN '; ALTER EVENT TRIGGER ' || pg_catalog.quote_ident(e.evtname) || ' DISABLE'
                WHEN 'R' THEN '; ALTER EVENT TRIGGER ' || pg_catalog.quote_ident(e.evtname) || ' ENABLE REPLICA'
                WHEN 'A' THEN '; ALTER EVENT TRIGGER ' || pg_catalog.quote_ident(e.evtname) || ' ENABLE ALWAYS' END)
    FROM pg_catalog.pg_event_trigger AS e
    UNION ALL
    SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass, p.oid, 'publication', NULL, p.pubname,
        pg_catalog.quote_ident(p.pubname), NULL,
        pg_catalog.concat('CREATE PUBLICATION ', pg_catalog.quote_ident(p.pubname),
            CASE WHEN p.puballtables THEN ' FOR ALL TABLES' END,
            ' FOR TABLE ' || (
                SELECT pg_catalog.string_agg(pg_catalog.concat(
                    r.prrelid::pg_catalog.regclass::text, {publication_details}), ', '
                    ORDER BY r.prrelid::pg_catalog.regclass::text)
                FROM pg_catalog.pg_publication_rel AS r WHERE r.prpubid = p.oid),
            {publication_schemas},
            ' WITH (publish = ''', pg_catalog.concat_ws(', ',
                CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
            '''', CASE WHEN p.pubviaroot THEN ', publish_via_partition_root' END, ')')
    FROM pg_catalog.pg_publication AS p
    UNION ALL
    -- Its connection may hold a password, and only superusers may read that.
    SELECT 'pg_catalog.pg_subscription'::pg_catalog.regclass, {subscription}, 'subscription', NULL, s.subname,
        pg_catalog.quote_ident(s.subname), NULL,
        pg_catalog.concat('CREATE SUBSCRIPTION ', pg_catalog.quote_ident(s.subname),
            ' CONNECTION ''…'' PUBLICATION ', (
                SELECT pg_catalog.string_agg(pg_catalog.quote_ident(w.name), ', ' ORDER BY w.at)
                FROM pg_catalog.unnest(s.subpublications) WITH ORDINALITY AS w (name, at)),
            CASE WHEN NOT s.subenabled THEN ' WITH (enabled = false)' END)
    FROM pg_catalog.pg_subscription AS s
    JOIN pg_catalog.pg_database AS b ON b.oid = s.subdbid
    WHERE b.datname = pg_catalog.current_database()
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, f.oid, 'foreign data wrapper',
        NULL, f.fdwname, pg_catalog.quote_ident(f.fdwname), NULL,
        pg_catalog.concat('CREATE FOREIGN DATA WRAPPER ', pg_catalog.quote_ident(f.fdwname),
            ' HANDLER ' || CASE WHEN f.fdwhandler <> 0 THEN f.fdwhandler::pg_catalog.regproc END,
            ' VALIDATOR ' || CASE WHEN f.fdwvalidator <> 0 THEN f.fdwvalidator::pg_catalog.regproc END)
    FROM pg_catalog.pg_foreign_data_wrapper AS f
    UNION ALL
    -- Options that may be secrets are shown by their names alone.
    SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, s.oid, 'foreign server', NULL,
        s.srvname, pg_catalog.quote_ident(s.srvname), NULL,
        pg_catalog.concat('CREATE SERVER ', pg_catalog.quote_ident(s.srvname),
            ' TYPE ' || pg_catalog.quote_literal(s.srvtype),
            ' VERSION ' || pg_catalog.quote_literal(s.srvversion),
            ' FOREIGN DATA WRAPPER ', pg_catalog.quote_ident(f.fdwname),
            ' OPTIONS (' || (
                SELECT pg_catalog.string_agg(
                    pg_catalog.quote_ident(w.option_name) || ' ' || CASE
                        WHEN w.option_name ~* 'pass|secret|token|key|user' THEN '''…'''
                        ELSE pg_catalog.quote_literal(w.option_value) END, ', ' ORDER BY w.option_name)
                FROM pg_catalog.pg_options_to_table(s.srvoptions) AS w) || ')')
    FROM pg_catalog.pg_foreign_server AS s
    JOIN pg_catalog.pg_foreign_data_wrapper AS f ON f.oid = s.srvfdw
    UNION ALL
    SELECT 'pg_catalog.pg_cast'::pg_catalog.regclass, c.oid, 'cast', NULL,
        pg_catalog.concat(pg_catalog.format_type(c.castsource, NULL), ' AS ',
            pg_catalog.format_type(c.casttarget, NULL)),
        pg_catalog.concat('(', pg_catalog.format_type(c.castsource, NULL), ' AS ',
            pg_catalog.format_type(c.casttarget, NULL), ')'), NULL,
        pg_catalog.concat('CREATE CAST (', pg_catalog.format_type(c.castsource, NULL), ' AS ',
            pg_catalog.format_type(c.casttarget, NULL), ')',
            CASE c.castmethod WHEN 'f' THEN ' WITH FUNCTION ' || c.castfunc::pg_catalog.regprocedure
                WHEN 'i' THEN ' WITH INOUT' ELSE ' WITHOUT FUNCTION' END,
            CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)
    FROM pg_catalog.pg_cast AS c
    UNION ALL
    SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, o.oid, 'operator', n.nspname,
        pg_catalog.concat(o.oprname, '(', CASE WHEN o.oprleft = 0 THEN 'none'
            ELSE pg_catalog.format_type(o.oprleft, NULL) END, ',',
            pg_catalog.format_type(o.oprright, NULL), ')'),
        o.oid::pg_catalog.regoperator::text, NULL,
        pg_catalog.concat('CREATE OPERATOR ', pg_catalog.quote_ident(n.nspname), '.', o.oprname, ' (',
            pg_catalog.concat_ws(', ', 'FUNCTION = ' || o.oprcode,
                'LEFTARG = ' || CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END,
                'RIGHTARG = ' || CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END,
                'COMMUTATOR = OPERATOR(' || CASE WHEN o.oprcom <> 0 THEN o.oprcom::pg_catalog.regoper END || ')',
                'NEGATOR = OPERATOR(' || CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::pg_catalog.regoper END || ')',
                'RESTRICT = ' || CASE WHEN o.oprrest <> 0 THEN o.oprrest END,
                'JOIN = ' || CASE WHEN o.oprjoin <> 0 THEN o.oprjoin END,
                CASE WHEN o.oprcanhash THEN 'HASHES' END,
                CASE WHEN o.oprcanmerge THEN 'MERGES' END), ')')
    FROM pg_catalog.pg_operator AS o
    JOIN pg_catalog.pg_namespace AS n ON n.oid = o.oprnamespace
    WHERE o.oprcode <> 0
    UNION ALL
    SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, c.oid, 'operator class', n.nspname, c.opcname,
        pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(c.opcname),
            ' USING ', m.amname), NULL,
        pg_catalog.concat('CREATE OPERATOR CLASS ', pg_catalog.quote_ident(n.nspname), '.',
            pg_catalog.quote_ident(c.opcname), CASE WHEN c.opcdefault THEN ' DEFAULT' END,
            ' FOR TYPE ', pg_catalog.format_type(c.opcintype, NULL), ' USING ', m.amname,
            ' FAMILY ', pg_catalog.quote_ident(fn.nspname), '.', pg_catalog.quote_ident(f.opfname),
            ' AS ', (
                SELECT pg_catalog.string_agg(pg_catalog.concat('OPERATOR ', a.amopstrategy, ' ',
                    a.amopopr::pg_catalog.regoperator), ', ' ORDER BY a.amopstrategy)
                FROM pg_catalog.pg_amop AS a WHERE a.amopfamily = c.opcfamily
                    AND a.amoplefttype = c.opcintype AND a.amoprighttype = c.opcintype),
            ', ' || (
                SELECT pg_catalog.string_agg(pg_catalog.concat('FUNCTION ', a.amprocnum, ' ',
                    a.amproc::pg_catalog.regprocedure), ', ' ORDER BY a.amprocnum)
                FROM pg_catalog.pg_amproc AS a WHERE a.amprocfamily = c.opcfamily
                    AND a.amproclefttype = c.opcintype AND a.amprocrighttype = c.opcintype),
            ', STORAGE ' || CASE WHEN c.opckeytype <> 0 THEN pg_catalog.format_type(c.opckeytype, NULL) END)
    FROM pg_catalog.pg_opclass AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.opcnamespace
    JOIN pg_catalog.pg_am AS m ON m.oid = c.opcmethod
    JOIN pg_catalog.pg_opfamily AS f ON f.oid = c.opcfamily
    JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.opfnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_opfamily'::pg_catalog.regclass, f.oid, 'operator family', n.nspname, f.opfname,
        pg_catalog.concat(pg_catalog.quote_ident(n.nspname), '.', pg_catalog.quote_ident(f.opfname),
            ' USING ', m.amname), NULL,
        pg_catalog.concat('CREATE OPERATOR FAMILY ', pg_catalog.quote_ident(n.nspname), '.',
            pg_catalog.quote_ident(f.opfname), ' USING ', m.amname)
    FROM pg_catalog.pg_opfamily AS f
    JOIN pg_catalog.pg_namespace AS n ON n.oid = f.opfnamespace
    JOIN pg_catalog.pg_am AS m ON m.oid = f.opfmethod
    UNION ALL
    SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, c.oid, 'text search configuration',
        n.nspname, c.cfgname, c.oid::pg_catalog.regconfig::text, NULL,
        pg_catalog.concat('CREATE TEXT SEARCH CONFIGURATION ', c.oid::pg_catalog.regconfig,
            ' (PARSER = ', pg_catalog.quote_ident(pn.nspname), '.', pg_catalog.quote_ident(p.prsname), ')',
            '; ' || (
                SELECT pg_catalog.string_agg(pg_catalog.concat('ADD MAPPING FOR ', w.alias, ' WITH ',
                    m.dictionaries), '; ' ORDER BY w.alias)
                FROM (
                    SELECT k.maptokentype, pg_catalog.string_agg(k.mapdict::pg_catalog.regdictionary::text, ', '
                        ORDER BY k.mapseqno) AS dictionaries
                    FROM pg_catalog.pg_ts_config_map AS k WHERE k.mapcfg = c.oid
                    GROUP BY k.maptokentype) AS m
                JOIN pg_catalog.ts_token_type(c.cfgparser) AS w ON w.tokid = m.maptokentype))
    FROM pg_catalog.pg_ts_config AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.cfgnamespace
    JOIN pg_catalog.pg_ts_parser AS p ON p.oid = c.cfgparser
    JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.prsnamespace
    WHERE c.oid >= {first_user_oid}
    UNION ALL
    SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, c.oid, 'text search dictionary', n.nspname,
        c.dictname, c.oid::pg_catalog.regdictionary::text, NULL,
        pg_catalog.concat('CREATE TEXT SEARCH DICTIONARY ', c.oid::pg_catalog.regdictionary,
            ' (TEMPLATE = ', pg_catalog.quote_ident(tn.nspname), '.', pg_catalog.quote_ident(t.tmplname),
            ', ' || c.dictinitoption, ')')
    FROM pg_catalog.pg_ts_dict AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.dictnamespace
    JOIN pg_catalog.pg_ts_template AS t ON t.oid = c.dicttemplate
    JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.tmplnamespace
    UNION ALL
    SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, l.oid, 'language', NULL, l.lanname,
        pg_catalog.quote_ident(l.lanname), NULL,
        pg_catalog.concat('CREATE ', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' END, 'LANGUAGE ',
            pg_catalog.quote_ident(l.lanname), ' HANDLER ', l.lanplcallfoid::pg_catalog.regproc)
    FROM pg_catalog.pg_language AS l
    UNION ALL
    SELECT 'pg_catalog.pg_am'::pg_catalog.regclass, m.oid, 'access method', NULL, m.amname,
        pg_catalog.quote_ident(m.amname), NULL,
        pg_catalog.concat('CREATE ACCESS METHOD ', pg_catalog.quote_ident(m.amname), ' TYPE ',
            CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, ' HANDLER ', m.amhandler)
    FROM pg_catalog.pg_am AS m
) AS o
WHERE o.oid >= {first_user_oid} AND (o.namespace IS NULL OR o.namespace IN ({namespaces}))
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype IN ('e', 'i'))
ORDER BY o.kind, o.namespace, o.name, o.shown
