INSERT INTO things (id, words, price, yes, day, data) VALUES (1, 'before', 0.1000, NULL, '2024-02-29', '{"a": [1, null]}');
