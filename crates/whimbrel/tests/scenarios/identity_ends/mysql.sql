ALTER TABLE `items` DROP FOREIGN KEY `fk_items_order_id`, DROP INDEX `fk_items_order_id`;
ALTER TABLE `orders` MODIFY COLUMN `id` INT NOT NULL;
ALTER TABLE `items` ADD CONSTRAINT `fk_items_order_id` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT;
