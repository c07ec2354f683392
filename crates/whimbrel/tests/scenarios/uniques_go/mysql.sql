ALTER TABLE `users` DROP INDEX `uq_users_code`;
ALTER TABLE `users` DROP INDEX `uq_users_tenant_email`;
ALTER TABLE `users` DROP COLUMN `code`;
