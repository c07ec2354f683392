CREATE TABLE `posts_tags` (
    `posts_id` INT NOT NULL,
    `tags_id` INT NOT NULL,
    PRIMARY KEY (`posts_id`, `tags_id`),
    INDEX `idx_posts_tags_tags_id` (`tags_id`),
    CONSTRAINT `fk_posts_tags_posts_id` FOREIGN KEY (`posts_id`) REFERENCES `posts` (`id`) ON DELETE CASCADE,
    CONSTRAINT `fk_posts_tags_tags_id` FOREIGN KEY (`tags_id`) REFERENCES `tags` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
