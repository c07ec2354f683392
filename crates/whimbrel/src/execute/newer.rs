//! What the server at hand is too old for: told before anything runs.

use super::{Stop, plan};
use crate::{
    connection::Server, dialect::Dialect, migration::Migrations, operation::Operation,
    schema::Options, sql::Unsupported,
};

/// Refuses migrations that tell columns, or tables that are there, what only newer servers understand.
pub(super) fn check(
    dialect: &Dialect,
    server: &Server,
    migrations: &dyn Migrations,
    wanted: &[String],
) -> Result<(), Stop> {
    let since = || dialect.column_options.since.iter().chain(dialect.table_options.since);
    if since().all(|(_, since)| server.version >= *since) {
        return Ok(());
    }
    for name in wanted {
        let loaded = migrations.load(name).map_err(Stop::Unreadable)?;
        for (position, operation) in loaded.migration.operations.iter().enumerate() {
            let told = told(dialect, operation);
            let early = since().find(|(option, since)| {
                server.version < *since && told.iter().any(|it| it == option)
            });
            if let Some((option, since)) = early {
                let because = format!(
                    "{} has it since {since}, and this server is {}; leave the option out, or \
                     upgrade the server",
                    dialect.product, server.version
                );
                let refusal = Unsupported::new(format!("the option `{option}`"), because);
                return Err(plan::unsupported(&loaded, position, operation, refusal));
            }
        }
    }
    Ok(())
}

/// The options that an operation tells columns here.
fn told(dialect: &Dialect, operation: &Operation) -> Vec<String> {
    let of = |options: &Options| -> Vec<String> {
        options.of(dialect.databases).into_keys().map(str::to_owned).collect()
    };
    match operation {
        Operation::CreateTable(it) => {
            it.table.columns.iter().flat_map(|it| of(&it.column.options)).collect()
        }
        Operation::AddColumn(it) => of(&it.column.options),
        Operation::AlterColumn(it) => {
            let mut options = Options::default();
            options.take(&it.change.options);
            of(&options)
        }
        // What a table is made with is older than that it changes.
        Operation::AlterTable(it) => {
            it.change.options.iter().map(|(_, name, _)| name.to_owned()).collect()
        }
        Operation::DatabaseOnly(it) => {
            it.operations.iter().flat_map(|it| told(dialect, it)).collect()
        }
        Operation::IgnoreErrors(it) => {
            it.operations.iter().flat_map(|it| told(dialect, it)).collect()
        }
        _ => Vec::new(),
    }
}
