INSERT INTO users (id) VALUES (1);
INSERT INTO posts (id, age, editor_id, user_id) VALUES (1, 3, 1, 1);
INSERT INTO posts (id, age, editor_id, user_id) VALUES (2, 3, NULL, NULL);
