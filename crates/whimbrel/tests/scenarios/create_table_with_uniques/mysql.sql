CREATE TABLE `tenants` (
    `id` INT NOT NULL,
    `slug` VARCHAR(60) NOT NULL,
    PRIMARY KEY (`id`),
    CONSTRAINT `tenant by slug` UNIQUE (`slug`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `users` (
    `id` BIGINT AUTO_INCREMENT NOT NULL,
    `tenant` VARCHAR(60),
    `email` VARCHAR(200),
    `nick` VARCHAR(30),
    PRIMARY KEY (`id`),
    UNIQUE INDEX `uq_users_nick` (`nick`),
    CONSTRAINT `uq_users_tenant_email` UNIQUE (`tenant`, `email`),
    CONSTRAINT `fk_users_tenant` FOREIGN KEY (`tenant`) REFERENCES `tenants` (`slug`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
