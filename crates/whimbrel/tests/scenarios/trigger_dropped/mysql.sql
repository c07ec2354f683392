DROP TRIGGER `orders_log`;
