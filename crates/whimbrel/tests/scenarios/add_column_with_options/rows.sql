INSERT INTO papers (id) VALUES (1);
