ALTER TABLE `users` DROP INDEX `users_age_ix`;
ALTER TABLE `users` DROP INDEX `users_old_ix`;
-- index `users_age_ix` with an order of nulls is not possible: its indexes always have nulls as the least values
-- index `users_old_ix` with an order of nulls is not possible: its indexes always have nulls as the least values
