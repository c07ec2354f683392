INSERT INTO readings (id, value, note, unit) VALUES (1, 1.5, 'warm', 'C');
INSERT INTO readings (id, value, note, unit) VALUES (2, 0.25, 'cold', NULL);
