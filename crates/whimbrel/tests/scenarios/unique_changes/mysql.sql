ALTER TABLE `users` DROP INDEX `by_tenant`;
ALTER TABLE `users` DROP INDEX `one_email`;
ALTER TABLE `users` MODIFY COLUMN `tenant` BIGINT;
ALTER TABLE `users` ADD CONSTRAINT `by_tenant` UNIQUE (`id`, `tenant`);
ALTER TABLE `users` ADD CONSTRAINT `one_email` UNIQUE (`tenant`, `email`);
