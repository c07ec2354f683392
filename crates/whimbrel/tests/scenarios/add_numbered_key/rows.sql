INSERT INTO notes (words) VALUES ('x');
INSERT INTO notes (words) VALUES ('y');
