DROP VIEW "z_totals";
DROP VIEW "a_totals";
DROP VIEW "open_orders";
CREATE VIEW "open_orders" AS
SELECT total FROM orders WHERE status = 'open';
CREATE VIEW "a_totals" AS
SELECT sum(total) AS total FROM open_orders;
CREATE VIEW "z_totals" AS
SELECT total FROM a_totals;
