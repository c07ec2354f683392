//! Statements as people write them, and what is known of each by its words.

use proptest::prelude::*;

use super::*;
use crate::{
    dialect::{ALL, MARIADB, MYSQL, POSTGRES, SQLITE},
    sql::{Kind::*, Transaction::*},
};

fn check(dialect: &Dialect, wanted: &[(Kind, Transaction, &[&str])]) {
    for (kind, transaction, statements) in wanted {
        for statement in *statements {
            let found = classify(dialect, statement);
            let found = (found.kind, found.transaction);
            assert_eq!(found, (*kind, *transaction), "{} of {statement:?}", dialect.name);
        }
    }
}

#[test]
fn postgres_statements_are_known_by_their_words() {
    check(
        &POSTGRES,
        &[
            (
                Schema,
                Allowed,
                &[
                    "CREATE TABLE a (b int)",
                    "create /* x */ unique index i on a (b)",
                    "DROP TABLE a, b",
                    "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "SELECT * INTO b FROM a",
                    "ALTER TABLE a VALIDATE CONSTRAINT c",
                    "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID",
                    "ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1)",
                    "ALTER TABLE a DETACH PARTITION b",
                    "ALTER TABLE a DETACH PARTITION b FINALIZE",
                    "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
                    "ALTER INDEX i ATTACH PARTITION j",
                    "CREATE INDEX i ON ONLY a (b)",
                    "DROP VIEW IF EXISTS v",
                    "IMPORT FOREIGN SCHEMA s FROM SERVER x INTO y",
                ],
            ),
            (
                Schema,
                Forbidden,
                &[
                    "CREATE INDEX CONCURRENTLY i ON a (b)",
                    "DROP INDEX CONCURRENTLY i",
                    "CREATE DATABASE d",
                    "DROP TABLESPACE t",
                    "ALTER DATABASE d SET TABLESPACE t",
                    "ALTER TYPE mood ADD VALUE 'sad'",
                    "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
                    "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
                ],
            ),
            (
                Repeatable,
                Forbidden,
                &[
                    "VACUUM ANALYZE a",
                    "VACUUM (FULL, ANALYZE) a",
                    "REINDEX INDEX CONCURRENTLY i",
                    "REINDEX TABLE CONCURRENTLY a",
                    "REINDEX (CONCURRENTLY) TABLE a",
                    "REINDEX DATABASE d",
                    "CLUSTER",
                    "ALTER SYSTEM SET work_mem = '1MB'",
                    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'",
                    "DROP INDEX CONCURRENTLY IF EXISTS i",
                ],
            ),
            (
                Repeatable,
                Allowed,
                &[
                    "ANALYZE a",
                    "COMMENT ON TABLE a IS 'x'",
                    "GRANT SELECT ON a TO b",
                    "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
                    "CLUSTER a USING i",
                    "REINDEX TABLE a",
                ],
            ),
            (
                Rows,
                Allowed,
                &[
                    "INSERT INTO a SELECT f()",
                    "WITH x AS (SELECT 1) UPDATE a SET b = 1",
                    "WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x",
                    "COPY a FROM '/x'",
                    "TRUNCATE a",
                    "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE",
                ],
            ),
            (
                Nothing,
                Allowed,
                &[
                    "SELECT count(*), \"update\" FROM a WHERE b IN (1)",
                    "WITH x AS (SELECT replace(a, 'b', 'c') FROM d) SELECT * FROM x",
                    "COPY a TO '/x'",
                    "EXPLAIN SELECT 1",
                    "TABLE a",
                    "LOCK TABLE a",
                    "",
                ],
            ),
            (
                Unknown,
                Allowed,
                &[
                    "SELECT setval('s', 1)",
                    "SELECT \"add_column\"()",
                    "CALL p()",
                    "DO $$ BEGIN END $$",
                    "EXECUTE x",
                    "EXPLAIN ANALYZE DELETE FROM a",
                    "CREATE TEMP TABLE a AS SELECT f()",
                    "FROBNICATE a",
                    "( SELECT 1 )",
                ],
            ),
            (
                Session,
                Allowed,
                &[
                    "SET search_path TO a, b",
                    "SET ROLE x",
                    "RESET ALL",
                    "SELECT pg_catalog.set_config('search_path', '', false)",
                ],
            ),
            (Session, Allowed, &["CREATE TEMP TABLE a (b int)", "SELECT 1 INTO TEMP a"]),
            (
                Nothing,
                Controls,
                &[
                    "DISCARD ALL",
                    "BEGIN",
                    "START TRANSACTION READ ONLY",
                    "END",
                    "ROLLBACK TO SAVEPOINT a",
                    "PREPARE TRANSACTION 'x'",
                ],
            ),
        ],
    );
}

