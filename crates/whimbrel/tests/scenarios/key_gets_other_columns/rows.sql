INSERT INTO members (id, team, person) VALUES (1, 1, 'ann');
INSERT INTO members (id, team, person) VALUES (2, 1, 'bob');
INSERT INTO members (id, team, person) VALUES (3, 2, 'ann');
