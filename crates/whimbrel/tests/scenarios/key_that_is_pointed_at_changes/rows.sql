INSERT INTO shops (id, code, parent) VALUES (1, 'a', NULL);
INSERT INTO shops (id, code, parent) VALUES (2, 'b', 1);
INSERT INTO sales (id, shop) VALUES (1, 2);
