ALTER TABLE `users` RENAME INDEX `users_email_ix` TO `users_mail_ix`;
