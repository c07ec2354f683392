ALTER TABLE `prices` DROP FOREIGN KEY `fk_prices_code_id`, DROP INDEX `fk_prices_code_id`;
ALTER TABLE `codes` MODIFY COLUMN `code` VARCHAR(20) COLLATE `utf8mb4_bin` NOT NULL;
ALTER TABLE `prices` MODIFY COLUMN `code_id` VARCHAR(20) COLLATE `utf8mb4_bin`;
ALTER TABLE `prices` ADD CONSTRAINT `fk_prices_code_id` FOREIGN KEY (`code_id`) REFERENCES `codes` (`code`) ON DELETE RESTRICT;
