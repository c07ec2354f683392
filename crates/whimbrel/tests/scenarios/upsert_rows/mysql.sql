INSERT INTO `countries` (`code`, `name`, `area`)
VALUES ('AU', 'Australia', 7692024.00),
       ('US', 'It''s \\ here', NULL)
ON DUPLICATE KEY UPDATE
  `name` = VALUES(`name`),
  `area` = VALUES(`area`);
INSERT INTO `members` (`country`, `year`)
VALUES ('AU', 1945),
       ('NZ', 1945)
ON DUPLICATE KEY UPDATE
  `country` = `country`;
