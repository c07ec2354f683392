INSERT INTO people (id, name, code, says, age) VALUES ('6c3f1f2e-0a55-4a8e-9a53-3d1a5c6b7d01', 'Ann', 'a', 'hello', 7);
INSERT INTO pets (id, owner) VALUES (1, '6c3f1f2e-0a55-4a8e-9a53-3d1a5c6b7d01');
