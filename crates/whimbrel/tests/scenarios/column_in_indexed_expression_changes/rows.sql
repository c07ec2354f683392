INSERT INTO users (id, email, age) VALUES (1, 'A@example.org', 30);
INSERT INTO users (id, email, age) VALUES (2, 'b@Example.org', NULL);
