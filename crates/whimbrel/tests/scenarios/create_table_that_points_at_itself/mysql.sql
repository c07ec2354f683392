CREATE TABLE `categories` (
    `id` INT NOT NULL,
    `parent_id` INT,
    PRIMARY KEY (`id`),
    CONSTRAINT `fk_categories_parent_id` FOREIGN KEY (`parent_id`) REFERENCES `categories` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
