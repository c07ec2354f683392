ALTER TABLE `users` DROP INDEX `users_both_ix`;
ALTER TABLE `users` DROP INDEX `users_email_ix`;
ALTER TABLE `users` RENAME COLUMN `email` TO `mail`;
CREATE INDEX `users_both_ix` ON `users` ((lower(mail)), `mail`, `age`);
CREATE UNIQUE INDEX `users_email_ix` ON `users` ((lower(mail)));
