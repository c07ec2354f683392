/* nested /* comments; */ are; one */
CREATE TABLE "a;b" (id integer, c text DEFAULT E'it\'s; here', d text DEFAULT U&'\0041;');
CREATE TABLE log (what text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  INSERT INTO log VALUES ('in; side'), ($$nested; quotes$$);
  RETURN new;
END;
$body$;
CREATE TRIGGER t AFTER INSERT ON "a;b" FOR EACH ROW EXECUTE FUNCTION f();
DO $$ BEGIN IF 1 = 1 THEN INSERT INTO "a;b" (id) VALUES (1); END IF; END; $$;
CREATE RULE r AS ON DELETE TO "a;b" DO ALSO (INSERT INTO log VALUES ('gone;'); INSERT INTO log VALUES ('again'));
INSERT INTO "a;b" (id, c) VALUES (2, 'back\slash; stays') -- no; semicolon
;
CREATE VIEW v AS SELECT count(*) AS n FROM log
