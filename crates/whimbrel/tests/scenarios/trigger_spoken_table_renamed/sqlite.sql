DROP TRIGGER "orders_log";
ALTER TABLE "order_log" RENAME TO "events";
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
WHEN OLD.total <> NEW.total
BEGIN
  INSERT INTO events (order_id, what) VALUES (NEW.id, NEW.status);
END;
