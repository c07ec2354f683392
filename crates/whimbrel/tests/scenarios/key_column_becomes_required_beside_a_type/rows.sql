INSERT INTO users (id) VALUES (1);
INSERT INTO orders (id, total, user_id, note) VALUES (1, 12.50, 1, 'new');
