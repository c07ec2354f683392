CREATE DATABASE `shopping`;
CREATE TABLE `shopping`.`orders` (
    `id` INT NOT NULL,
    `status` ENUM('new','paid') NOT NULL DEFAULT 'new',
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
