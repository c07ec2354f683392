INSERT INTO teams (id, lead) VALUES (1, NULL);
INSERT INTO members (id, team) VALUES (2, 1);
UPDATE teams SET lead = 2;
