INSERT INTO users (id, tenant, mail, nick) VALUES (1, 1, 'a', 'x');
INSERT INTO users (id, tenant, mail, nick) VALUES (2, 2, 'a', NULL);
