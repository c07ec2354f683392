INSERT INTO notes (body) VALUES ('one');
INSERT INTO notes (body) VALUES ('two');
