ALTER TABLE `notes` DROP FOREIGN KEY `fk_notes_status`, DROP INDEX `fk_notes_status`;
ALTER TABLE `notes` MODIFY COLUMN `status` ENUM('paid','new');
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('paid','new') NOT NULL DEFAULT 'new', MODIFY COLUMN `was` ENUM('paid','new');
ALTER TABLE `states` MODIFY COLUMN `status` ENUM('paid','new') NOT NULL;
ALTER TABLE `notes` ADD CONSTRAINT `fk_notes_status` FOREIGN KEY (`status`) REFERENCES `states` (`status`) ON DELETE RESTRICT;
