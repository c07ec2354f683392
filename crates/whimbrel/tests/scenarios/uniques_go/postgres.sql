ALTER TABLE "users" DROP CONSTRAINT "uq_users_code";
ALTER TABLE "users" DROP CONSTRAINT "uq_users_tenant_email";
ALTER TABLE "users" DROP COLUMN "code";
