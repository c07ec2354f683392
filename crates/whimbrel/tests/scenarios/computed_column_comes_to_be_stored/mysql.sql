ALTER TABLE `items` DROP COLUMN `total`, ADD COLUMN `total` DECIMAL(12,2) GENERATED ALWAYS AS (price * amount) STORED AFTER `amount`;
