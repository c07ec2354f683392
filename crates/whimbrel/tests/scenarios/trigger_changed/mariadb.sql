CREATE OR REPLACE TRIGGER `orders_log` AFTER UPDATE ON `orders`
FOR EACH ROW
BEGIN
  IF OLD.status <> NEW.status THEN
    INSERT INTO order_log (order_id, what) VALUES (NEW.id, 'changed');
  END IF;
END;
