DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE "notes" DROP CONSTRAINT %I', conname) FROM pg_catalog.pg_constraint WHERE conrelid = '"notes"'::regclass AND contype = 'p'); END $whimbrel$;
ALTER TABLE "notes" ALTER COLUMN "code" DROP NOT NULL;
