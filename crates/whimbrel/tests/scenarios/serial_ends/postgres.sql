DO 'DECLARE old text := pg_catalog.pg_get_serial_sequence(''"notes"'', ''number'')::pg_catalog.regclass; BEGIN ALTER TABLE "notes" ALTER COLUMN "number" DROP DEFAULT; EXECUTE ''DROP SEQUENCE '' || old; END';
ALTER TABLE "notes" ALTER COLUMN "number" TYPE INTEGER;
DO 'DECLARE old text := pg_catalog.pg_get_serial_sequence(''"orders"'', ''id'')::pg_catalog.regclass; BEGIN ALTER TABLE "orders" ALTER COLUMN "id" DROP DEFAULT; EXECUTE ''DROP SEQUENCE '' || old; END';
