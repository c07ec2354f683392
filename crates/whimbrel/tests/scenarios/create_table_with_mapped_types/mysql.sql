CREATE TABLE `makers` (
    `id` BIGINT UNSIGNED AUTO_INCREMENT NOT NULL,
    `label` VARCHAR(16) NOT NULL DEFAULT 'none',
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `goods` (
    `id` BIGINT UNSIGNED AUTO_INCREMENT NOT NULL,
    `maker` BIGINT UNSIGNED,
    `price` DECIMAL(12,3),
    `tags` JSON,
    PRIMARY KEY (`id`),
    CONSTRAINT `fk_goods_maker` FOREIGN KEY (`maker`) REFERENCES `makers` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
