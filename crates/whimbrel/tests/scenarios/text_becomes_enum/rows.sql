INSERT INTO orders (id, status, size) VALUES (1, 'paid', 'large'), (2, 'new', NULL);
