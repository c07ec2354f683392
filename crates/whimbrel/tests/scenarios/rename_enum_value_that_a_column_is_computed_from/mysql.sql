ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','payed','paid') DEFAULT 'payed';
ALTER TABLE `orders` ALTER COLUMN `status` SET DEFAULT 'paid';
UPDATE `orders` SET `status` = 'paid' WHERE `status` = 'payed';
ALTER TABLE `orders` MODIFY COLUMN `settled` INT GENERATED ALWAYS AS (CASE WHEN status = 'paid' THEN 1 ELSE 0 END) STORED;
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','paid') DEFAULT 'paid';
