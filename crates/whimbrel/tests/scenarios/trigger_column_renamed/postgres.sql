DROP TRIGGER "orders_log" ON "orders";
ALTER TABLE "orders" RENAME COLUMN "status" TO "state";
CREATE OR REPLACE FUNCTION "log_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO order_log (order_id, what) VALUES (NEW.id, NEW.state);
  RETURN NEW;
END $$;
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
FOR EACH ROW WHEN (OLD.total <> NEW.total) EXECUTE FUNCTION log_order();
