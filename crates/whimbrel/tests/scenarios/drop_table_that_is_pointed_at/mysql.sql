ALTER TABLE `orders` DROP FOREIGN KEY `fk_orders_customer_id`, DROP INDEX `fk_orders_customer_id`;
ALTER TABLE `orders` DROP COLUMN `customer_id`;
DROP TABLE `zz_customers`;
