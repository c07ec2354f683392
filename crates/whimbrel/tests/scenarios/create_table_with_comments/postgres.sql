CREATE TABLE "people" (
    "id" BIGSERIAL NOT NULL,
    "email" VARCHAR(200) NOT NULL DEFAULT '',
    "seen" TIMESTAMP,
    "short" VARCHAR(250) GENERATED ALWAYS AS (upper(email)) STORED,
    "quiet" INTEGER,
    PRIMARY KEY ("id")
);
CREATE FUNCTION "people_seen_auto_update"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW *<> OLD AND NEW."seen" IS NOT DISTINCT FROM OLD."seen" THEN NEW."seen" := CURRENT_TIMESTAMP; END IF; RETURN NEW; END';
CREATE TRIGGER "people_seen_auto_update" BEFORE UPDATE ON "people" FOR EACH ROW EXECUTE FUNCTION "people_seen_auto_update"();
COMMENT ON TABLE "people" IS 'Whoever has an account.
Nobody else: it''s about \ them, "ours"; 100 % ö';
COMMENT ON COLUMN "people"."id" IS 'given by the database';
COMMENT ON COLUMN "people"."email" IS 'as it''s written, with its \ signs';
COMMENT ON COLUMN "people"."seen" IS 'of the last login';
COMMENT ON COLUMN "people"."short" IS 'computed';
