INSERT INTO events (id, kind, weight) VALUES (1, 'seen', 1.5);
INSERT INTO events (id) VALUES (7);
