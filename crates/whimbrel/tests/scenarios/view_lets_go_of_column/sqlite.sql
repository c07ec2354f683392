DROP VIEW "open_orders";
CREATE VIEW "open_orders" AS
SELECT id FROM orders WHERE status = 'open';
SELECT * FROM "open_orders" LIMIT 0;
ALTER TABLE "orders" DROP COLUMN "total";
