DROP MATERIALIZED VIEW "totals";
CREATE MATERIALIZED VIEW "totals" AS
SELECT sum(total) AS total, count(*) AS n FROM orders;
CREATE MATERIALIZED VIEW "counts" AS
SELECT count(*) AS n FROM totals;
