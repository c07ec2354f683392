DROP VIEW `people`;
CREATE TABLE `members` (
    `id` BIGINT NOT NULL,
    `nick` VARCHAR(20),
    `since` DATE,
    `weight` INT,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
DROP TABLE `clients`;
CREATE VIEW `people` AS
SELECT id FROM members WHERE nick IS NOT NULL;
