ALTER TABLE "orders" ALTER COLUMN "id" TYPE BIGINT;
ALTER TABLE "orders" ALTER COLUMN "id" SET START WITH 500;
SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('"orders"', 'id')::pg_catalog.regclass, GREATEST(COALESCE(pg_catalog.pg_sequence_last_value(pg_catalog.pg_get_serial_sequence('"orders"', 'id')::pg_catalog.regclass) + 1, 500), 500), false);
