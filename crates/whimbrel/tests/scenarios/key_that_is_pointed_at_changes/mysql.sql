ALTER TABLE `sales` DROP FOREIGN KEY `fk_sales_shop`, DROP INDEX `fk_sales_shop`;
ALTER TABLE `shops` DROP FOREIGN KEY `fk_shops_parent`, DROP INDEX `fk_shops_parent`;
CREATE UNIQUE INDEX `uq_shops_id` ON `shops` (`id`);
ALTER TABLE `shops` DROP PRIMARY KEY, ADD PRIMARY KEY (`code`);
ALTER TABLE `sales` ADD CONSTRAINT `fk_sales_shop` FOREIGN KEY (`shop`) REFERENCES `shops` (`id`) ON DELETE CASCADE;
ALTER TABLE `shops` ADD CONSTRAINT `fk_shops_parent` FOREIGN KEY (`parent`) REFERENCES `shops` (`id`) ON DELETE SET NULL;
