DROP VIEW `open_orders`;
RENAME TABLE `orders` TO `purchases`;
CREATE VIEW `open_orders` AS
SELECT id, total FROM purchases WHERE status = 'open';
