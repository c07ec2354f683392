CREATE TABLE `items` (
    `id` INT NOT NULL,
    `name` VARCHAR(40),
    `price` DECIMAL(10,2),
    `amount` INT,
    `total` DECIMAL(12,2) GENERATED ALWAYS AS ((price * amount) + 1) STORED,
    `label` VARCHAR(60) GENERATED ALWAYS AS (concat('<', upper(name), '>')) STORED,
    PRIMARY KEY (`id`),
    INDEX `items_by_total` (`total`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
