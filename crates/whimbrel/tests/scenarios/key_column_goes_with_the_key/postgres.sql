DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE "people" DROP CONSTRAINT %I, ADD PRIMARY KEY ("email")', conname) FROM pg_catalog.pg_constraint WHERE conrelid = '"people"'::regclass AND contype = 'p'); END $whimbrel$;
ALTER TABLE "people" DROP COLUMN "old";
