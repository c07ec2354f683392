DROP VIEW "dear_items";
ALTER TABLE "items" DROP COLUMN "total", DROP COLUMN "double_price", ALTER COLUMN "price" TYPE BIGINT, ADD COLUMN "total" BIGINT GENERATED ALWAYS AS (price * amount) STORED, ADD COLUMN "double_price" BIGINT GENERATED ALWAYS AS (price + price) STORED;
COMMENT ON COLUMN "items"."total" IS 'What it comes to';
CREATE INDEX "items_by_total" ON "items" ("total" DESC, "id");
CREATE VIEW "dear_items" AS
SELECT id, total FROM items WHERE total > 100;
