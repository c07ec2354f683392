CREATE TABLE `orders` (
    `id` INT NOT NULL,
    `status` ENUM('new','paid','on hold','it''s gone') NOT NULL DEFAULT 'new',
    `was` ENUM('new','paid','on hold','it''s gone'),
    `history` JSON,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `refunds` (
    `status` ENUM('new','paid','on hold','it''s gone') NOT NULL,
    PRIMARY KEY (`status`),
    UNIQUE INDEX `refunds_ix` (`status`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
