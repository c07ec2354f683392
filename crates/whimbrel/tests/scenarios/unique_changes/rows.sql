INSERT INTO users (id, tenant, email) VALUES (1, 1, 'a');
INSERT INTO users (id, tenant, email) VALUES (2, 2, 'b');
