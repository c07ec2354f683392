# a comment; of MySQL's
-- another; one
CREATE TABLE `a;b` (id int, c text, d varchar(20) DEFAULT 'it\'s; here', e varchar(20) DEFAULT ";");
CREATE TABLE log (what varchar(40));
/*!40101 SET @old = @@sql_mode */;
DELIMITER //
CREATE TRIGGER t AFTER INSERT ON `a;b` FOR EACH ROW
BEGIN
  IF new.id > 0 THEN
    INSERT INTO log VALUES ('in; side');
    CASE new.id WHEN 1 THEN INSERT INTO log VALUES ('one'); ELSE INSERT INTO log VALUES ('more'); END CASE;
  END IF;
END //
CREATE PROCEDURE p(n int)
BEGIN
  DECLARE i int DEFAULT 0;
  counting: LOOP
    SET i = i + 1;
    IF i > n THEN LEAVE counting; END IF;
    INSERT INTO log VALUES (CASE WHEN i = 1 THEN 'first;' ELSE 'next' END);
  END LOOP counting;
  WHILE i > 100 DO SET i = i - 1; END WHILE;
  REPEAT SET i = i + 1; UNTIL i > 0 END REPEAT;
END //
DELIMITER ;
CREATE PROCEDURE q() BEGIN INSERT INTO log VALUES ('q;'); END;
INSERT INTO `a;b` (id, c) VALUES (1, 'back\\slash; and "quotes"'); -- done;
CALL p(2);
CALL q();
CREATE VIEW v AS SELECT count(*) AS n FROM log
