-- A semicolon; in a comment.
CREATE TABLE "a;b" (id INTEGER PRIMARY KEY, [c;d] TEXT DEFAULT ';', `e;f` TEXT);
/* another; one */
CREATE TABLE log (what TEXT);
CREATE TRIGGER t AFTER INSERT ON "a;b" WHEN new.id > CASE WHEN 1 = 1 THEN 0 ELSE 5 END BEGIN
  INSERT INTO log VALUES ('in; side');
  UPDATE log SET what = CASE what WHEN 'in; side' THEN 'it''s; done' ELSE what END;
END;
INSERT INTO "a;b" (id, [c;d]) VALUES (1, 'it''s; "here"');
INSERT INTO "a;b" (id) VALUES (2) -- no semicolon in this; line
;
CREATE VIEW v AS SELECT count(*) AS n FROM log;;
