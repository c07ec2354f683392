ALTER TABLE `users` DROP FOREIGN KEY `fk_users_team_id`;
DROP INDEX `users_team_ix` ON `users`;
ALTER TABLE `users` DROP COLUMN `team_id`;
