CREATE FUNCTION "log_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO order_log (order_id, what) VALUES (NEW.id, NEW.status);
  RETURN NEW;
END $$;
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
FOR EACH ROW WHEN (OLD.total <> NEW.total) EXECUTE FUNCTION log_order();
