INSERT INTO auditing.entries (id, said) VALUES (1, 'a'), (2, 'b');
INSERT INTO auditing.remarks (id, entry_id) VALUES (1, 2);
