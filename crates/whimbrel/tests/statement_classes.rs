//! Which class each statement of the databases' manuals belongs to: what becomes of it when nobody
//! lived to say that it ran. One row a statement, in the words of `docs/steps.md`, whose end is
//! written from these tables.

use std::{env, fmt::Write as _, fs, path::Path};

use whimbrel::{
    dialect::{Ddl, Dialect, MARIADB, MYSQL, POSTGRES, SQLITE},
    sql::{Kind, Transaction, classify::classify},
};

/// What becomes of a statement when nobody lived to say that it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// It shares a transaction with its mark.
    Transactional,
    /// The same, on a database that commits schema changes by itself.
    Dml,
    /// It stands alone, and the catalog says whether it ran.
    Decidable,
    /// It can be run again.
    Repeatable,
    /// It ends with its session, so it is run again where it is needed.
    Session,
    /// It is left out: whimbrel bounds transactions itself.
    Bound,
    /// Nobody can tell: it is asked about, unless `done-when` tells.
    Opaque,
}
use Class::*;

fn class(dialect: &Dialect, text: &str) -> Class {
    let found = classify(dialect, text);
    let alone = found.transaction == Transaction::Forbidden || dialect.ddl == Ddl::Autocommit;
    match (found.transaction, found.kind) {
        (Transaction::Controls, _) => Bound,
        (_, Kind::Session) => Session,
        (_, Kind::Nothing) => Repeatable,
        (Transaction::Allowed, Kind::Rows) if dialect.ddl == Ddl::Autocommit => Dml,
        (Transaction::Allowed, _) if !alone => Transactional,
        (_, Kind::Repeatable) => Repeatable,
        _ if !found.looks.is_empty() => Decidable,
        _ => Opaque,
    }
}

