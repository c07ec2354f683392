CREATE UNIQUE INDEX `users_email_ix` ON `users` ((lower(email)));
CREATE INDEX `users_old_ix` ON `users` (((age + 1) * 2) DESC, `email`);
