CREATE TABLE `visits` (
    `user_id` INT NOT NULL,
    `day` DATE NOT NULL,
    `pages` INT NOT NULL DEFAULT 0,
    PRIMARY KEY (`user_id`, `day`),
    CONSTRAINT `fk_visits_user_id` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
