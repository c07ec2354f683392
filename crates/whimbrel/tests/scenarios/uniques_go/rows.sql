INSERT INTO users (id, tenant, email, code) VALUES (1, 1, 'a', 'x');
INSERT INTO users (id, tenant, email, code) VALUES (2, 2, 'b', NULL);
