CASE WHEN NOT p.puballtables THEN ' FOR TABLES IN SCHEMA ' || (
    SELECT pg_catalog.string_agg(k.pnnspid::pg_catalog.regnamespace::text, ', '
        ORDER BY k.pnnspid::pg_catalog.regnamespace::text)
    FROM pg_catalog.pg_publication_namespace AS k WHERE k.pnpubid = p.oid) END
