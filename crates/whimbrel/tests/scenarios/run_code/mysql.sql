ALTER TABLE `users` ADD COLUMN `family` VARCHAR(200);
-- runs the code `split names`;
