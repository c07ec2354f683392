//! `generate --sql`: the migration as SQL for the databases of the project.

use whimbrel::{
    dialect::Dialect,
    migration::format::sql::{self, Printed},
    project::Config,
    schema::Schema,
};
use whimbrel_migration::Migration;

use crate::failure::{Failure, REFUSED, USAGE};

/// The file; what can't be said in SQL before the database is asked is refused.
pub(super) fn print(
    config: &Config,
    migration: &Migration,
    before: &Schema,
    title: &str,
) -> Result<Printed, Failure> {
    let dialects = dialects(config);
    if dialects.is_empty() && !migration.operations.is_empty() {
        return Err(Failure::new(USAGE, "SQL is written for a database, and none is configured")
            .hint("set `dialect` in whimbrel.toml, or DATABASE_URL; `--rust` writes for all"));
    }
    let printed = sql::print(migration, before, &dialects, title);
    printed.map_err(|it| {
        let message = format!("\"{}\" can't be written as SQL beforehand: {}", it.what, it.because);
        Failure::new(REFUSED, message).note("nothing was written").hint(
            "run `whimbrel generate --rust`, which writes it as operations; both languages stand \
             side by side in one graph",
        )
    })
}

/// The databases that SQL is written for.
pub(super) fn dialects(config: &Config) -> Vec<&'static Dialect> {
    config.databases().into_iter().map(|(_, dialect)| dialect).collect()
}
