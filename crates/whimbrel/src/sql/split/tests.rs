//! Scripts of every kind, and where they are cut.

use proptest::prelude::*;

use super::*;
use crate::dialect::{ALL, MARIADB, MYSQL, POSTGRES, SQLITE};

fn pieces<'a>(dialect: &Dialect, script: &'a str) -> Vec<&'a str> {
    match split(dialect, script) {
        Ok(pieces) => pieces.iter().map(|it| it.text(script)).collect(),
        Err(errors) => panic!("{} refuses {script:?}: {errors:#?}", dialect.name),
    }
}

/// Each of `statements` is one piece, alone and between others.
fn check_whole(dialect: &Dialect, statements: &[&str]) {
    for statement in statements {
        assert_eq!(pieces(dialect, statement), [*statement], "{}", dialect.name);
        let script = format!("SELECT 1;\n{statement};\n-- end\nSELECT 2");
        let wanted = ["SELECT 1", statement, "SELECT 2"];
        assert_eq!(pieces(dialect, &script), wanted, "{}", dialect.name);
    }
}

fn check_error(dialect: &Dialect, script: &str, at: &str, message: &str) {
    let errors = split(dialect, script).expect_err(script);
    let found = (&script[errors[0].range.clone()], errors[0].message.as_str());
    assert_eq!(found, (at, message), "{} of {script:?}", dialect.name);
    assert_eq!(errors.len(), 1, "{} of {script:?}: {errors:#?}", dialect.name);
}

#[test]
fn semicolons_end_statements_and_comments_vanish() {
    for dialect in ALL {
        let script =
            "\u{feff}-- a;\nSELECT ';' /* ; */ AS \"a;\" -- ;\n;;\n/* b; */ SELECT 2 -- c\n";
        let wanted = ["SELECT ';' /* ; */ AS \"a;\"", "SELECT 2"];
        assert_eq!(pieces(dialect, script), wanted, "{}", dialect.name);
        assert_eq!(pieces(dialect, "-- nothing\n;/* */"), [""; 0], "{}", dialect.name);
        assert_eq!(pieces(dialect, "BEGIN; COMMIT"), ["BEGIN", "COMMIT"], "{}", dialect.name);
        let found = split(dialect, script).unwrap();
        assert_eq!(found.iter().map(|it| it.line(script)).collect::<Vec<_>>(), [2, 4]);
    }
}

#[test]
fn postgres_bodies_stay_whole() {
    check_whole(
        &POSTGRES,
        &[
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$",
            "CREATE OR REPLACE PROCEDURE p(a int DEFAULT CASE WHEN true THEN 1 END) \
         BEGIN ATOMIC INSERT INTO t VALUES (a); \
         SELECT CASE a WHEN 1 THEN 2 ELSE CASE WHEN a > 2 THEN 1 END END; END",
            "CREATE FUNCTION f() RETURNS int RETURN CASE WHEN true THEN 1 ELSE 2 END",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END",
            "CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); DELETE FROM c)",
            "CREATE FUNCTION f(\"begin\" int) RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'",
            "DO $x$ BEGIN PERFORM 1; END $x$",
            "SELECT E'a\\';b', $1$2",
        ],
    );
    let script = "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; END";
    let wanted = ["BEGIN ISOLATION LEVEL SERIALIZABLE", "SELECT 1", "END"];
    assert_eq!(pieces(&POSTGRES, script), wanted);
}

#[test]
fn mysql_bodies_stay_whole() {
    for dialect in [&MYSQL, &MARIADB] {
        check_whole(dialect, MYSQL_BODIES);
    }
    check_whole(
        &MARIADB,
        &[
            "BEGIN NOT ATOMIC DECLARE x INT; SET x = 1; IF x THEN SELECT 1; END IF; END",
            "IF @a THEN SELECT 1; ELSE SELECT 2; END IF",
            "CREATE PROCEDURE p() FOR i IN 1..10 DO SELECT i; END FOR",
        ],
    );
}

