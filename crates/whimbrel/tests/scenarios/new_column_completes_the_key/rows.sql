INSERT INTO orders (id, total) VALUES (1, 10);
INSERT INTO orders (id, total) VALUES (2, NULL);
