ALTER TABLE `products` RENAME COLUMN `price` TO `cost`;
