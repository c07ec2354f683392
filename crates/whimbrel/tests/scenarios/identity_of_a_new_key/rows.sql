INSERT INTO notes (code, number) VALUES ('a', 4), ('b', 9);
