ALTER TABLE `orders` RENAME INDEX `orders_user_ix` TO `orders_by_user`;
