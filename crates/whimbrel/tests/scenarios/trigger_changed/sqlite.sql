DROP TRIGGER "orders_log";
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
WHEN OLD.status <> NEW.status
BEGIN
  INSERT INTO order_log (order_id, what) VALUES (NEW.id, 'changed');
END;
