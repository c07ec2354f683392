CREATE OR REPLACE VIEW "open_orders" AS
SELECT id, total, status
FROM orders
WHERE status = 'open' OR total < 100;
