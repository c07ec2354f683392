//! `whimbrel schema validate`: everything that is wrong with the schema, at once.

use serde_json::json;
use whimbrel::project;

use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    ui::{Ui, diagnostic_as_json},
};

/// Say everything that is wrong with the schema, without a database
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel schema validate")]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let (declared, warnings) = project::declared(&config)?;
    let schema = &declared.schema;
    for warning in &warnings {
        ui.diagnostic(warning);
    }
    if ui.is_json() {
        let tables: Vec<String> = schema.tables().map(|it| it.name.to_string()).collect();
        let warnings: Vec<_> = warnings.iter().map(diagnostic_as_json).collect();
        ui.json(json!({ "valid": true, "tables": tables, "warnings": warnings }));
    } else {
        let path = config.display(&config.schema());
        let tables = schema.tables().len();
        let columns: usize = schema.tables().map(|it| it.columns.len()).sum();
        ui.result(&format!(
            "{path} is valid: {}, {}",
            count(tables, "table"),
            count(columns, "column")
        ));
    }
    Ok(DONE)
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
