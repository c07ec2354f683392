INSERT INTO "sqlite_sequence" (name, seq) SELECT 'orders', 0 WHERE NOT EXISTS (SELECT 1 FROM "sqlite_sequence" WHERE name = 'orders');
UPDATE "sqlite_sequence" SET seq = 499 WHERE name = 'orders' AND seq < 499;
