CREATE FUNCTION "doubled"(amount integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT amount * 2';
CREATE VIEW "amounts" AS
SELECT id, doubled(total) AS twice FROM orders;
