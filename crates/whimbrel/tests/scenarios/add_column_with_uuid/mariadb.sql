ALTER TABLE `users` ADD COLUMN `token` CHAR(36) DEFAULT (uuid());
