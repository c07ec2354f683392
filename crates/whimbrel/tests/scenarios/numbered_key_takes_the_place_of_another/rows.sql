INSERT INTO notes (code, words) VALUES ('a', 'x');
INSERT INTO notes (code, words) VALUES ('b', NULL);
