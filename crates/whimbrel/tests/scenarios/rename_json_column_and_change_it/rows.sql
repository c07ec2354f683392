INSERT INTO letters (id, body) VALUES (1, '{"to": "Ann"}');
INSERT INTO letters (id, body) VALUES (2, NULL);
