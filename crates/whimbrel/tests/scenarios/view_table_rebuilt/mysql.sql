ALTER TABLE `orders` MODIFY COLUMN `total` INT DEFAULT 7;
ALTER TABLE `orders` ADD CONSTRAINT `ck_total` CHECK (total >= 0);
