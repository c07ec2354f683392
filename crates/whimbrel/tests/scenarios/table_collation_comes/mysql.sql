ALTER TABLE `pets` DROP FOREIGN KEY `fk_pets_owner`, DROP INDEX `fk_pets_owner`;
ALTER TABLE `pets` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, MODIFY COLUMN `owner` CHAR(36) COLLATE `utf8mb4_general_ci`;
ALTER TABLE `people` COMMENT='All of them';
ALTER TABLE `people` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, ROW_FORMAT=COMPACT, MODIFY COLUMN `id` CHAR(36) COLLATE `utf8mb4_general_ci` NOT NULL, MODIFY COLUMN `name` VARCHAR(80) COLLATE `utf8mb4_general_ci` NOT NULL DEFAULT 'nobody';
ALTER TABLE `pets` ADD CONSTRAINT `fk_pets_owner` FOREIGN KEY (`owner`) REFERENCES `people` (`id`) ON DELETE RESTRICT;
