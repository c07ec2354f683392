ALTER TABLE `orders` DROP COLUMN `status`;
DROP TABLE `parcels`;
