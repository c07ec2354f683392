CREATE TABLE `files` (
    `id` INT NOT NULL,
    `name` VARCHAR(80),
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_general_ci;
CREATE TABLE `mails` (
    `id` CHAR(36) NOT NULL,
    `address` VARCHAR(320) COLLATE `ascii_general_ci` NOT NULL,
    `subject` VARCHAR(80) COLLATE `utf8mb4_general_ci`,
    `body` LONGTEXT COLLATE `utf8mb4_unicode_ci`,
    `raw` VARCHAR(20) COLLATE `latin1_bin`,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
