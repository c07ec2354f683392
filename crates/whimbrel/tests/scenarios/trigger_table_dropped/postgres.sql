DROP TABLE "orders";
DROP FUNCTION "log_order"();
