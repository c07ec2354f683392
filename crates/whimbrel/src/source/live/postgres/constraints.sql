-- From PostgreSQL 18 on NOT NULL is a constraint too; the column says it, unless it is a special
-- one.
SELECT k.oid, k.contype, k.conname, pg_catalog.quote_ident(k.conname), k.conrelid, k.contypid,
    k.conindid, k.conkey, k.confrelid, k.confrelid::pg_catalog.regclass, k.confkey, k.confupdtype,
    k.confdeltype, k.conislocal, k.conparentid,
    pg_catalog.pg_get_constraintdef(k.oid, true)
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_namespace AS n ON n.oid = k.connamespace
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND {user_namespace}
    AND (k.contype <> 'n' OR NOT k.convalidated OR k.connoinherit OR k.oid IN (
        SELECT d.objoid FROM pg_catalog.pg_description AS d
        WHERE d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass))
ORDER BY k.conrelid, k.conname, k.oid
