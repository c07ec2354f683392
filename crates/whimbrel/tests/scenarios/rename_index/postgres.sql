ALTER INDEX "users_email_ix" RENAME TO "users_mail_ix";
