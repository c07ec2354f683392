ALTER TABLE `orders` RENAME COLUMN `status` TO `state`;
ALTER TABLE `orders` DROP CONSTRAINT `ck_orders_status`, ADD CONSTRAINT `ck_orders_state` CHECK (state <> 'paid' OR id > 0);
ALTER TABLE `orders` ALTER COLUMN `state` SET DEFAULT 'paid';
