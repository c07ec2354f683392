CREATE TABLE parents (
    id bigint AUTO_INCREMENT, code varchar(40) NOT NULL, region char(2) NOT NULL DEFAULT 'eu',
    PRIMARY KEY (id), UNIQUE KEY uq_code (code), UNIQUE KEY uq_rc (region, code)
) COMMENT 'the parents'' table';

CREATE TABLE kids (
    id int AUTO_INCREMENT, parent_id bigint NOT NULL, region char(2) NOT NULL, code varchar(40),
    title varchar(200) NOT NULL DEFAULT 'it''s \\ "quoted" é', body longtext, tiny tinyint(1) NOT NULL DEFAULT 1,
    ti tinyint NOT NULL DEFAULT -3, si smallint unsigned DEFAULT 7, mi mediumint, bi bigint unsigned,
    dec1 decimal(12,2) NOT NULL DEFAULT 1.5, dec2 decimal(10,0) unsigned, f float, d double,
    b8 bit(8) DEFAULT b'101', da date DEFAULT '2024-01-02', tm time(6), tm0 time,
    dt datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    dt0 datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    ts timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    ts1 timestamp(6) NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(6),
    y year DEFAULT 1999, e enum('a','b''c') DEFAULT 'a', s set('x','y') DEFAULT 'x,y',
    js json, jd json DEFAULT ('{"a": [1]}'), u char(36) DEFAULT (uuid()), ex int DEFAULT (1 + 2), exs varchar(20) DEFAULT (concat('a\\b','it''s')),
    txt text DEFAULT ('abc'), lt longtext DEFAULT ('abc'), bin16 binary(16), vb varbinary(20), bl longblob,
    blank varchar(10) NOT NULL DEFAULT '', nulltext varchar(10) DEFAULT 'NULL', nn int DEFAULT NULL,
    g1 int GENERATED ALWAYS AS (parent_id + 1) VIRTUAL,
    g2 varchar(300) GENERATED ALWAYS AS (concat(title,'x')) STORED,
    c_latin varchar(20) CHARACTER SET latin1 COLLATE latin1_bin, c_com int COMMENT 'a ''comment''',
    pt point NOT NULL, geo geometry, inv int INVISIBLE,
    PRIMARY KEY (id, code), KEY k_code (code(10)), KEY k_desc (code, ti DESC),
    UNIQUE KEY uq_x (title(20), code), FULLTEXT KEY ft (title, body), SPATIAL KEY sp (pt),
    KEY k_hash (si) USING HASH, KEY k_com (ti) COMMENT 'ic', KEY k_region (region),
    CONSTRAINT fk_p FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT fk_rc FOREIGN KEY (region, code) REFERENCES parents (region, code) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT ck_ti CHECK (ti > -10 AND title <> 'x')
);

CREATE TABLE mine (a int, b text, KEY (a)) ENGINE=MyISAM CHARACTER SET latin1;

CREATE TABLE bare (a int, b timestamp NULL DEFAULT NULL) ROW_FORMAT=COMPRESSED;

CREATE TABLE parted (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y))
    PARTITION BY RANGE (y) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
    (PARTITION p0 VALUES LESS THAN (2000), PARTITION p1 VALUES LESS THAN MAXVALUE);

CREATE TABLE listed (id int NOT NULL) PARTITION BY LIST (id)
    (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3));

CREATE TABLE `we``ird.name "x'` (`col ``1` int PRIMARY KEY, `sel'ect` int DEFAULT 3);

CREATE VIEW v1 AS SELECT id, code FROM parents WHERE code <> 'x' WITH CHECK OPTION;

CREATE SQL SECURITY INVOKER VIEW v2 AS SELECT v1.id FROM v1 JOIN kids ON kids.parent_id = v1.id;

CREATE TRIGGER tr1 BEFORE INSERT ON parents FOR EACH ROW SET NEW.code = lower(NEW.code);

DELIMITER //
CREATE TRIGGER tr2 BEFORE INSERT ON parents FOR EACH ROW
BEGIN
    SET NEW.region = 'us';
    SET NEW.code = upper(NEW.code);
END //

CREATE PROCEDURE pr(IN a int, OUT b varchar(20)) COMMENT 'what it does'
BEGIN
    SELECT a INTO b;
END //
DELIMITER ;

CREATE FUNCTION fn(a int) RETURNS int DETERMINISTIC NO SQL RETURN a + 1;

CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE COMMENT 'daily' DO DELETE FROM bare;
