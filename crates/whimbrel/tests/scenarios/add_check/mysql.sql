ALTER TABLE `products` ADD CONSTRAINT `ck_products_price` CHECK (price > 0);
ALTER TABLE `products` ADD CONSTRAINT `ck_products_state` CHECK (state IN ('new', 'sold', 'it''s'));
ALTER TABLE `products` ADD CONSTRAINT `sold_is_dear` CHECK (price > 1 OR state <> 'sold');
