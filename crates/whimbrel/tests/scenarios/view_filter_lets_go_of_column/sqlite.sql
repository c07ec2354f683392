DROP VIEW "some_orders";
CREATE VIEW "some_orders" AS
SELECT id, status FROM orders;
SELECT * FROM "some_orders" LIMIT 0;
ALTER TABLE "orders" DROP COLUMN "total";
