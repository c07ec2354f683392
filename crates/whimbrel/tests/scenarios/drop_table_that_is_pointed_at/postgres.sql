ALTER TABLE "orders" DROP CONSTRAINT "fk_orders_customer_id";
ALTER TABLE "orders" DROP COLUMN "customer_id";
DROP TABLE "zz_customers";
