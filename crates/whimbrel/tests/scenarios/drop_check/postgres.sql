ALTER TABLE "products" DROP CONSTRAINT "ck_products_price";
ALTER TABLE "products" DROP CONSTRAINT "ck_products_state";
ALTER TABLE "products" DROP CONSTRAINT "sold_is_dear";
