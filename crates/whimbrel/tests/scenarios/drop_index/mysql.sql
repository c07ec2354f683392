ALTER TABLE `users` DROP INDEX `users_age_ix`;
