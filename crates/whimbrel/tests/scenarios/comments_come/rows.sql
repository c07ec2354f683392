INSERT INTO people (id, email, note) VALUES (1, 'a@b', 'x');
INSERT INTO people (id) VALUES (2);
