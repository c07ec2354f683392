INSERT INTO steps (id, list, place) VALUES (1, 1, 1);
