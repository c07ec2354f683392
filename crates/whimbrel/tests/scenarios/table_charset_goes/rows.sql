INSERT INTO words (id, word, kept, own) VALUES (1, 'one', 'two', 'three');
