CREATE INDEX `users_note_ix` ON `users` ((substr(email, 1, 3)));
