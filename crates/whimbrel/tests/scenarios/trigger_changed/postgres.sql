CREATE OR REPLACE FUNCTION "log_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO order_log (order_id, what) VALUES (NEW.id, 'changed');
  RETURN NEW;
END $$;
DROP TRIGGER "orders_log" ON "orders";
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION log_order();
