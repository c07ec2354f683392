INSERT INTO codes (id, code, title, note, other) VALUES (1, 'a', 'One', 'n', 'ö');
