INSERT INTO people (id, email, age) VALUES (1, 'a@b', 7);
