ALTER TABLE `users` ADD COLUMN `code` VARCHAR(20);
ALTER TABLE `users` ADD CONSTRAINT `uq_users_code` UNIQUE (`code`);
ALTER TABLE `users` ADD CONSTRAINT `uq_users_tenant_email` UNIQUE (`tenant`, `email`);
