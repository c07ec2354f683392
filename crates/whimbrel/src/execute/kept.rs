//! What an operation on rows replaces is remembered in the transaction that replaces it, and put
//! back when the operation is taken back. Each row is a fact in `whimbrel_state`.

use crate::{
    dialect::Dialect,
    history::History,
    migration::checksum,
    operation::{Operation, Span},
    sql::{self, Keep, Kept, Unsupported},
};

/// The longest name of a migration that stands in the name of a fact, in characters.
const LONGEST: usize = 180;

/// How what an operation replaces is kept, where it replaces rows.
pub(super) fn kept(
    operation: &Operation,
    dialect: &Dialect,
    history: &History,
    place: (&str, usize),
    span: Span<'_>,
) -> Result<Option<Kept>, Unsupported> {
    let Operation::Upsert(it) = operation else { return Ok(None) };
    let (migration, position) = place;
    let prefix = if migration.chars().count() > LONGEST {
        sql::keep_prefix(&checksum::raw(migration.as_bytes()), position)
    } else {
        sql::keep_prefix(migration, position)
    };
    let keep = Keep { table: history.table("state"), prefix };
    let table = sql::table_of(span.before, &it.table)?;
    sql::kept_of_upsert(dialect, span.before, table, it, &keep).map(Some)
}
