ALTER TABLE "products" RENAME CONSTRAINT "sold_is_dear" TO "sold_is_not_cheap";
ALTER TABLE "products" DROP CONSTRAINT "ck_products_price";
ALTER TABLE "products" ADD CONSTRAINT "ck_products_price" CHECK (price >= 0);
