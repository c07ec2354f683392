INSERT INTO orders (id, status) VALUES (1, 'Paid');
