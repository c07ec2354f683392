ALTER TABLE `orders` DROP CONSTRAINT `ck_paid`;
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','paid') NOT NULL DEFAULT 'paid';
ALTER TABLE `orders` ADD CONSTRAINT `ck_paid` CHECK (status <> 'paid' OR id > 0);
