DROP TRIGGER "orders_log" ON "orders";
CREATE TRIGGER "orders_log" BEFORE UPDATE ON "orders"
FOR EACH ROW WHEN (OLD.total <> NEW.total) EXECUTE FUNCTION log_order();
