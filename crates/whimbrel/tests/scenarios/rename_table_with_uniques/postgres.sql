ALTER TABLE "users" RENAME TO "people";
ALTER TABLE "people" RENAME COLUMN "mail" TO "email";
ALTER TABLE "people" RENAME CONSTRAINT "one_nick" TO "one_name";
ALTER TABLE "people" RENAME CONSTRAINT "uq_users_tenant_mail" TO "uq_people_tenant_email";
