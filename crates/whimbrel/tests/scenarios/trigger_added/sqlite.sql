CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
WHEN OLD.total <> NEW.total
BEGIN
  INSERT INTO order_log (order_id, what) VALUES (NEW.id, NEW.status);
END;
