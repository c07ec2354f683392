DROP VIEW "open_orders";
CREATE VIEW "open_orders" AS
SELECT id, total, status
FROM orders
WHERE status = 'open' OR total < 100;
SELECT * FROM "open_orders" LIMIT 0;
