INSERT INTO badges (code) VALUES (10), (20);
