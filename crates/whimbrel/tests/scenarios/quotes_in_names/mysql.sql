ALTER TABLE `we"ird` ADD COLUMN `a"b` INT;
ALTER TABLE `we"ird` ADD COLUMN `it's` VARCHAR(20) DEFAULT 'it''s';
ALTER TABLE `we"ird` ADD COLUMN `back``tick` INT;
ALTER TABLE `we"ird` ADD COLUMN `[x]` INT;
CREATE INDEX `i"x``y` ON `we"ird` (`a"b`, `back``tick`);
