ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('draft','new','paid') NOT NULL DEFAULT 'new', MODIFY COLUMN `was` ENUM('draft','new','paid');
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('draft','new','held','paid') NOT NULL DEFAULT 'new', MODIFY COLUMN `was` ENUM('draft','new','held','paid');
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('draft','new','held','paid','gone') NOT NULL DEFAULT 'new', MODIFY COLUMN `was` ENUM('draft','new','held','paid','gone');
ALTER TABLE `orders` ADD COLUMN `next` ENUM('draft','new','held','paid','gone') DEFAULT 'gone';
ALTER TABLE `orders` ALTER COLUMN `status` SET DEFAULT 'draft';
