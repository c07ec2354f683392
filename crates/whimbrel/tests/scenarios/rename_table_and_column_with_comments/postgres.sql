ALTER TABLE "people" RENAME TO "users";
ALTER TABLE "users" RENAME COLUMN "age" TO "years";
ALTER TABLE "users" RENAME COLUMN "mail" TO "email";
COMMENT ON COLUMN "users"."email" IS 'at home';
