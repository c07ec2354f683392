//! A script of the user's own as statements.

use super::{Statement, Unsupported, classify::classify, split::split};
use crate::dialect::Dialect;

/// The statements of a script, each with what it touches.
pub fn script(dialect: &Dialect, text: &str) -> Result<Vec<Statement>, Unsupported> {
    let pieces = split(dialect, text).map_err(|errors| {
        let words = errors.iter().map(|it| format!("{}; {}", it.message, it.help));
        Unsupported::new("to read this SQL", words.collect::<Vec<_>>().join("; "))
    })?;
    let statement = |text: &str| classify(dialect, text).into_statement(text);
    Ok(pieces.iter().map(|it| statement(it.text(text))).collect())
}
