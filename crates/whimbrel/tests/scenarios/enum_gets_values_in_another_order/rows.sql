INSERT INTO orders (id, status) VALUES (1, 'paid'), (2, 'sent');
