ALTER TABLE "products" DROP CONSTRAINT "ck_products_price";
ALTER TABLE "products" ADD COLUMN "kind" INTEGER;
ALTER TABLE "products" ALTER COLUMN "price" TYPE BIGINT;
ALTER TABLE "products" ADD CONSTRAINT "ck_products_kind" CHECK (kind > 0 AND kind < price);
ALTER TABLE "products" ADD CONSTRAINT "ck_products_price" CHECK (price > 1);
