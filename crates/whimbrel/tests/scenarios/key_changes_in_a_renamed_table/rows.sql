INSERT INTO members (id, team) VALUES (1, 4);
INSERT INTO members (id, team) VALUES (2, 4);
