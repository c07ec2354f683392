ALTER TABLE `users` DROP INDEX `uq_users_email`;
CREATE UNIQUE INDEX `users_by_nick` ON `users` (`nick`);
ALTER TABLE `users` DROP INDEX `one_nick`;
ALTER TABLE `users` ADD CONSTRAINT `uq_users_email` UNIQUE (`email`);
