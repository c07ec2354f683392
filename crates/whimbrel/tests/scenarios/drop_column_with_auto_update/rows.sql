INSERT INTO notes (body, updated_at) VALUES ('one', '2001-02-03 04:05:06');
INSERT INTO notes (body, updated_at) VALUES (NULL, '2001-02-03 04:05:07');
