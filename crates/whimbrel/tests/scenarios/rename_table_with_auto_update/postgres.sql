DROP TRIGGER "notes_updated_at_auto_update" ON "notes";
DROP FUNCTION "notes_updated_at_auto_update"();
ALTER TABLE "notes" RENAME TO "entries";
CREATE FUNCTION "entries_updated_at_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."updated_at" IS NOT DISTINCT FROM OLD."updated_at" THEN NEW."updated_at" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "entries_updated_at_auto_update" BEFORE UPDATE ON "entries" FOR EACH ROW EXECUTE FUNCTION "entries_updated_at_auto_update"();
