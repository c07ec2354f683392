INSERT INTO notes (body, updated_at, seen) VALUES ('one', '2001-02-03 04:05:06', '2001-02-03 04:05:06');
