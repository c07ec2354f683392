ALTER TABLE `products` DROP CONSTRAINT `ck_products_state`;
ALTER TABLE `products` DROP CONSTRAINT `sold_is_dear`;
ALTER TABLE `products` DROP COLUMN `state`;
