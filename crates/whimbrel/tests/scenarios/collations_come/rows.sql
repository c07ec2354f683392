INSERT INTO codes (id, code, title) VALUES (1, 'a', 'One');
INSERT INTO codes (id, code, title) VALUES (2, 'b', 'two ');
