INSERT INTO posts (id) VALUES (1);
INSERT INTO tags (id) VALUES (2);
INSERT INTO posts_tags (posts_id, tags_id) VALUES (1, 2);
