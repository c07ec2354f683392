CREATE TABLE `events` (
    `id` INT NOT NULL,
    `kind` VARCHAR(20) NOT NULL DEFAULT 'NEW',
    `weight` DOUBLE,
    `body` LONGBLOB,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci KEY_BLOCK_SIZE=8 ROW_FORMAT=COMPRESSED COMMENT='Whatever happened';
