CREATE FUNCTION "base_code"() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "next_code"() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RETURN base_code() + 7;
END $$;
ALTER TABLE "orders" ADD COLUMN "code" INTEGER NOT NULL DEFAULT next_code();
