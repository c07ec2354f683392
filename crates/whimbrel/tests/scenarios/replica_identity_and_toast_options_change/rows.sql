INSERT INTO papers (id, body) VALUES (1, 'seen');
