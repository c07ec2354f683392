//! Namespaces: parts of a database, or databases of the same server.

use super::{Statement, absent, present};
use crate::dialect::{Dialect, Namespaces, Object, Unsupported};

/// `CREATE SCHEMA "audit"`
pub fn create_namespace(dialect: &Dialect, namespace: &str) -> Result<Statement, Unsupported> {
    dialect.check_name(namespace)?;
    let text = format!("CREATE {} {}", word(dialect, namespace)?, dialect.quote(namespace));
    Ok(Statement::schema(text, [present(Object::Namespace(namespace.to_owned()))]))
}

/// `DROP SCHEMA "audit"`, which the database refuses while something is in it, or else is asked
/// beforehand: `DROP DATABASE` takes all of it along.
pub fn drop_namespace(dialect: &Dialect, namespace: &str) -> Result<Statement, Unsupported> {
    let text = format!("DROP {} {}", word(dialect, namespace)?, dialect.quote(namespace));
    let spares = match dialect.namespaces {
        Namespaces::Databases { inside } => Some(inside(dialect, namespace)),
        Namespaces::Schemas | Namespaces::Unsupported { .. } => None,
    };
    let gone = [absent(Object::Namespace(namespace.to_owned()))];
    Ok(Statement { spares, ..Statement::schema(text, gone) })
}

fn word(dialect: &Dialect, namespace: &str) -> Result<&'static str, Unsupported> {
    match dialect.namespaces {
        Namespaces::Schemas => Ok("SCHEMA"),
        Namespaces::Databases { .. } => Ok("DATABASE"),
        Namespaces::Unsupported { because } => {
            Err(Unsupported::new(format!("the namespace `{namespace}`"), because))
        }
    }
}
