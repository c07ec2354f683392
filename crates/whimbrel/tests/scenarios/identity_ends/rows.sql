INSERT INTO orders (id, state) VALUES (3, 'new'), (17, 'paid');
INSERT INTO items (line, order_id) VALUES (1, 17);
