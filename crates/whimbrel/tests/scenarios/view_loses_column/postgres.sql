DROP VIEW "open_orders";
CREATE VIEW "open_orders" AS
SELECT total, id AS number FROM orders WHERE status = 'open';
