INSERT INTO orders (id, state) VALUES (3, 'new'), (17, 'paid');
INSERT INTO notes (number, body) VALUES (0, 'first'), (9, 'last');
