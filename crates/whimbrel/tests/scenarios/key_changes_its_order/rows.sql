INSERT INTO visits (day, place, guests) VALUES ('2026-01-01', 1, 3);
INSERT INTO visits (day, place, guests) VALUES ('2026-01-01', 2, NULL);
