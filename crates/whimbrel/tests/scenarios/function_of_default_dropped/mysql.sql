ALTER TABLE `orders` DROP COLUMN `code`;
