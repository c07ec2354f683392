INSERT INTO users (id, email) VALUES (1, 'a');
INSERT INTO users (id, email) VALUES (2, NULL);
