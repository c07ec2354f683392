INSERT INTO people (id, more) VALUES (1, '{}');
