ALTER TABLE `people` COMMENT='Whoever had an account';
ALTER TABLE `people` MODIFY COLUMN `email` VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'at home';
ALTER TABLE `people` MODIFY COLUMN `age` BIGINT COMMENT 'in days';
