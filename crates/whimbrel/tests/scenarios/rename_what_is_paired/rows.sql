INSERT INTO people (id) VALUES (1);
INSERT INTO people (id) VALUES (2);
INSERT INTO teams (code) VALUES ('red');
INSERT INTO tags (id) VALUES (7);
INSERT INTO people_groups_in (people_id, teams_id) VALUES (1, 'red');
INSERT INTO people_friends (from_people_id, to_people_id) VALUES (1, 2);
INSERT INTO teams_labels (teams_id, tags_id) VALUES ('red', 7);
