CREATE INDEX `users_mail_ix` ON `users` (`email`, `age` DESC);
ALTER TABLE `users` DROP INDEX `users_email_ix`;
