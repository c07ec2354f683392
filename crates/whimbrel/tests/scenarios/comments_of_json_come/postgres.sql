COMMENT ON COLUMN "people"."options" IS 'of theirs';
ALTER TABLE "people" ALTER COLUMN "more" SET NOT NULL, ALTER COLUMN "more" SET DEFAULT '{}';
COMMENT ON COLUMN "people"."more" IS 'of new';
