DROP INDEX "users_email_ix";
CREATE UNIQUE INDEX "users_email_ix" ON "users" ("email");
