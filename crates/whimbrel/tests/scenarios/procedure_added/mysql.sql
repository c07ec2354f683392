CREATE PROCEDURE `forget_orders`(IN lowest INT)
BEGIN
  DELETE FROM orders WHERE total < 1 * lowest;
  DELETE FROM orders WHERE total = 0;
END;