const MYSQL_BODIES: &[&str] = &[
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = IF(NEW.y, 1, 2)",
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.x THEN SET NEW.y = 1; END IF",
    "CREATE TRIGGER IF NOT EXISTS t AFTER UPDATE ON a FOR EACH ROW FOLLOWS b BEGIN END",
    "CREATE DEFINER=`root`@`localhost` TRIGGER t AFTER DELETE ON a FOR EACH ROW BEGIN \
     INSERT INTO l (begin, end) VALUES (OLD.begin, OLD.end); \
     UPDATE l SET begin = 1, note = CASE WHEN OLD.end THEN IF(1, 2, 3) ELSE REPEAT('a', 3) END; \
     END",
    "CREATE DEFINER = event@localhost PROCEDURE p(IN a VARCHAR(3) CHARACTER SET utf8, OUT b INT) \
     COMMENT 'x; y' MODIFIES SQL DATA SQL SECURITY INVOKER \
     main: BEGIN DECLARE done INT DEFAULT FALSE; DECLARE c CURSOR FOR SELECT 1; \
     DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE; \
     DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLSTATE '23000' BEGIN ROLLBACK; RESIGNAL; END; \
     l: LOOP FETCH c INTO a; IF done THEN LEAVE l; \
     ELSEIF a THEN ITERATE l; ELSE IF b THEN SELECT 1; END IF; END IF; END LOOP l; \
     WHILE a < 1 DO SET a = a + 1; END WHILE; \
     REPEAT SET a = a - 1; UNTIL a < 0 END REPEAT; \
     CASE a WHEN 1 THEN SELECT 1; WHEN 2 THEN BEGIN END; \
     ELSE CASE WHEN b THEN SELECT CASE WHEN 1 THEN 2 END; END CASE; END CASE; \
     DROP TABLE IF EXISTS x; CREATE TABLE IF NOT EXISTS x (a INT); \
     START TRANSACTION; COMMIT; END main",
    "CREATE FUNCTION f(a INT) RETURNS VARCHAR(9) CHARACTER SET utf8mb4 DETERMINISTIC \
     RETURN CASE WHEN a THEN 'x' ELSE 'y' END",
    "CREATE FUNCTION f() RETURNS SET('a','b') BEGIN RETURN 'a'; END",
    "CREATE FUNCTION f() RETURNS INT IF 1 THEN RETURN 1; ELSE RETURN 2; END IF",
    "CREATE FUNCTION f RETURNS STRING SONAME 'udf.so'",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01' COMMENT 'a;b' DO BEGIN \
     DELETE FROM a; DELETE FROM b; END",
    "ALTER EVENT e DO CASE 1 WHEN 1 THEN SELECT 1; END CASE",
    "CREATE PROCEDURE p() WHILE 1 DO SELECT 1; END WHILE",
    "CREATE TABLE begin (a INT, `case` INT)",
    "/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END */",
];

#[test]
fn a_delimiter_of_its_own_ends_statements() {
    let script = "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT '//'; END//\n\
                  CREATE PROCEDURE q() SELECT 1;//\ndelimiter $$ \n\
                  CREATE PROCEDURE r() BEGIN SELECT 1; END$$\nINSERT INTO a VALUES (1); SELECT 2$$\n\
                  DELIMITER ;\nSELECT 1; SELECT 2";
    assert_eq!(
        pieces(&MYSQL, script),
        [
            "CREATE PROCEDURE p() BEGIN SELECT '//'; END",
            "CREATE PROCEDURE q() SELECT 1",
            "CREATE PROCEDURE r() BEGIN SELECT 1; END",
            "INSERT INTO a VALUES (1)",
            "SELECT 2",
            "SELECT 1",
            "SELECT 2",
        ]
    );
    check_error(&MYSQL, "DELIMITER\nSELECT 1", "DELIMITER", "`DELIMITER` names no delimiter");
}

