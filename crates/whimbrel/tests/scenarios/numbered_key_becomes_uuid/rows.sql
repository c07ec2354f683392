INSERT INTO guests (words) VALUES ('x');
INSERT INTO guests (words) VALUES ('y');
