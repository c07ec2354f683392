INSERT INTO users (id, email, nick) VALUES (1, 'a', NULL);
INSERT INTO users (id, email, nick) VALUES (2, 'b', 'b');
