ALTER TABLE `items` DROP FOREIGN KEY `fk_items_order_id`, DROP INDEX `fk_items_order_id`;
SET @whimbrel_sql_mode = @@SESSION.sql_mode, SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_VALUE_ON_ZERO');
ALTER TABLE `orders` MODIFY COLUMN `id` INT NOT NULL AUTO_INCREMENT;
SET SESSION sql_mode = @whimbrel_sql_mode;
ALTER TABLE `items` ADD CONSTRAINT `fk_items_order_id` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT;
