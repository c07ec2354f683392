INSERT INTO users (id, name, age) VALUES (1, 'Ada Lovelace', 36);
INSERT INTO users (id, name) VALUES (2, 'Bob');
INSERT INTO users (id, age) VALUES (3, -1);
INSERT INTO users (id, name, age) VALUES (5, 'Peggy O''Neill', 7);
