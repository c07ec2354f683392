ALTER TABLE `papers` ALTER COLUMN `title` SET DEFAULT 'none';
