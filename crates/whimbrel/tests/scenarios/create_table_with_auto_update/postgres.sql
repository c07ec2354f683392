CREATE TABLE "notes" (
    "id" UUID NOT NULL,
    "body" JSON,
    "changed" TIMESTAMP,
    "seen" TIMESTAMPTZ NOT NULL,
    "kept" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first" TIMESTAMP DEFAULT '2001-02-03 04:05:06',
    PRIMARY KEY ("id")
);
CREATE FUNCTION "notes_changed_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."changed" IS NOT DISTINCT FROM OLD."changed" THEN NEW."changed" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "notes_changed_auto_update" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "notes_changed_auto_update"();
CREATE FUNCTION "notes_seen_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."seen" IS NOT DISTINCT FROM OLD."seen" THEN NEW."seen" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "notes_seen_auto_update" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "notes_seen_auto_update"();
CREATE FUNCTION "notes_kept_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."kept" IS NOT DISTINCT FROM OLD."kept" THEN NEW."kept" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "notes_kept_auto_update" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "notes_kept_auto_update"();
CREATE FUNCTION "notes_first_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."first" IS NOT DISTINCT FROM OLD."first" THEN NEW."first" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "notes_first_auto_update" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "notes_first_auto_update"();
