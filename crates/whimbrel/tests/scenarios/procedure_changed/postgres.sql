CREATE OR REPLACE PROCEDURE "forget_orders"(lowest integer) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM orders WHERE total < 2 * lowest;
  DELETE FROM orders WHERE total = 0;
END $$;
