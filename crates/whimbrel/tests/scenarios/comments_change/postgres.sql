COMMENT ON TABLE "people" IS 'Whoever had an account';
ALTER TABLE "people" ALTER COLUMN "email" SET NOT NULL, ALTER COLUMN "email" SET DEFAULT '';
COMMENT ON COLUMN "people"."email" IS 'at home';
ALTER TABLE "people" ALTER COLUMN "age" TYPE BIGINT;
COMMENT ON COLUMN "people"."age" IS 'in days';
