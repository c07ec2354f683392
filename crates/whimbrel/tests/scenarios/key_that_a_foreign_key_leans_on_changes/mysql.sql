ALTER TABLE `tagged` DROP PRIMARY KEY, ADD PRIMARY KEY (`post`, `tag`), ADD INDEX `fk_tagged_tag` (`tag`);
