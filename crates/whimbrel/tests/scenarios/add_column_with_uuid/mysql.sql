ALTER TABLE `users` ADD COLUMN `token` CHAR(36);
UPDATE `users` SET `token` = (uuid()) WHERE `token` IS NULL;
ALTER TABLE `users` ALTER COLUMN `token` SET DEFAULT (uuid());
