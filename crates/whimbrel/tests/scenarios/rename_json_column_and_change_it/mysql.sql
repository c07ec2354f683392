ALTER TABLE `letters` RENAME COLUMN `body` TO `content`;
ALTER TABLE `letters` MODIFY COLUMN `content` VARCHAR(20);
