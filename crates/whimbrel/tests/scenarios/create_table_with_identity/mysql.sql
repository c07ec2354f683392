CREATE TABLE `orders` (
    `id` BIGINT AUTO_INCREMENT NOT NULL,
    `state` VARCHAR(20),
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci AUTO_INCREMENT=1000;
CREATE TABLE `items` (
    `id` INT AUTO_INCREMENT NOT NULL,
    `order_id` BIGINT,
    PRIMARY KEY (`id`),
    CONSTRAINT `fk_items_order_id` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
