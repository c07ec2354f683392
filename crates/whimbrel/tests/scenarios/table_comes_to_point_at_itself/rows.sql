INSERT INTO people (id) VALUES (1);
INSERT INTO people (id, boss_id) VALUES (2, 1);
