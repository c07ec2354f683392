DROP VIEW `open_totals`;
DROP VIEW `open_orders`;
ALTER TABLE `orders` MODIFY COLUMN `total` BIGINT NOT NULL;
CREATE VIEW `open_orders` AS
SELECT id, total FROM orders WHERE status = 'open';
CREATE VIEW `open_totals` AS
SELECT sum(total) AS total FROM open_orders;
