CREATE UNIQUE INDEX "uq_notes_code" ON "notes" ("code");
ALTER TABLE "notes" ADD COLUMN "id" BIGSERIAL NOT NULL;
DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE "notes" DROP CONSTRAINT %I, ADD PRIMARY KEY ("id")', conname) FROM pg_catalog.pg_constraint WHERE conrelid = '"notes"'::regclass AND contype = 'p'); END $whimbrel$;
