ALTER TABLE `users` RENAME INDEX `users_b_ix` TO `users_c_ix`;
ALTER TABLE `users` RENAME INDEX `users_a_ix` TO `users_b_ix`;
