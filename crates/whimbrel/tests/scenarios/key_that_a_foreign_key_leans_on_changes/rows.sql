INSERT INTO tags (id) VALUES (1);
INSERT INTO tagged (tag, post) VALUES (1, 5);
