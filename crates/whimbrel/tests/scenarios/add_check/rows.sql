INSERT INTO products (id, price, state) VALUES (1, 5, 'new');
INSERT INTO products (id, price, state) VALUES (2, 7, NULL);
