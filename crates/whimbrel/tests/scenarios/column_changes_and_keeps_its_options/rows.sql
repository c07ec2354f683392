INSERT INTO papers (id, title, body, pages) VALUES (1, 'seen', 'and more', '17');
