RENAME TABLE `people` TO `users`;
ALTER TABLE `users` RENAME COLUMN `age` TO `years`;
ALTER TABLE `users` RENAME COLUMN `mail` TO `email`;
ALTER TABLE `users` MODIFY COLUMN `email` LONGTEXT COMMENT 'at home';
