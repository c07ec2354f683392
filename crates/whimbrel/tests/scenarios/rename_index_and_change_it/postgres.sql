CREATE INDEX "users_mail_ix" ON "users" ("email", "age" DESC);
DROP INDEX "users_email_ix";
