CREATE FUNCTION "put_order"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO orders (id, status, total) VALUES (NEW.id, 'open', NEW.total);
  RETURN NEW;
END $$;
CREATE TRIGGER "put_open_order" INSTEAD OF INSERT ON "open_orders"
FOR EACH ROW EXECUTE FUNCTION put_order();