#[test]
fn sqlite_triggers_stay_whole() {
    check_whole(
        &SQLITE,
        &[
            "CREATE TRIGGER t AFTER UPDATE OF a ON b BEGIN SELECT 1; SELECT end FROM c; END",
            "CREATE TEMP TRIGGER IF NOT EXISTS t INSTEAD OF INSERT ON v FOR EACH ROW \
         WHEN CASE WHEN replace(new.a, 'x', '') THEN 1 ELSE 0 END BEGIN \
         UPDATE c SET x = CASE new.a WHEN 1 THEN 2 END WHERE new.end; END",
            "CREATE TRIGGER t AFTER DELETE ON a FOR EACH ROW WHEN replace(old.a, 'a', 'b') = 'b' \
         BEGIN DELETE FROM [b;c]; END",
            "BEGIN IMMEDIATE",
            "END TRANSACTION",
        ],
    );
}

#[test]
fn what_only_a_client_program_does_is_refused_once() {
    let rows = "COPY a (b) FROM stdin;\n1\t'x\n\\N\n\\.\n\nSELECT 1;";
    check_error(
        &POSTGRES,
        rows,
        "COPY a (b) FROM stdin",
        "`COPY … FROM stdin` takes its rows from the lines behind it, which only psql does",
    );
    check_error(
        &POSTGRES,
        "SELECT 1;\n\\i other.sql\nSELECT 2;",
        "\\i other.sql",
        "`\\i` is a command of the database's client program, not SQL",
    );
    check_error(
        &SQLITE,
        ".read x.sql\nSELECT 1",
        ".read x.sql",
        "`.read x.sql` is a command of the `sqlite3` program, not SQL",
    );
    check_error(
        &MYSQL,
        "LOAD DATA LOCAL INFILE 'a' INTO TABLE b",
        "LOAD DATA LOCAL INFILE 'a' INTO TABLE b",
        "`LOAD … LOCAL` reads a file beside the client program, and a migration has none",
    );
    assert_eq!(pieces(&POSTGRES, "COPY a FROM '/x'; COPY a TO stdout").len(), 2);
    assert_eq!(pieces(&MARIADB, "SELECT \\N").len(), 1);
}

#[test]
fn what_is_not_closed_is_shown_where_it_opens() {
    check_error(&POSTGRES, "SELECT 'a;\nb", "'a;", "this string is never closed");
    check_error(&POSTGRES, "SELECT $x$ a;", "$x$ a;", "this string is never closed");
    check_error(&MYSQL, "SELECT `a;", "`a;", "this quoted name is never closed");
    check_error(&SQLITE, "SELECT 1; /* a", "/* a", "this comment is never closed");
    check_error(&SQLITE, "CREATE TABLE a (b; SELECT 1", "(", "this parenthesis is never closed");
    check_error(
        &SQLITE,
        "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1;",
        "BEGIN",
        "this `BEGIN` has no `END`",
    );
    check_error(
        &MYSQL,
        "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END;",
        "IF",
        "this `IF` has no `END IF`",
    );
}

proptest! {
    #[test]
    fn pieces_are_in_order_and_nothing_else_is_left_out(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "SELECT", "1", ";", ";\n", "'a;b'", "-- c;\n", "/* ; */", "(", ")", "BEGIN", "END",
            "CASE", "IF", "THEN", "CREATE", "TRIGGER", "FUNCTION", "FOR EACH ROW", "NOT", "ATOMIC",
            "DELIMITER //\n", "//", "$$", "\n", "ä", "\\", ".x", "COPY", "FROM", "STDIN", "'",
        ]), 0..40)
    ) {
        let script = words.join(" ");
        for dialect in ALL {
            let Ok(pieces) = split(dialect, &script) else { continue };
            let mut rest = String::new();
            let mut position = 0;
            for piece in pieces {
                prop_assert!(piece.range.start >= position && !piece.range.is_empty());
                rest.push_str(&script[position..piece.range.start]);
                position = piece.range.end;
            }
            rest.push_str(&script[position..]);
            // Between the pieces there is nothing that a database would want to see.
            let left = super::super::lexer::lex_significant(dialect, &rest);
            for token in left {
                let text = token.text(&rest);
                let delimiter = [";", "/", "$", "$$", "DELIMITER"].contains(&text);
                prop_assert!(delimiter, "{} leaves {text:?} of {script:?}", dialect.name);
            }
        }
    }
}
