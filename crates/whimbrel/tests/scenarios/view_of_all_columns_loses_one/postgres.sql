DROP VIEW "all_orders";
ALTER TABLE "orders" DROP COLUMN "total";
CREATE VIEW "all_orders" AS
SELECT * FROM orders;
