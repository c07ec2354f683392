DROP TRIGGER "orders_log" ON "orders";
ALTER TABLE "order_log" RENAME TO "events";
CREATE OR REPLACE FUNCTION "log_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO events (order_id, what) VALUES (NEW.id, NEW.status);
  RETURN NEW;
END $$;
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
FOR EACH ROW WHEN (OLD.total <> NEW.total) EXECUTE FUNCTION log_order();
