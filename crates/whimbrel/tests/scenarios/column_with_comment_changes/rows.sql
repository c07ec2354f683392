INSERT INTO people (id, age, name) VALUES (1, 7, 'a');
