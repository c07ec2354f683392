CREATE TABLE `users` (
    `id` INT NOT NULL,
    `email` VARCHAR(200) NOT NULL,
    `age` INT,
    `note` LONGTEXT,
    PRIMARY KEY (`id`),
    INDEX `users_age_ix` (`age`, (age + 1) DESC),
    UNIQUE INDEX `users_email_ix` ((lower(email)))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
