DROP PROCEDURE `forget_orders`;
CREATE PROCEDURE `forget_orders`(IN lowest INT)
BEGIN
  DELETE FROM orders WHERE total < 2 * lowest;
  DELETE FROM orders WHERE total = 0;
END;
