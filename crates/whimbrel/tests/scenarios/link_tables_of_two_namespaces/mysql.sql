CREATE DATABASE `shipping`;
CREATE TABLE `shipping`.`parcels` (
    `id` INT NOT NULL,
    `invoice_id` INT,
    PRIMARY KEY (`id`),
    CONSTRAINT `fk_parcels_invoice_id` FOREIGN KEY (`invoice_id`) REFERENCES `billing`.`invoices` (`id`) ON DELETE RESTRICT,
    CONSTRAINT `parcels_id_ck` CHECK (id > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
