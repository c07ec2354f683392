//! `whimbrel schema state`: the schema that the migrations lead to, as a schema file.

use serde_json::json;
use whimbrel::{project::Checkout, source::yaml};

use crate::{
    failure::{DONE, Failure, REFUSED},
    globals::Globals,
    ui::Ui,
};

/// Show the schema that the migrations lead to, as a schema file
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel schema state --at 0003")]
pub(crate) struct Args {
    /// After this migration and all that it comes after; the beginning of its name is enough
    #[arg(long, value_name = "NAME")]
    at: Option<String>,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let checkout = Checkout::open(&config)?;
    let names = if let Some(name) = &args.at {
        let found = checkout.graph.find(name);
        vec![found?]
    } else {
        let clashes = checkout.clashes()?;
        if !clashes.is_empty() {
            let mut failure = Failure::new(REFUSED, "there is no state that all branches share");
            failure.diagnostics = clashes;
            return Err(failure.hint("`--at NAME` shows the state of one branch"));
        }
        checkout.graph.leaves()
    };
    let schema = checkout.schema_after(&names)?;
    let Some(print) = yaml::FORMAT.print else {
        return Err(Failure::new(REFUSED, "schemas can't be written as YAML"));
    };
    let text = print(&schema);
    if ui.is_json() {
        ui.json(json!({ "after": names, "schema": text }));
    } else {
        ui.result(&text);
    }
    Ok(DONE)
}
