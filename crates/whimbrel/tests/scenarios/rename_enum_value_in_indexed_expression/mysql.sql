ALTER TABLE `orders` DROP INDEX `orders_settled`;
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','payed','paid') DEFAULT 'new';
UPDATE `orders` SET `status` = 'paid' WHERE `status` = 'payed';
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','paid') DEFAULT 'new';
CREATE INDEX `orders_settled` ON `orders` ((CASE status WHEN 'paid' THEN 1 ELSE 0 END));
