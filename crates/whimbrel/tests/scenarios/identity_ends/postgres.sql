ALTER TABLE "items" DROP CONSTRAINT "fk_items_order_id";
ALTER TABLE "orders" ALTER COLUMN "id" DROP IDENTITY;
ALTER TABLE "items" ADD CONSTRAINT "fk_items_order_id" FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE RESTRICT;
