ALTER TABLE `houses` DROP CONSTRAINT `old_a`, ADD CONSTRAINT `new_a` CHECK (floors > 0);
ALTER TABLE `houses` DROP FOREIGN KEY `fk_houses_town`, RENAME INDEX `fk_houses_town` TO `stands_in`, ADD CONSTRAINT `stands_in` FOREIGN KEY (`town`) REFERENCES `towns` (`id`) ON DELETE CASCADE;
ALTER TABLE `houses` DROP FOREIGN KEY `seen_from`, ADD CONSTRAINT `looked_at` FOREIGN KEY (`seen`) REFERENCES `towns` (`id`) ON DELETE RESTRICT;
ALTER TABLE `houses` DROP CONSTRAINT `old_b`;
ALTER TABLE `houses` ADD CONSTRAINT `old_b` CHECK (floors < 8);
