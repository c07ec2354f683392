DROP VIEW `dear_items`;
ALTER TABLE `items` MODIFY COLUMN `price` BIGINT NOT NULL;
CREATE VIEW `dear_items` AS
SELECT id, total FROM items WHERE total > 100;
