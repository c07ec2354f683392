ALTER TABLE "users" RENAME TO "people";
ALTER TABLE "people" RENAME COLUMN "email" TO "mail";
ALTER INDEX "users_email_ix" RENAME TO "people_mail_ix";
