ALTER TABLE `users` DROP INDEX `users_email_ix`;
-- index `users_email_ix` with columns that it includes is not possible: it has no such columns; put them behind the others of the index
