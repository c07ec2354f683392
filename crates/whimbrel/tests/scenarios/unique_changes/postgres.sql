ALTER TABLE "users" DROP CONSTRAINT "by_tenant";
ALTER TABLE "users" DROP CONSTRAINT "one_email";
ALTER TABLE "users" ALTER COLUMN "tenant" TYPE BIGINT;
ALTER TABLE "users" ADD CONSTRAINT "by_tenant" UNIQUE ("id", "tenant");
ALTER TABLE "users" ADD CONSTRAINT "one_email" UNIQUE ("tenant", "email");
