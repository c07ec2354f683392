DROP TRIGGER "orders_log" ON "orders";
ALTER TABLE "orders" ALTER COLUMN "total" TYPE BIGINT;
CREATE TRIGGER "orders_log" AFTER UPDATE ON "orders"
FOR EACH ROW WHEN (OLD.total <> NEW.total) EXECUTE FUNCTION log_order();
