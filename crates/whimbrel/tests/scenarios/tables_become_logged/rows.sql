INSERT INTO people (id) VALUES (1);
INSERT INTO visits (id, guest_id) VALUES (1, 1);
