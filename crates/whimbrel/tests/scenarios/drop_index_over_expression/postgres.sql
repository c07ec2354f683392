DROP INDEX "users_email_ix";