type Table = &'static [(Class, &'static [&'static str])];

fn check(dialect: &Dialect, table: Table) {
    let mut wrong = Vec::new();
    for (wanted, statements) in table {
        for text in *statements {
            let found = class(dialect, text);
            if found != *wanted {
                wrong.push(format!("{text}: {found:?} and not {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", dialect.name, wrong.join("\n"));
}

const OF_POSTGRESQL: Table = &[
    (
        Transactional,
        &[
            "ALTER AGGREGATE a(int) RENAME TO b",
            "ALTER COLLATION a REFRESH VERSION",
            "ALTER DATABASE a SET work_mem = '1MB'",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a",
            "ALTER DOMAIN a DROP NOT NULL",
            "ALTER EXTENSION a UPDATE",
            "ALTER FUNCTION f() STABLE",
            "ALTER INDEX a RENAME TO b",
            "ALTER MATERIALIZED VIEW a RENAME TO b",
            "ALTER POLICY p ON a USING (true)",
            "ALTER PUBLICATION p ADD TABLE a",
            "ALTER ROLE a LOGIN",
            "ALTER SCHEMA a RENAME TO b",
            "ALTER SEQUENCE s RESTART",
            "ALTER TABLE a ADD b int, ALTER c TYPE bigint USING c::bigint",
            "ALTER TRIGGER t ON a RENAME TO u",
            "ALTER TYPE t RENAME VALUE 'a' TO 'b'",
            "ALTER VIEW v RENAME TO w",
            "ANALYZE a",
            "CALL p()",
            "COMMENT ON TABLE a IS 'b'",
            "COPY a FROM '/file'",
            "CREATE EXTENSION a",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE INDEX ON a (b)",
            "CREATE MATERIALIZED VIEW a AS SELECT 1",
            "CREATE POLICY p ON a",
            "CREATE PUBLICATION p FOR TABLE a",
            "CREATE ROLE a",
            "CREATE RULE r AS ON INSERT TO a DO NOTHING",
            "CREATE SCHEMA a",
            "CREATE SEQUENCE s",
            "CREATE STATISTICS s ON a, b FROM c",
            "CREATE TABLE a AS SELECT 1",
            "CREATE TYPE t AS ENUM ('a')",
            "CREATE UNLOGGED TABLE a (b int)",
            "CREATE VIEW v AS SELECT 1",
            "DELETE FROM a",
            "DO $$ BEGIN NULL; END $$",
            "DROP INDEX a",
            "DROP OWNED BY a",
            "DROP TABLE a, b",
            "EXECUTE s",
            "GRANT SELECT ON a TO b",
            "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c",
            "INSERT INTO a VALUES (1)",
            "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE",
            "NOTIFY a",
            "REASSIGN OWNED BY a TO b",
            "REFRESH MATERIALIZED VIEW a",
            "REINDEX TABLE a",
            "REVOKE SELECT ON a FROM b",
            "SECURITY LABEL ON TABLE a IS 'b'",
            "SELECT setval('s', 1)",
            "TRUNCATE a, b",
            "UPDATE a SET b = 1",
            "WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a",
        ],
    ),
    (
        Decidable,
        &[
            "CREATE INDEX CONCURRENTLY i ON a (b)",
            "DROP INDEX CONCURRENTLY i",
            "ALTER TYPE t ADD VALUE 'a'",
        ],
    ),
    (
        Repeatable,
        &[
            "ALTER SYSTEM SET work_mem = '1MB'",
            "CLUSTER",
            "COPY a TO '/file'",
            "EXPLAIN SELECT 1",
            "LOCK TABLE a",
            "REINDEX DATABASE a",
            "REINDEX INDEX CONCURRENTLY a",
            "SELECT 1",
            "SHOW work_mem",
            "VACUUM FULL a",
            "VALUES (1)",
        ],
    ),
    (
        Session,
        &[
            "CREATE TEMP TABLE a (b int)",
            "DEALLOCATE s",
            "DISCARD TEMP",
            "LISTEN a",
            "LOAD 'a'",
            "PREPARE s AS SELECT 1",
            "RESET ALL",
            "SET ROLE a",
            "SET SESSION AUTHORIZATION a",
            "SET search_path TO a",
            "UNLISTEN a",
        ],
    ),
    (Bound, &["ABORT", "BEGIN", "COMMIT", "DISCARD ALL", "END", "ROLLBACK", "SAVEPOINT a"]),
    (
        Opaque,
        &[
            "ALTER DATABASE a SET TABLESPACE b",
            "ALTER SUBSCRIPTION a DISABLE",
            "CREATE DATABASE a",
            "CREATE INDEX CONCURRENTLY ON a (b)",
            "CREATE SUBSCRIPTION a CONNECTION 'b' PUBLICATION c",
            "CREATE TABLESPACE a LOCATION '/b'",
            "DROP DATABASE a",
        ],
    ),
];

#[test]
fn the_statements_of_postgresql() {
    check(&POSTGRES, OF_POSTGRESQL);
}

/// The list of "Statements That Cause an Implicit Commit", and the rest of "SQL Statements".
const OF_MYSQL: Table = &[
    (
        Decidable,
        &[
            "ALTER TABLE a ADD b INT",
            "ALTER TABLE a ADD b INT, ADD c INT, ALGORITHM=INPLACE",
            "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES c (d)",
            "ALTER TABLE a CHANGE b c INT",
            "ALTER TABLE a RENAME TO b",
            "CREATE DATABASE a",
            "CREATE INDEX i ON a (b)",
            "CREATE TABLE a (b INT)",
            "CREATE TABLE a LIKE b",
            "CREATE VIEW v AS SELECT 1",
            "DROP DATABASE a",
            "DROP INDEX i ON a",
            "DROP TABLE a, b",
            "DROP VIEW v",
            "RENAME TABLE a TO b, c TO d",
        ],
    ),
    (
        Repeatable,
        &[
            "ALTER DATABASE a CHARACTER SET utf8mb4",
            "ALTER EVENT e DISABLE",
            "ALTER FUNCTION f COMMENT 'a'",
            "ALTER TABLE a ALTER COLUMN b SET DEFAULT 1",
            "ALTER TABLE a ALTER INDEX i INVISIBLE",
            "ALTER TABLE a CHANGE b b BIGINT",
            "ALTER TABLE a COMMENT = 'b'",
            "ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4",
            "ALTER TABLE a ENGINE = InnoDB",
            "ALTER TABLE a MODIFY b BIGINT NOT NULL, MODIFY c INT",
            "ALTER USER a IDENTIFIED BY 'b'",
            "ALTER VIEW v AS SELECT 1",
            "ANALYZE TABLE a",
            "CACHE INDEX a IN b",
            "CHECK TABLE a",
            "CREATE DATABASE IF NOT EXISTS a",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "CREATE USER IF NOT EXISTS a",
            "DROP DATABASE IF EXISTS a",
            "DROP TRIGGER IF EXISTS t",
            "EXPLAIN SELECT 1",
            "FLUSH PRIVILEGES",
            "GRANT SELECT ON a TO b",
            "LOAD INDEX INTO CACHE a",
            "OPTIMIZE TABLE a",
            "REPAIR TABLE a",
            "RESET PERSIST a",
            "SELECT 1",
            "SET DEFAULT ROLE a TO b",
            "SET GLOBAL a = 1",
            "SET PASSWORD = 'a'",
            "SHOW TABLES",
        ],
    ),
    (
        Dml,
        &[
            "DELETE FROM a",
            "INSERT INTO a SELECT 1",
            "LOAD DATA INFILE 'a' INTO TABLE b",
            "LOAD XML INFILE 'a' INTO TABLE b",
            "REPLACE INTO a VALUES (1)",
            "UPDATE a SET b = 1",
            "WITH a AS (SELECT 1) DELETE FROM b",
        ],
    ),
    (
        Session,
        &[
            "CREATE TEMPORARY TABLE a (b INT)",
            "DEALLOCATE PREPARE s",
            "DROP TEMPORARY TABLE a",
            "PREPARE s FROM 'SELECT 1'",
            "SELECT max(a) INTO @b FROM c",
            "SET @a = 1",
            "SET NAMES utf8mb4",
            "SET ROLE a",
            "SET SESSION sql_mode = ''",
            "USE a",
        ],
    ),
    (
        Bound,
        &[
            "BEGIN",
            "COMMIT",
            "LOCK TABLES a WRITE",
            "ROLLBACK",
            "SET autocommit = 1",
            "START TRANSACTION",
            "UNLOCK TABLES",
            "XA START 'a'",
        ],
    ),
    (
        Opaque,
        &[
            "ALTER EVENT e RENAME TO f",
            "ALTER INSTANCE ROTATE INNODB MASTER KEY",
            "ALTER TABLE a ADD PRIMARY KEY (b)",
            "ALTER TABLE a AUTO_INCREMENT = 5",
            "ALTER TABLE a DISCARD TABLESPACE",
            "ALTER TABLE a DROP PARTITION p",
            "ALTER TABLE a ENGINE = InnoDB AUTO_INCREMENT = 5",
            "ALTER TABLE a MODIFY b INT UNIQUE",
            "ALTER TABLE a TRUNCATE PARTITION p",
            "ALTER TABLESPACE a RENAME TO b",
            "CALL p()",
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST='a'",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
            "CREATE FUNCTION f() RETURNS INT RETURN 1",
            "CREATE PROCEDURE p() SELECT 1",
            "CREATE ROLE a",
            "CREATE SERVER a FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'b')",
            "CREATE SPATIAL REFERENCE SYSTEM 4120 NAME 'a'",
            "CREATE TABLE a (b INT) SELECT 1 AS b",
            "CREATE TABLE a AS SELECT 1",
            "CREATE TABLESPACE a ADD DATAFILE 'b'",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1",
            "CREATE USER a",
            "DO sleep(1)",
            "EXECUTE s",
            "IMPORT TABLE FROM 'a.sdi'",
            "INSTALL PLUGIN a SONAME 'b'",
            "RENAME TABLE a TO c, b TO a, c TO b",
            "RENAME USER a TO b",
            "RESET BINARY LOGS AND GTIDS",
            "REVOKE SELECT ON a FROM b",
            "SELECT 1 INTO OUTFILE 'a'",
            "SELECT f()",
            "START REPLICA",
            "STOP REPLICA",
            "TRUNCATE TABLE a",
            "UNINSTALL PLUGIN a",
        ],
    ),
];

#[test]
fn the_statements_of_mysql() {
    check(&MYSQL, OF_MYSQL);
}

const OF_MARIADB: Table = &[
    (Decidable, &["SET STATEMENT max_statement_time = 60 FOR ALTER TABLE a ADD b INT"]),
    (Dml, &["SET STATEMENT sql_mode = '' FOR INSERT INTO a VALUES (1)"]),
    (
        Repeatable,
        &[
            "ANALYZE TABLE a PERSISTENT FOR ALL",
            "CREATE OR REPLACE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1",
        ],
    ),
    (Session, &["SET STATEMENT a = 1 FOR SET @b = 1"]),
    (
        Opaque,
        &[
            "ANALYZE FORMAT=JSON UPDATE a SET b = 1",
            "BEGIN NOT ATOMIC INSERT INTO a VALUES (1); END",
            "CREATE OR REPLACE SEQUENCE s",
            "CREATE OR REPLACE TABLE a (b INT)",
            "CREATE SEQUENCE s",
            "SET STATEMENT a = 1",
        ],
    ),
];

#[test]
fn the_statements_of_mariadb_that_are_its_own() {
    check(&MARIADB, OF_MARIADB);
}

const OF_SQLITE: Table = &[
    (
        Transactional,
        &[
            "ALTER TABLE a ADD b",
            "ANALYZE",
            "CREATE INDEX i ON a (b)",
            "CREATE TABLE a (b)",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
            "CREATE VIEW v AS SELECT 1",
            "CREATE VIRTUAL TABLE a USING fts5(b)",
            "DELETE FROM a",
            "DROP TABLE a",
            "INSERT INTO a VALUES (1)",
            "PRAGMA user_version = 1",
            "REINDEX a",
            "REPLACE INTO a VALUES (1)",
            "UPDATE a SET b = 1",
        ],
    ),
    (
        Repeatable,
        &[
            "EXPLAIN QUERY PLAN SELECT 1",
            "PRAGMA incremental_vacuum",
            "PRAGMA integrity_check",
            "PRAGMA journal_mode = WAL",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "SELECT 1",
            "VACUUM",
        ],
    ),
    (
        Session,
        &[
            "ATTACH 'a' AS b",
            "CREATE TEMP TABLE a (b)",
            "DETACH b",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA recursive_triggers = 1",
        ],
    ),
    (Bound, &["BEGIN", "COMMIT", "END", "RELEASE a", "ROLLBACK", "SAVEPOINT a"]),
    (Opaque, &["VACUUM INTO 'a'"]),
];

#[test]
fn the_statements_of_sqlite() {
    check(&SQLITE, OF_SQLITE);
}

impl Class {
    /// As the page calls it.
    const fn words(self) -> &'static str {
        match self {
            Transactional => "transactional",
            Dml => "rows",
            Decidable => "decidable",
            Repeatable => "repeatable",
            Session => "of the session",
            Bound => "bounding a transaction",
            Opaque => "opaque",
        }
    }
}

/// What the page shows of these tables.
fn page() -> String {
    let mut text = String::new();
    for (title, table) in [
        ("PostgreSQL", OF_POSTGRESQL),
        ("MySQL and MariaDB", OF_MYSQL),
        ("MariaDB alone", OF_MARIADB),
        ("SQLite", OF_SQLITE),
    ] {
        write!(text, "\n### {title}\n\n| class | statements |\n|---|---|\n").unwrap();
        for (class, statements) in table {
            let statements: Vec<String> = statements.iter().map(|it| format!("`{it}`")).collect();
            writeln!(text, "| {} | {} |", class.words(), statements.join(" · ")).unwrap();
        }
    }
    text
}

#[test]
fn the_page_on_steps_shows_these_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/steps.md");
    let found = fs::read_to_string(&path).expect("the page is there").replace("\r\n", "\n");
    let written = "`UPDATE=1 cargo test -p whimbrel --test statement_classes`. -->\n";
    let at = found.find(written).expect("the page says what is written") + written.len();
    let wanted = format!("{}{}", &found[..at], page());
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, wanted).expect("the page can be written");
    } else {
        assert_eq!(found, wanted, "UPDATE=1 writes docs/steps.md anew");
    }
}
