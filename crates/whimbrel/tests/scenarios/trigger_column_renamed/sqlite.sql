DROP TRIGGER "orders_log";
ALTER TABLE "orders" RENAME COLUMN "status" TO "state";
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
WHEN OLD.total <> NEW.total
BEGIN
  INSERT INTO order_log (order_id, what) VALUES (NEW.id, NEW.state);
END;
