INSERT INTO orders (id, status, total) VALUES (1, 'paid', 10);
