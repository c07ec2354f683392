ALTER TABLE `orders` MODIFY COLUMN `status` VARCHAR(20) NOT NULL DEFAULT 'new';
ALTER TABLE `orders` MODIFY COLUMN `size` ENUM('minute','tiny','small','medium','large','huge','vast');
