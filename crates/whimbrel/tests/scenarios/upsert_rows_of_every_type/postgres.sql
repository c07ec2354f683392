INSERT INTO "things" ("id", "words", "short", "small", "big", "price", "rate", "yes", "day", "hour", "made", "token", "data", "raw", "worked_out", "answer")
VALUES (1, 'it''s
"here" \', 'ü', -1, 9223372036854775807, 1234567890.1234, 1.5, true, '2024-02-29', '23:59:58', '2024-02-29 23:59:58', '7b2e4a51-6a4e-4d4b-9d0c-6d6a1c6c4f11', '{"a": "b"}', '\x00ff27', 1 + 1, 42),
       (2, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
ON CONFLICT ("id") DO UPDATE SET
  "words" = EXCLUDED."words",
  "short" = EXCLUDED."short",
  "small" = EXCLUDED."small",
  "big" = EXCLUDED."big",
  "price" = EXCLUDED."price",
  "rate" = EXCLUDED."rate",
  "yes" = EXCLUDED."yes",
  "day" = EXCLUDED."day",
  "hour" = EXCLUDED."hour",
  "made" = EXCLUDED."made",
  "token" = EXCLUDED."token",
  "data" = EXCLUDED."data",
  "raw" = EXCLUDED."raw",
  "worked_out" = EXCLUDED."worked_out",
  "answer" = EXCLUDED."answer";
