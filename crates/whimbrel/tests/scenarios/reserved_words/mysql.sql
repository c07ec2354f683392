CREATE TABLE `user` (
    `id` INT NOT NULL,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `order` (
    `select` INT NOT NULL,
    `table` VARCHAR(20) DEFAULT 'where',
    `group` INT,
    PRIMARY KEY (`select`),
    INDEX `index` (`table`),
    CONSTRAINT `fk_order_group` FOREIGN KEY (`group`) REFERENCES `user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
