INSERT INTO codes (id, code, number, note) VALUES (1, 'a', '12', 'n');
