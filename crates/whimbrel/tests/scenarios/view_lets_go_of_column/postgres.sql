DROP VIEW "open_orders";
CREATE VIEW "open_orders" AS
SELECT id FROM orders WHERE status = 'open';
ALTER TABLE "orders" DROP COLUMN "total";
