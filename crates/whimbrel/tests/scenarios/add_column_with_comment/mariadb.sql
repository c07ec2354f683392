ALTER TABLE `people` ADD COLUMN `token` CHAR(36) DEFAULT (uuid()) COMMENT 'the same, ''quoted''';
ALTER TABLE `people` ADD COLUMN `age` INT COMMENT 'in years';
