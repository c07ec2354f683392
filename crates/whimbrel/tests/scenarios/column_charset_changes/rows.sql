INSERT INTO mails (id, address, host, same) VALUES (1, 'a@b.example', 'b.example', 'c');
