INSERT INTO orders (id, status) VALUES (1, 'paid');
INSERT INTO states (status) VALUES ('new');
INSERT INTO notes (id, status) VALUES (1, 'new');
