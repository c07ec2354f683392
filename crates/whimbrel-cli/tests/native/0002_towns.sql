-- whimbrel: after 0001_users
CREATE TABLE towns (name varchar(40) NOT NULL);
INSERT INTO towns (name) VALUES ('Bremen');

-- whimbrel: down
DROP TABLE towns;
