INSERT INTO bills (id, total) VALUES (1, 12.50);
