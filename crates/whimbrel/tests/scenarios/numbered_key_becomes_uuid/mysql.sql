ALTER TABLE `guests` ADD COLUMN `token` CHAR(36);
UPDATE `guests` SET `token` = (uuid()) WHERE `token` IS NULL;
-- to change column `token` of `guests` is not possible: the table has no such column in the database
ALTER TABLE `guests` DROP COLUMN `id`;
ALTER TABLE `guests` ADD PRIMARY KEY (`token`);
