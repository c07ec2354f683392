INSERT INTO users (id, email, age, note) VALUES (1, 'A@example.org', 30, 'one');
INSERT INTO users (id, email, age, note) VALUES (2, 'b@Example.org', NULL, NULL);
