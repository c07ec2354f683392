//! MariaDB 10.6 to 11.8: MySQL, but.

use super::{
    AlterRoutine, Constraints, Defaults, Dialect, Generation, Indexes, InformationSchema, Lexical,
    Looking, MYSQL, Routines, Uniques, waiting,
};
use crate::{connection::Version, schema::Database};

/// MariaDB.
pub const MARIADB: Dialect = Dialect {
    name: "mariadb",
    aliases: &[],
    like: Some("mysql"),
    product: "MariaDB",
    databases: &[Database::MariaDb, Database::Mysql],
    // MariaDB, "Atomic DDL": each table goes at once, the statement as a whole may stop between two.
    drops_together: false,
    lexical: Lexical { mariadb_comments: true, ..MYSQL.lexical },
    waiting: waiting::OF_MARIADB,
    defaults: Defaults { unlogged: &[], ..MYSQL.defaults },
    indexes: Indexes {
        no_expressions: Some(
            "it indexes columns only (MariaDB, \"CREATE INDEX\"); index a computed column with \
             the expression",
        ),
        no_collation: Some(
            "a part of an index has the column's collation; give the column another one",
        ),
        no_equal_nulls: Some(
            "nulls always count as different; let the column be `nullable: false`",
        ),
        ..MYSQL.indexes
    },
    // MariaDB, "Generated (Virtual and Persistent/Stored) Columns": no further constraint is taken.
    generation: Generation {
        always_nullable: Some(
            "MariaDB takes no NOT NULL of a computed column; leave `nullable: false` out",
        ),
        tied_names: false,
        ..MYSQL.generation
    },
    // MariaDB, "SET ROLE": there is no word for the default one.
    reset_role: Some("SET ROLE NONE"),
    constraints: Constraints::Clauses { follow_renames: true, shared_names: false, renamed: false },
    uniques: Uniques {
        no_equal_nulls: Some(
            "nulls always count as different; let the columns be `nullable: false`",
        ),
        ..MYSQL.uniques
    },
    // MariaDB, "CREATE TRIGGER", "CREATE FUNCTION": `OR REPLACE` is there, unlike in MySQL.
    routines: Routines {
        alter_trigger: AlterRoutine::Replace,
        alter: AlterRoutine::Replace,
        ..MYSQL.routines
    },
    looking: Looking { information_schema: Some(WORDS), ..MYSQL.looking },
    ..MYSQL
};

/// Defaults are shown as expressions, `NULL` too; JSON is a text with a check. A `TIMESTAMP` that is
/// `NOT NULL` and was told only what happens on update has a zero for its default, which nobody
/// asked for (MariaDB, "TIMESTAMP").
const WORDS: InformationSchema = InformationSchema {
    default: "IF(EXTRA LIKE '%on update%', CONCAT(IF(COLUMN_DEFAULT LIKE '''0000-00-00%', \
              'NULL', COALESCE(COLUMN_DEFAULT, 'NULL')), ' ON UPDATE ', \
              SUBSTRING_INDEX(SUBSTRING_INDEX(EXTRA, 'on update ', -1), ' ', 1)), COLUMN_DEFAULT)",
    expression: str::to_owned,
    reference_system: "NULL",
    indexed: "NULL",
    hidden_index: "IF(IGNORED = 'YES', 'IGNORED', NULL)",
    language: "NULL",
    algorithm: "ALGORITHM",
    checks: "t.TABLE_NAME, t.CONSTRAINT_NAME, IF(t.LEVEL = 'Column', t.CONSTRAINT_NAME, NULL), \
             t.CHECK_CLAUSE, '' FROM information_schema.CHECK_CONSTRAINTS AS t",
    json_is_text: true,
    periods: Some(Version::new(11, 4, 1)),
};
