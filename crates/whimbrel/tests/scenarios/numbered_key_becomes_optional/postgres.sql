ALTER TABLE "badges" ALTER COLUMN "id" DROP IDENTITY;
DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE "badges" DROP CONSTRAINT %I, ADD PRIMARY KEY ("code")', conname) FROM pg_catalog.pg_constraint WHERE conrelid = '"badges"'::regclass AND contype = 'p'); END $whimbrel$;
ALTER TABLE "badges" ALTER COLUMN "id" DROP NOT NULL;
