ALTER TABLE `users` DROP INDEX `users_age_ix`;
ALTER TABLE `users` DROP COLUMN `age`;
