INSERT INTO orders (id, status, was) VALUES (1, 'payed', 'new');
