DROP VIEW `open_orders`;
ALTER TABLE `orders` RENAME COLUMN `total` TO `amount`;
CREATE VIEW `open_orders` AS
SELECT id, amount AS total FROM orders WHERE status = 'open';
