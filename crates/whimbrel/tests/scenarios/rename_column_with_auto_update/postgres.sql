DROP TRIGGER "notes_updated_at_auto_update" ON "notes";
DROP FUNCTION "notes_updated_at_auto_update"();
ALTER TABLE "notes" RENAME COLUMN "updated_at" TO "changed_at";
CREATE FUNCTION "notes_changed_at_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."changed_at" IS NOT DISTINCT FROM OLD."changed_at" THEN NEW."changed_at" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "notes_changed_at_auto_update" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "notes_changed_at_auto_update"();
