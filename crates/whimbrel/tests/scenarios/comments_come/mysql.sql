ALTER TABLE `people` COMMENT='Whoever has an account';
ALTER TABLE `people` MODIFY COLUMN `id` INT NOT NULL COMMENT 'counted by hand, it''s old';
ALTER TABLE `people` MODIFY COLUMN `email` VARCHAR(200) NOT NULL DEFAULT 'none' COMMENT 'C:\\mail';
ALTER TABLE `people` MODIFY COLUMN `seen` DATETIME(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'of the last login';
