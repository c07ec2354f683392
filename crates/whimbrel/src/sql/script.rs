//! A script of the user's own as statements.

use super::{Body, Kind, Statement, Transaction, Unsupported, split::split};
use crate::dialect::Dialect;

/// The statements of a script, each with what it touches.
pub fn script(dialect: &Dialect, text: &str) -> Result<Vec<Statement>, Unsupported> {
    let pieces = split(dialect, text).map_err(|errors| {
        let words = errors.iter().map(|it| format!("{}; {}", it.message, it.help));
        Unsupported::new("to read this SQL", words.collect::<Vec<_>>().join("; "))
    })?;
    let statement = |text: &str| Statement {
        body: Body::Text(text.to_owned()),
        kind: Kind::Unknown,
        transaction: Transaction::Allowed,
        looks: vec![],
        done_when: None,
    };
    Ok(pieces.iter().map(|it| statement(it.text(text))).collect())
}
