CREATE OR REPLACE VIEW `open_orders` AS
SELECT id FROM orders WHERE status = 'open';
ALTER TABLE `orders` DROP COLUMN `total`;
