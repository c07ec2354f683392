ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('fresh','new','old','paid') NOT NULL DEFAULT 'old', MODIFY COLUMN `plain` ENUM('fresh','new','old','paid');
ALTER TABLE `orders` ADD COLUMN `added` ENUM('fresh','new','old','paid') DEFAULT 'fresh';
ALTER TABLE `orders` ALTER COLUMN `status` SET DEFAULT 'fresh';
ALTER TABLE `orders` MODIFY COLUMN `label` ENUM('fresh','new','old','paid');
ALTER TABLE `orders` MODIFY COLUMN `plain` VARCHAR(20);
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('fresh','new','paid') NOT NULL DEFAULT 'fresh', MODIFY COLUMN `label` ENUM('fresh','new','paid'), MODIFY COLUMN `added` ENUM('fresh','new','paid') DEFAULT 'fresh';
