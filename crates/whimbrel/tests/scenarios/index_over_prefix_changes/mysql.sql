ALTER TABLE `users` DROP INDEX `users_note_ix`;
CREATE INDEX `users_email_ix` ON `users` (`email`(10) DESC);
CREATE INDEX `users_note_ix` ON `users` (`note`(30), `age`);
