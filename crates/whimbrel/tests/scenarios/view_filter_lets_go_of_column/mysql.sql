CREATE OR REPLACE VIEW `some_orders` AS
SELECT id, status FROM orders;
ALTER TABLE `orders` DROP COLUMN `total`;
