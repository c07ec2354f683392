DROP VIEW `paid_orders`;
ALTER TABLE `orders` MODIFY COLUMN `status` ENUM('paid','fresh') NOT NULL;
CREATE VIEW `paid_orders` AS
SELECT id, status FROM orders WHERE status = 'paid';
