CREATE TABLE `people` (
    `id` BIGINT AUTO_INCREMENT NOT NULL COMMENT 'given by the database',
    `email` VARCHAR(200) NOT NULL DEFAULT '' COMMENT 'as it''s written, with its \\ signs',
    `seen` DATETIME(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'of the last login',
    `short` VARCHAR(250) GENERATED ALWAYS AS (upper(email)) STORED COMMENT 'computed',
    `quiet` INT,
    PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='Whoever has an account.
Nobody else: it''s about \\ them, "ours"; 100 % ö';
