ALTER TABLE "members" RENAME TO "players";
ALTER TABLE "players" RENAME COLUMN "id" TO "number";
DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE "players" DROP CONSTRAINT %I, ADD PRIMARY KEY ("team", "number")', conname) FROM pg_catalog.pg_constraint WHERE conrelid = '"players"'::regclass AND contype = 'p'); END $whimbrel$;
