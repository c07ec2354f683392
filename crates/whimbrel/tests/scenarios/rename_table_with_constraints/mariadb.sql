RENAME TABLE `houses` TO `buildings`;
ALTER TABLE `buildings` RENAME COLUMN `floors` TO `storeys`;
ALTER TABLE `buildings` DROP CONSTRAINT `ck_houses_floors`, ADD CONSTRAINT `ck_buildings_storeys` CHECK (storeys > 0);
ALTER TABLE `buildings` DROP FOREIGN KEY `fk_houses_beside`, RENAME INDEX `fk_houses_beside` TO `fk_buildings_beside`, ADD CONSTRAINT `fk_buildings_beside` FOREIGN KEY (`beside`) REFERENCES `buildings` (`id`) ON DELETE SET NULL;
ALTER TABLE `buildings` DROP FOREIGN KEY `fk_houses_town`, RENAME INDEX `fk_houses_town` TO `fk_buildings_town`, ADD CONSTRAINT `fk_buildings_town` FOREIGN KEY (`town`) REFERENCES `towns` (`id`) ON DELETE CASCADE;
