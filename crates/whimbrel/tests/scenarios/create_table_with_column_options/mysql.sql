CREATE TABLE `papers` (
    `id` INT NOT NULL,
    `title` VARCHAR(200) COMMENT 'In full',
    `body` LONGTEXT,
    `note` LONGTEXT,
    PRIMARY KEY (`id`),
    INDEX `papers_title` (`title`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='What was written';
