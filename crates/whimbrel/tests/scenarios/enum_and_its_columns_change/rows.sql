INSERT INTO orders (id, status, label, plain) VALUES (1, 'paid', 'new', 'paid');
