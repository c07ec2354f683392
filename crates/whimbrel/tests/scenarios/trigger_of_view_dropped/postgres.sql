DROP VIEW "open_orders";
DROP FUNCTION "put_order"();
