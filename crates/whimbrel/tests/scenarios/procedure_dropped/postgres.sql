DROP PROCEDURE "forget_orders"(lowest integer);
