ALTER TABLE `users` DROP FOREIGN KEY `fk_users_team_id`;
ALTER TABLE `users` DROP INDEX `users_team_ix`;
ALTER TABLE `users` DROP COLUMN `team_id`;
