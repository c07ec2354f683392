INSERT INTO people (email, old) VALUES ('a@b', 1);
