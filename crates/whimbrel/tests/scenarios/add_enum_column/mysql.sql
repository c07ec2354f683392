ALTER TABLE `orders` ADD COLUMN `status` ENUM('new','paid') NOT NULL DEFAULT 'new';
ALTER TABLE `orders` ADD COLUMN `was` ENUM('new','paid');
