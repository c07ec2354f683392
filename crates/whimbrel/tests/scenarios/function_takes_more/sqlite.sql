DROP VIEW "amounts";
CREATE VIEW "amounts" AS
SELECT id FROM orders;
SELECT * FROM "amounts" LIMIT 0;
