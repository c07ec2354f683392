RENAME TABLE `users` TO `people`;
ALTER TABLE `people` RENAME COLUMN `mail` TO `email`;
ALTER TABLE `people` RENAME INDEX `one_nick` TO `one_name`;
ALTER TABLE `people` RENAME INDEX `uq_users_tenant_mail` TO `uq_people_tenant_email`;
