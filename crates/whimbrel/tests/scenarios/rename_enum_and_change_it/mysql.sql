ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','payed','gone','paid') NOT NULL DEFAULT 'payed', MODIFY COLUMN `was` ENUM('new','payed','gone','paid');
ALTER TABLE `orders` ALTER COLUMN `status` SET DEFAULT 'paid';
UPDATE `orders` SET `status` = 'paid' WHERE `status` = 'payed';
UPDATE `orders` SET `was` = 'paid' WHERE `was` = 'payed';
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('new','paid','gone') NOT NULL DEFAULT 'paid', MODIFY COLUMN `was` ENUM('new','paid','gone');
RENAME TABLE `orders` TO `purchases`;
ALTER TABLE `purchases` RENAME COLUMN `status` TO `state`;
ALTER TABLE `purchases` MODIFY COLUMN `state` ENUM('draft','new','paid') NOT NULL DEFAULT 'paid', MODIFY COLUMN `was` ENUM('draft','new','paid');
ALTER TABLE `purchases` ALTER COLUMN `was` SET DEFAULT 'draft';
