//! `whimbrel new`: an empty migration after the others.

use serde_json::json;
use whimbrel::{
    migration::{format, slug},
    project::{Checkout, Kind},
};
use whimbrel_migration::Migration;

use super::written;
use crate::{
    failure::{DONE, Failure, USAGE},
    globals::Globals,
    ui::Ui,
};

/// Write an empty migration, to be filled by hand
#[derive(Debug, clap::Args)]
#[command(visible_alias = "create")]
#[command(after_help = "Example:\n  whimbrel new backfill_names --sql")]
pub(crate) struct Args {
    /// What it does, in a few words
    #[arg(value_name = "NAME", required = true, num_args = 1..)]
    name: Vec<String>,
    /// Write SQL instead of Rust
    #[arg(long)]
    sql: bool,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let words = args.name.join(" ");
    let Some(slug) = slug(&words) else {
        return Err(Failure::new(USAGE, format!("`{words}` has no letter or digit in it")));
    };
    let checkout = Checkout::open(&config)?;
    let parents = written::only_leaf(&checkout)?;
    let sql = args.sql || config.get("format") == Some("sql");
    let name = checkout.next_name(&slug, &written::numbering(&config));
    let migration = Migration { parents, ..Migration::default() };
    let (kind, text) = if sql {
        (Kind::Sql, format::sql::template(&migration.parents, &name))
    } else {
        (Kind::Rust, format::rust::print(&migration, &written::title(&name)))
    };
    let path = checkout.add(&config, &name, kind, &text, &migration)?;
    let shown = config.display(&path);
    if ui.is_json() {
        ui.json(json!({ "created": shown, "name": name, "parents": migration.parents }));
    } else {
        ui.result(&format!("created {shown}"));
    }
    Ok(DONE)
}
