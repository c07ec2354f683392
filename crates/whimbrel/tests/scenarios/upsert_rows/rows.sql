INSERT INTO countries (code, name, area) VALUES ('AU', 'New Holland', 1.50);
INSERT INTO countries (code, name, area) VALUES ('NZ', 'Aotearoa', NULL);
INSERT INTO members (country, year) VALUES ('AU', 1945);
