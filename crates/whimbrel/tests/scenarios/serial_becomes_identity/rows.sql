INSERT INTO orders (state) VALUES ('new'), ('paid');
INSERT INTO items (line, order_id) VALUES (1, 2);
