INSERT INTO notes (id, code, body) VALUES (1, 'a', 'first'), (4, 'b', 'last');
