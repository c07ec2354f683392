INSERT INTO people (id, age, mail) VALUES (1, 7, 'a@b');
