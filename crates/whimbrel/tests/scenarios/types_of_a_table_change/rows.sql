INSERT INTO readings (id, place, amount, said, seen, note) VALUES (1, 'here', 5, '12', '2001-02-03 04:05:06', 'n');
INSERT INTO readings (id, place, amount, said, seen, note) VALUES (2, 'there', NULL, NULL, NULL, '');
