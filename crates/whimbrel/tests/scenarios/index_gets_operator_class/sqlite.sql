DROP INDEX "users_email_ix";
CREATE INDEX "users_email_ix" ON "users" ("email");
