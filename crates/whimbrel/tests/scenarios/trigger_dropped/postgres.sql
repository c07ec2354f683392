DROP TRIGGER "orders_log" ON "orders";
DROP FUNCTION "log_order"();
