RENAME TABLE `users` TO `people`;
ALTER TABLE `people` RENAME COLUMN `email` TO `mail`;
ALTER TABLE `people` RENAME INDEX `users_email_ix` TO `people_mail_ix`;
