CREATE TABLE `events` (
    `id` INT NOT NULL,
    `kind` VARCHAR(40),
    `at` DATETIME(6),
    `score` INT,
    PRIMARY KEY (`id`),
    INDEX `events_at_ix` (`kind`, `at` DESC),
    UNIQUE INDEX `events_kind_key` (`kind`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
