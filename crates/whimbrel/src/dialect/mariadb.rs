//! MariaDB 10.6 to 11.8: MySQL, but.

use super::{Defaults, Dialect, Lexical, MYSQL};
use crate::schema::Database;

/// MariaDB.
pub const MARIADB: Dialect = Dialect {
    name: "mariadb",
    aliases: &[],
    like: Some("mysql"),
    product: "MariaDB",
    databases: &[Database::MariaDb, Database::Mysql],
    lexical: Lexical { mariadb_comments: true, ..MYSQL.lexical },
    defaults: Defaults { unlogged: &[], ..MYSQL.defaults },
    ..MYSQL
};
