CREATE TRIGGER "put_open_order" INSTEAD OF INSERT ON "open_orders"
BEGIN
  INSERT INTO orders (id, status, total) VALUES (NEW.id, 'open', NEW.total);
END;
