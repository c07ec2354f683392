CREATE DATABASE `auditing`;
CREATE DATABASE `billing`;
CREATE TABLE `auditing`.`entries` (
    `id` BIGINT AUTO_INCREMENT NOT NULL,
    `said` LONGTEXT NOT NULL,
    `at` DATETIME(6) ON UPDATE CURRENT_TIMESTAMP(6),
    PRIMARY KEY (`id`),
    INDEX `entries_at_ix` (`at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
