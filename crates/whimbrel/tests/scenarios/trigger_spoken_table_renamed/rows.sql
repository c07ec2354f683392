INSERT INTO orders (id, status, total) VALUES (1, 'open', 10);
INSERT INTO orders (id, status, total) VALUES (2, 'paid', 20);
INSERT INTO order_log (order_id, what) VALUES (1, 'made');
