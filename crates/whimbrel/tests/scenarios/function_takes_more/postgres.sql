DROP VIEW "amounts";
DROP FUNCTION "doubled"(amount integer);
CREATE FUNCTION "doubled"(amount integer, more integer DEFAULT 0) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT (amount * 2 + more)::bigint';
CREATE VIEW "amounts" AS
SELECT id, doubled(total) AS twice FROM orders;
