ALTER TABLE "orders" ADD COLUMN "tenant" INTEGER NOT NULL DEFAULT 1;
DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE "orders" DROP CONSTRAINT %I, ADD PRIMARY KEY ("tenant", "id")', conname) FROM pg_catalog.pg_constraint WHERE conrelid = '"orders"'::regclass AND contype = 'p'); END $whimbrel$;
