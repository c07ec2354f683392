ALTER TABLE `users` ALTER COLUMN `role` SET DEFAULT 'member';
