DROP VIEW "open_totals";
DROP VIEW "open_orders";
CREATE VIEW "open_orders" AS
SELECT id, total FROM orders WHERE status = 'open';
SELECT * FROM "open_orders" LIMIT 0;
CREATE VIEW "open_totals" AS
SELECT sum(total) AS total FROM open_orders;
SELECT * FROM "open_totals" LIMIT 0;
