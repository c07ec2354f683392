ALTER TABLE `people` MODIFY COLUMN `options` JSON COMMENT 'of theirs';
ALTER TABLE `people` MODIFY COLUMN `more` JSON NOT NULL DEFAULT ('{}') COMMENT 'of new';
