INSERT INTO orders (id, status, total) VALUES (1, 'open', 10);
INSERT INTO orders (id, status, total) VALUES (2, 'paid', 20);
