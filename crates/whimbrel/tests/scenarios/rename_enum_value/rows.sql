INSERT INTO orders (id, status, was) VALUES (1, 'payed', 'new');
INSERT INTO orders (id, status, was) VALUES (2, 'new', 'payed');
INSERT INTO states (status) VALUES ('payed');
INSERT INTO notes (id, status) VALUES (1, 'payed');
