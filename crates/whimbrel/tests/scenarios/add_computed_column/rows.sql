INSERT INTO items (id, price, amount) VALUES (1, 1.50, 2);
INSERT INTO items (id, price, amount) VALUES (2, 2.25, NULL);
