DROP VIEW "open_orders";
CREATE VIEW "open_orders" AS
SELECT id, total FROM orders WHERE status = 'open' AND total > 1;
SELECT * FROM "open_orders" LIMIT 0;
CREATE TRIGGER "put_open_order" INSTEAD OF INSERT ON "open_orders"
BEGIN
  INSERT INTO orders (id, status, total) VALUES (NEW.id, 'open', NEW.total);
END;
