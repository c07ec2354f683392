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
#[expect(clippy::struct_excessive_bools, reason = "flags are yes or no")]
pub(crate) struct Args {
    /// What it does, in a few words
    #[arg(value_name = "NAME", required = true, num_args = 1..)]
    name: Vec<String>,
    /// Write SQL instead of Rust
    #[arg(long)]
    sql: bool,
    /// Write Rust, whatever `format` of the configuration says
    #[arg(long, conflicts_with = "sql")]
    rust: bool,
    /// The migration that it comes after, in place of the last one; may be said several times
    #[arg(long, value_name = "NAME")]
    after: Vec<String>,
    /// Mark it to run after the deploy: `up --phase after-deploy`
    #[arg(long)]
    after_deploy: bool,
    /// Run every statement outside of a transaction
    #[arg(long)]
    no_transaction: bool,
    /// Stop `up` before it, until somebody has looked and taken this out
    #[arg(long, value_name = "WHY")]
    needs_review: Option<String>,
    /// Say that it can't be taken back, and why
    #[arg(long, value_name = "WHY")]
    irreversible: Option<String>,
}

impl Args {
    /// The migrations that it is said to come after, by their whole names.
    fn parents(&self, checkout: &Checkout) -> Result<Vec<String>, Failure> {
        let mut parents = Vec::new();
        for name in &self.after {
            let found = checkout.graph.find(name);
            let found = found?.to_owned();
            if !parents.contains(&found) {
                parents.push(found);
            }
        }
        Ok(parents)
    }

    /// An empty migration that says of itself what the flags do.
    fn said(&self, parents: Vec<String>) -> Result<Migration, Failure> {
        let mut migration = Migration { parents, ..Migration::default() };
        // A line in SQL, and one in Rust just as well.
        let line = |flag: &str, why: &String| {
            let line = why.split_whitespace().collect::<Vec<_>>().join(" ");
            if line.is_empty() {
                return Err(Failure::new(USAGE, format!("`{flag}` takes a reason")));
            }
            Ok(line)
        };
        if let Some(why) = &self.needs_review {
            migration = migration.needs_review(line("--needs-review", why)?);
        }
        if let Some(why) = &self.irreversible {
            migration = migration.irreversible(line("--irreversible", why)?);
        }
        let (after_deploy, no_transaction) = (self.after_deploy, self.no_transaction);
        Ok(Migration { after_deploy, no_transaction, ..migration })
    }
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let words = args.name.join(" ");
    let Some(slug) = slug(&words) else {
        return Err(Failure::new(USAGE, format!("`{words}` has no letter or digit in it")));
    };
    let checkout = Checkout::open(&config)?;
    let parents = if args.after.is_empty() {
        written::only_leaf(&checkout)?
    } else {
        args.parents(&checkout)?
    };
    let sql = args.sql || (!args.rust && config.get("format") == Some("sql"));
    let name = checkout.next_name(&slug, &written::numbering(&config));
    let migration = args.said(parents)?;
    let (kind, text) = if sql {
        (Kind::Sql, format::sql::template(&migration, &name))
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
