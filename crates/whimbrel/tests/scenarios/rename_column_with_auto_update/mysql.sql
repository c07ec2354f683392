ALTER TABLE `notes` RENAME COLUMN `updated_at` TO `changed_at`;
