CREATE INDEX `users_age_ix` ON `users` (`age`, `email`);
