ALTER TABLE `members` DROP PRIMARY KEY, ADD PRIMARY KEY (`team`, `person`);
