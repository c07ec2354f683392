//! `whimbrel schema fmt`: one layout for all schema files.

use serde_json::json;
use whimbrel::project;

use crate::{
    failure::{DONE, Failure, NO},
    globals::Globals,
    ui::Ui,
};

/// Lay the schema files out in one way; words, order and comments stay as they are
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  whimbrel schema fmt\n  whimbrel schema fmt --check")]
pub(crate) struct Args {
    /// Write nothing; exit 1 if a file is laid out otherwise
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let (changed, mistakes) = project::format_schema(&config, args.check)?;
    if ui.is_json() {
        let files: Vec<_> = changed.iter().map(|it| config.display(it)).collect();
        ui.json(json!({ "changed": files, "written": !args.check }));
    } else {
        for file in &changed {
            let done = if args.check { "would change" } else { "changed" };
            ui.result(&format!("{done} {}", config.display(file)));
        }
        if changed.is_empty() && mistakes.is_empty() {
            ui.result("Nothing to change");
        }
    }
    if !mistakes.is_empty() {
        return Err(project::Error::Texts(mistakes).into());
    }
    Ok(if args.check && !changed.is_empty() { NO } else { DONE })
}
