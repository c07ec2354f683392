ALTER TABLE "notes" ADD COLUMN "updated_at" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP;
CREATE FUNCTION "notes_updated_at_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."updated_at" IS NOT DISTINCT FROM OLD."updated_at" THEN NEW."updated_at" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "notes_updated_at_auto_update" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "notes_updated_at_auto_update"();
ALTER TABLE "notes" ADD COLUMN "touched" TIMESTAMPTZ;
CREATE FUNCTION "notes_touched_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."touched" IS NOT DISTINCT FROM OLD."touched" THEN NEW."touched" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "notes_touched_auto_update" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "notes_touched_auto_update"();
