INSERT INTO `things` (`id`, `words`, `short`, `small`, `big`, `price`, `rate`, `yes`, `day`, `hour`, `made`, `token`, `data`, `raw`, `worked_out`, `answer`)
VALUES (1, 'it''s
"here" \\', 'ü', -1, 9223372036854775807, 1234567890.1234, 1.5, 1, '2024-02-29', '23:59:58', '2024-02-29 23:59:58', '7b2e4a51-6a4e-4d4b-9d0c-6d6a1c6c4f11', '{"a": "b"}', x'00ff27', 1 + 1, 42),
       (2, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
ON DUPLICATE KEY UPDATE
  `words` = VALUES(`words`),
  `short` = VALUES(`short`),
  `small` = VALUES(`small`),
  `big` = VALUES(`big`),
  `price` = VALUES(`price`),
  `rate` = VALUES(`rate`),
  `yes` = VALUES(`yes`),
  `day` = VALUES(`day`),
  `hour` = VALUES(`hour`),
  `made` = VALUES(`made`),
  `token` = VALUES(`token`),
  `data` = VALUES(`data`),
  `raw` = VALUES(`raw`),
  `worked_out` = VALUES(`worked_out`),
  `answer` = VALUES(`answer`);
