CREATE TABLE `settings` (
    `id` CHAR(36) NOT NULL DEFAULT (uuid()),
    `label` VARCHAR(40) NOT NULL DEFAULT ('it''s "new" \\ here'),
    `state` VARCHAR(20) NOT NULL DEFAULT 'ACTIVE',
    `empty` VARCHAR(20) NOT NULL DEFAULT '',
    `body` LONGTEXT DEFAULT ('none yet'),
    `flag` TINYINT(1) NOT NULL DEFAULT 1,
    `price` DECIMAL(12,2) NOT NULL DEFAULT 0.10,
    `seen_at` DATETIME(6) DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