#[test]
fn mysql_statements_are_known_by_their_words() {
    check(
        &MYSQL,
        &[
            (
                Schema,
                Forbidden,
                &[
                    "CREATE TABLE a (b int)",
                    "ALTER TABLE a ADD b int",
                    "CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1",
                    "CREATE USER a IDENTIFIED BY 'secret'",
                    "RENAME TABLE a TO b",
                    "DROP INDEX i ON a",
                    "/*!50001 CREATE VIEW a AS SELECT 1 */",
                ],
            ),
            (
                Repeatable,
                Forbidden,
                &[
                    "CREATE OR REPLACE VIEW v AS SELECT 1",
                    "DROP PROCEDURE IF EXISTS p",
                    "OPTIMIZE TABLE a",
                    "ANALYZE TABLE a",
                    "GRANT SELECT ON a TO b",
                    "SET PASSWORD = 'x'",
                ],
            ),
            (Repeatable, Allowed, &["SET GLOBAL x = 1", "SET @@global.x = 1"]),
            (Unknown, Forbidden, &["TRUNCATE a"]),
            (
                Unknown,
                Allowed,
                &[
                    "CALL p()",
                    "DO sleep(1)",
                    "SELECT f() INTO @a",
                    "SELECT 1 INTO OUTFILE 'x'",
                    "SET @a = uuid()",
                ],
            ),
            (Rows, Allowed, &["REPLACE INTO a VALUES (1)", "LOAD DATA INFILE 'x' INTO TABLE a"]),
            (
                Session,
                Allowed,
                &[
                    "SET NAMES utf8mb4",
                    "/*!40101 SET @OLD=@@SQL_MODE, SQL_MODE='' */",
                    "USE x",
                    "SELECT 1 INTO @a",
                    "SELECT @a := max(b) FROM c",
                    "SET @a = (SELECT max(id) FROM b)",
                ],
            ),
            (Session, Forbidden, &["CREATE TEMPORARY TABLE a (b INT)"]),
            (
                Nothing,
                Controls,
                &[
                    "SET autocommit = 0",
                    "SET @@session.autocommit=1",
                    "COMMIT",
                    "LOCK TABLES a WRITE",
                    "UNLOCK TABLES",
                ],
            ),
        ],
    );
    check(&MARIADB, &[(Unknown, Allowed, &["BEGIN NOT ATOMIC COMMIT; END"])]);
}

#[test]
fn sqlite_statements_are_known_by_their_words() {
    check(
        &SQLITE,
        &[
            (Schema, Allowed, &["CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"]),
            (Repeatable, Forbidden, &["VACUUM", "PRAGMA journal_mode = WAL", "PRAGMA optimize"]),
            (Unknown, Forbidden, &["VACUUM INTO 'x'"]),
            (
                Session,
                Forbidden,
                &[
                    "PRAGMA foreign_keys = OFF",
                    "PRAGMA main.synchronous(1)",
                    "ATTACH 'x' AS y",
                    "DETACH y",
                ],
            ),
            (Session, Allowed, &["PRAGMA recursive_triggers = 1"]),
            (Repeatable, Allowed, &["PRAGMA user_version = 3", "REINDEX", "ANALYZE"]),
            (Nothing, Allowed, &["PRAGMA foreign_keys", "PRAGMA table_info(a)"]),
            (Nothing, Controls, &["BEGIN IMMEDIATE", "END TRANSACTION"]),
            (Rows, Allowed, &["REPLACE INTO a VALUES (1)"]),
        ],
    );
}

#[test]
fn a_description_shows_no_string() {
    let described = |text| classify(&MYSQL, text).described;
    assert_eq!(described("CREATE  TABLE a /* x */\n(b INT)"), "CREATE TABLE a …");
    assert_eq!(described("CREATE USER a IDENTIFIED BY 'pw'"), "CREATE USER a IDENTIFIED BY …");
    assert_eq!(described("DROP TABLE x.a"), "DROP TABLE x.a");
    assert_eq!(described(&format!("DROP TABLE {}", "ä".repeat(99))), "DROP TABLE …");
}

proptest! {
    #[test]
    fn no_text_is_too_odd_to_classify(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "CREATE", "ALTER", "DROP", "TABLE", "INDEX", "a", ".", ",", "(", ")", "ADD", "RENAME",
            "TO", "ON", "/*! x", "*/", "'", "\"b\"", "DEFINER", "=", "SET", "WITH", "SELECT", "@",
            "COLUMN", "CONSTRAINT", "FOREIGN KEY", "UNIQUE", "PRAGMA", "IF NOT EXISTS", "ä", ";",
        ]), 0..16)
    ) {
        for dialect in ALL {
            classify(dialect, &words.join(" "));
        }
    }
}
