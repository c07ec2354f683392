INSERT INTO towns (id) VALUES (1);
INSERT INTO houses (id, floors, town, seen) VALUES (1, 2, 1, 1);
