CREATE TABLE `tooooooooooooooooooooooooooooooooooooooooooooooooooooooooooable` (
    `id` INT NOT NULL,
    `ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc` INT,
    PRIMARY KEY (`id`),
    INDEX `iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii` (`ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `short` (
    `id` INT NOT NULL,
    `fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff` INT,
    PRIMARY KEY (`id`),
    CONSTRAINT `fk_short_fffffffffffffffffffffffffffffffffffffffffffff_6f1a8932` FOREIGN KEY (`fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff`) REFERENCES `tooooooooooooooooooooooooooooooooooooooooooooooooooooooooooable` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
