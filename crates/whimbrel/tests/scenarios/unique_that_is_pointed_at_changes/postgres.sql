ALTER TABLE "users" DROP CONSTRAINT "fk_users_tenant";
ALTER TABLE "users" DROP CONSTRAINT "uq_users_tenant_nick";
CREATE UNIQUE INDEX "tenants_slug" ON "tenants" ("slug");
ALTER TABLE "tenants" DROP CONSTRAINT "uq_tenants_slug";
ALTER TABLE "users" ADD CONSTRAINT "by_nick" UNIQUE ("nick", "tenant");
ALTER TABLE "users" ADD CONSTRAINT "fk_users_tenant" FOREIGN KEY ("tenant") REFERENCES "tenants" ("slug") ON DELETE RESTRICT;
