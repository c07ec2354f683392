INSERT INTO users (id, email) VALUES (1, 'a@example.org');
INSERT INTO users (id, email) VALUES (2, NULL);
INSERT INTO users (id, email, name) VALUES (3, 'c@example.org', 'Carol');
INSERT INTO users (id, email) VALUES (5, 'e@example.org');
