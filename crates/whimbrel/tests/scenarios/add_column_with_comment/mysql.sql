ALTER TABLE `people` ADD COLUMN `token` CHAR(36) COMMENT 'the same, ''quoted''';
UPDATE `people` SET `token` = (uuid()) WHERE `token` IS NULL;
ALTER TABLE `people` ALTER COLUMN `token` SET DEFAULT (uuid());
ALTER TABLE `people` ADD COLUMN `age` INT COMMENT 'in years';
