ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','paid') NOT NULL DEFAULT 'paid';
ALTER TABLE `orders` MODIFY COLUMN `size` ENUM('small','large');
