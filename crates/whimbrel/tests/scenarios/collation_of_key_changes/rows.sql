INSERT INTO codes (code) VALUES ('a');
INSERT INTO prices (id, code_id) VALUES (1, 'a');
