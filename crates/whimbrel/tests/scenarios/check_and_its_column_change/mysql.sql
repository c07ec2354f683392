ALTER TABLE `products` DROP CONSTRAINT `ck_products_price`;
ALTER TABLE `products` ADD COLUMN `kind` INT;
ALTER TABLE `products` MODIFY COLUMN `price` BIGINT NOT NULL;
ALTER TABLE `products` ADD CONSTRAINT `ck_products_kind` CHECK (kind > 0 AND kind < price);
ALTER TABLE `products` ADD CONSTRAINT `ck_products_price` CHECK (price > 1);
