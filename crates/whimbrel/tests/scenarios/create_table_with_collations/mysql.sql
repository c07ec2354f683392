CREATE TABLE `codes` (
    `code` VARCHAR(20) COLLATE `utf8mb4_bin` NOT NULL,
    `title` LONGTEXT NOT NULL,
    `short` VARCHAR(30) COLLATE `utf8mb4_general_ci` GENERATED ALWAYS AS (upper(code)) STORED COMMENT 'in capitals',
    `usual` LONGTEXT COLLATE `utf8mb4_unicode_ci`,
    PRIMARY KEY (`code`),
    INDEX `codes_short_ix` (`short`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `prices` (
    `id` INT NOT NULL,
    `code_id` VARCHAR(20) COLLATE `utf8mb4_bin`,
    PRIMARY KEY (`id`),
    CONSTRAINT `fk_prices_code_id` FOREIGN KEY (`code_id`) REFERENCES `codes` (`code`) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
