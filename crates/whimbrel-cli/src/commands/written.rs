//! What `generate` and `new` have in common: what a new migration comes after, and its text.

use whimbrel::{
    migration::format,
    project::{Checkout, Config, Kind},
};
use whimbrel_migration::Migration;

use crate::failure::{DECISION, Failure, USAGE};

/// What a new migration comes after: the one leaf, or nothing where it is the first.
pub(crate) fn only_leaf(checkout: &Checkout) -> Result<Vec<String>, Failure> {
    match checkout.graph.leaves().as_slice() {
        [] => Ok(Vec::new()),
        [leaf] => Ok(vec![(*leaf).to_owned()]),
        leaves => {
            let listed: Vec<String> = leaves.iter().map(|it| format!("`{it}`")).collect();
            let message =
                format!("the migrations end in {} branches: {}", leaves.len(), listed.join(", "));
            Err(Failure::new(DECISION, message)
                .note("a new migration would not know which of them to come after")
                .hint("run `whimbrel generate --merge` to bring them together first"))
        }
    }
}

/// What a new migration is written in.
pub(crate) fn kind(config: &Config, sql: bool) -> Kind {
    if sql || config.get("format") == Some("sql") { Kind::Sql } else { Kind::Rust }
}

/// The file of a migration; `doc` is its opening sentence.
pub(crate) fn text(
    migration: &Migration,
    doc: &str,
    kind: Kind,
    _: &Config,
) -> Result<String, Failure> {
    match kind {
        Kind::Rust => Ok(format::rust::print(migration, doc)),
        Kind::Sql => Err(Failure::new(USAGE, "migrations can't be written as SQL yet")),
    }
}
