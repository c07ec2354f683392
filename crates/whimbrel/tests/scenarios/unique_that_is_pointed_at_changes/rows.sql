INSERT INTO tenants (id, slug) VALUES (1, 'a');
INSERT INTO users (id, tenant, nick) VALUES (1, 'a', 'x');
