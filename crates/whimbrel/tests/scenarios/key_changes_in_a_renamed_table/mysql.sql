RENAME TABLE `members` TO `players`;
ALTER TABLE `players` RENAME COLUMN `id` TO `number`;
ALTER TABLE `players` DROP PRIMARY KEY, ADD PRIMARY KEY (`team`, `number`);
