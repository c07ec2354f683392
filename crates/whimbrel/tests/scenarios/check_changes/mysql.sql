ALTER TABLE `products` DROP CONSTRAINT `ck_products_price`;
ALTER TABLE `products` DROP CONSTRAINT `sold_is_dear`;
ALTER TABLE `products` ADD CONSTRAINT `ck_products_price` CHECK (price >= 0);
ALTER TABLE `products` ADD CONSTRAINT `sold_is_not_cheap` CHECK (price > 1 OR state <> 'sold');
