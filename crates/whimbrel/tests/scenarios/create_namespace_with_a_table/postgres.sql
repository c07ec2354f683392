CREATE SCHEMA "auditing";
CREATE SCHEMA "billing";
CREATE TABLE "auditing"."entries" (
    "id" BIGSERIAL NOT NULL,
    "said" TEXT NOT NULL,
    "at" TIMESTAMP,
    PRIMARY KEY ("id")
);
CREATE INDEX "entries_at_ix" ON "auditing"."entries" ("at");
CREATE FUNCTION "auditing"."entries_at_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."at" IS NOT DISTINCT FROM OLD."at" THEN NEW."at" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "entries_at_auto_update" BEFORE UPDATE ON "auditing"."entries" FOR EACH ROW EXECUTE FUNCTION "auditing"."entries_at_auto_update"();
