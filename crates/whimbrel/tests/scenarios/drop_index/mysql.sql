DROP INDEX `users_age_ix` ON `users`;
