ALTER TABLE `papers` MODIFY COLUMN `body` LONGTEXT COMMENT 'said behind';
