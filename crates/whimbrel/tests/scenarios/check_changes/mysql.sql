ALTER TABLE `products` DROP CONSTRAINT `sold_is_dear`, ADD CONSTRAINT `sold_is_not_cheap` CHECK (price > 1 OR state <> 'sold');
ALTER TABLE `products` DROP CONSTRAINT `ck_products_price`;
ALTER TABLE `products` ADD CONSTRAINT `ck_products_price` CHECK (price >= 0);
