INSERT INTO users (id, email, age) VALUES (1, 'a@example.org', 30);
INSERT INTO users (id, email, age) VALUES (2, 'b@example.org', NULL);
