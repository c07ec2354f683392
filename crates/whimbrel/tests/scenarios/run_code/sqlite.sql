ALTER TABLE "users" ADD COLUMN "family" TEXT;
-- runs the code `split names`;
