INSERT INTO towns (id) VALUES (1);
INSERT INTO houses (id, floors, town, beside) VALUES (1, 2, 1, NULL);
INSERT INTO houses (id, floors, town, beside) VALUES (2, NULL, 1, 1);
