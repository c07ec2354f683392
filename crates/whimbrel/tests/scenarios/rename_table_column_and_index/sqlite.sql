ALTER TABLE "users" RENAME TO "people";
ALTER TABLE "people" RENAME COLUMN "email" TO "mail";
CREATE UNIQUE INDEX "people_mail_ix" ON "people" ("mail", "age");
DROP INDEX "users_email_ix";
