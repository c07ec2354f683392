INSERT INTO "countries" ("code", "name", "area")
VALUES ('AU', 'Australia', 7692024.00),
       ('US', 'It''s \ here', NULL)
ON CONFLICT ("code") DO UPDATE SET
  "name" = EXCLUDED."name",
  "area" = EXCLUDED."area";
INSERT INTO "members" ("country", "year")
VALUES ('AU', 1945),
       ('NZ', 1945)
ON CONFLICT ("country", "year") DO NOTHING;
