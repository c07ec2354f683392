INSERT INTO items (id, amount, price) VALUES (1, 3, 50);
INSERT INTO items (id, amount, price) VALUES (2, NULL, 7);
