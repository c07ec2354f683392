ALTER TABLE `users` DROP INDEX `users_age_ix`;
CREATE UNIQUE INDEX `users_age_ix` ON `users` (`email`, `age`);
