CREATE OR REPLACE FUNCTION "doubled"(amount integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT amount * 3';
