//! MariaDB 10.6 to 11.8: MySQL, but.

use super::{Defaults, Dialect, Lexical, MYSQL, waiting};
use crate::schema::Database;

/// MariaDB.
pub const MARIADB: Dialect = Dialect {
    name: "mariadb",
    aliases: &[],
    like: Some("mysql"),
    product: "MariaDB",
    databases: &[Database::MariaDb, Database::Mysql],
    lexical: Lexical { mariadb_comments: true, ..MYSQL.lexical },
    waiting: waiting::OF_MARIADB,
    defaults: Defaults { unlogged: &[], ..MYSQL.defaults },
    // MariaDB, "SET ROLE": there is no word for the default one.
    reset_role: Some("SET ROLE NONE"),
    ..MYSQL
};
