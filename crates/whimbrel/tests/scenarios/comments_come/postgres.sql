COMMENT ON TABLE "people" IS 'Whoever has an account';
COMMENT ON COLUMN "people"."id" IS 'counted by hand, it''s old';
COMMENT ON COLUMN "people"."email" IS 'C:\mail';
COMMENT ON COLUMN "people"."seen" IS 'of the last login';
