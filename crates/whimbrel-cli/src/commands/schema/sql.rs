//! `whimbrel schema sql`: the whole schema as SQL, as on an empty database.

use serde_json::json;
use whimbrel::{
    dialect::{Dialect, SQLITE},
    diff::{self, Answers},
    project,
    schema::Schema,
};

use crate::{
    commands::{init::dialect_named, sql},
    failure::{DONE, Failure, REFUSED},
    globals::Globals,
    ui::Ui,
};

/// Show the whole schema as SQL, without a database
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel schema sql --dialect postgres")]
pub(crate) struct Args {
    /// For this database, instead of the configured one
    #[arg(long, value_name = "DATABASE", alias = "database", value_parser = dialect_named)]
    dialect: Option<&'static Dialect>,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let dialect = args.dialect.or_else(|| config.dialect()).unwrap_or(&SQLITE);
    let (declared, warnings) = project::declared(&config)?;
    for warning in &warnings {
        ui.diagnostic(warning);
    }
    let empty = Schema::default();
    let operations = diff::diff(&empty, &declared.schema, &Answers::default())
        .map_err(|it| Failure::new(REFUSED, it.to_string()))?;
    let statements = sql::of_operations(&operations, empty, dialect)
        .map_err(|why| Failure::new(REFUSED, why))?;
    if ui.is_json() {
        ui.json(json!({ "dialect": dialect.name, "statements": statements }));
    } else {
        ui.result(&statements.concat());
    }
    Ok(DONE)
}
