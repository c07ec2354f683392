ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('sent','draft','new','paid') NOT NULL DEFAULT 'new';
