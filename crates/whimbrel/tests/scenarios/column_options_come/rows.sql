INSERT INTO papers (id, title) VALUES (1, 'seen');
