CREATE UNIQUE INDEX "users_mail_ix" ON "users" ("email");
DROP INDEX "users_email_ix";
