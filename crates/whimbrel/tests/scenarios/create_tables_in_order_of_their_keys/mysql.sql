CREATE TABLE `zz_customers` (
    `id` INT NOT NULL,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `aa_orders` (
    `id` INT NOT NULL,
    `customer_id` INT NOT NULL,
    PRIMARY KEY (`id`),
    CONSTRAINT `fk_aa_orders_customer_id` FOREIGN KEY (`customer_id`) REFERENCES `zz_customers` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
