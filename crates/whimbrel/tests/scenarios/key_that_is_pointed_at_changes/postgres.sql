ALTER TABLE "sales" DROP CONSTRAINT "fk_sales_shop";
ALTER TABLE "shops" DROP CONSTRAINT "fk_shops_parent";
CREATE UNIQUE INDEX "uq_shops_id" ON "shops" ("id");
DO $whimbrel$ BEGIN EXECUTE (SELECT pg_catalog.format('ALTER TABLE "shops" DROP CONSTRAINT %I, ADD PRIMARY KEY ("code")', conname) FROM pg_catalog.pg_constraint WHERE conrelid = '"shops"'::regclass AND contype = 'p'); END $whimbrel$;
ALTER TABLE "sales" ADD CONSTRAINT "fk_sales_shop" FOREIGN KEY ("shop") REFERENCES "shops" ("id") ON DELETE CASCADE;
ALTER TABLE "shops" ADD CONSTRAINT "fk_shops_parent" FOREIGN KEY ("parent") REFERENCES "shops" ("id") ON DELETE SET NULL;
