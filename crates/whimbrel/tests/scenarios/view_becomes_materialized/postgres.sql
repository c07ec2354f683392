DROP VIEW "totals";
CREATE MATERIALIZED VIEW "totals" AS
SELECT sum(total) AS total FROM orders;
