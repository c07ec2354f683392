INSERT INTO users (id, email, age) VALUES (1, 'a@example.org', 30);
