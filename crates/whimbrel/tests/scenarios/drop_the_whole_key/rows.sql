INSERT INTO stays (words) VALUES ('x');
INSERT INTO stays (words) VALUES ('y');
