DROP INDEX `users_age_ix` ON `users`;
CREATE UNIQUE INDEX `users_age_ix` ON `users` (`email`, `age`);
