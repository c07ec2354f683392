RENAME TABLE `events` TO `happenings`;
ALTER TABLE `happenings` ADD COLUMN `more` INT;
ALTER TABLE `happenings` ROW_FORMAT=REDUNDANT;
