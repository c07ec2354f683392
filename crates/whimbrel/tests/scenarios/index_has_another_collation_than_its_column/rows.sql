INSERT INTO codes (id, code) VALUES (1, 'a');
