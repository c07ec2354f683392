INSERT INTO users (id, tenant, email) VALUES (1, 1, 'a');
INSERT INTO users (id, tenant, email) VALUES (2, 2, 'a');
INSERT INTO users (id, tenant, email) VALUES (3, 2, NULL);
INSERT INTO users (id, tenant, email) VALUES (4, 2, NULL);
