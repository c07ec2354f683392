DROP VIEW "dear_items";
CREATE VIEW "dear_items" AS
SELECT id, total FROM items WHERE total > 100;
SELECT * FROM "dear_items" LIMIT 0;
