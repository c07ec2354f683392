CREATE TRIGGER `orders_log` AFTER UPDATE ON `orders`
FOR EACH ROW
BEGIN
  IF OLD.total <> NEW.total THEN
    INSERT INTO order_log (order_id, what) VALUES (NEW.id, NEW.status);
  END IF;
END;
