DROP VIEW "amounts";
DROP FUNCTION "doubled"(amount integer);
