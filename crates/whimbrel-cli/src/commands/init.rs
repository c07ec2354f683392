//! `whimbrel init`: begins a project.

use std::path::PathBuf;

use serde_json::json;
use whimbrel::{
    dialect::{self, Dialect},
    migration::format::rust,
    project::{self, Checkout, Init, Kind},
};

use crate::{
    failure::{DONE, Failure},
    globals::Globals,
    ui::Ui,
};

/// Begin a project: a configuration, a schema, a folder for migrations
///
/// What is there already stays as it is. In a Cargo project the migrations are a package, so
/// that the compiler and the editor check them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  whimbrel init --database postgres")]
pub(crate) struct Args {
    /// The database, if it isn't to be SQLite
    #[arg(long, value_name = "DATABASE", value_parser = dialect_named)]
    database: Option<&'static Dialect>,
    /// Let `new` and `generate` write SQL
    #[arg(long)]
    sql: bool,
    /// Make the migrations a Cargo package, also where there is no Cargo project
    #[arg(long)]
    package: bool,
    /// Where whimbrel's sources are, if the package isn't to take the published ones
    #[arg(long, value_name = "DIR")]
    source: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let (written, advice) = project::init(&Init {
        root: globals.directory()?,
        dialect: args.database,
        sql: args.sql,
        package: (args.package || args.source.is_some()).then_some(true),
        source: args.source.clone(),
    })?;
    let first = first_migration(globals, ui)?;
    if ui.is_json() {
        let names = |is_new: bool| -> Vec<String> {
            let those = written.iter().filter(|it| it.is_new == is_new);
            let those = those.map(|it| it.path.display().to_string());
            those.chain(first.iter().filter(|_| is_new).cloned()).collect()
        };
        ui.json(json!({ "created": names(true), "kept": names(false) }));
    } else {
        for file in &written {
            let word = if file.is_new { "created" } else { "kept   " };
            ui.result(&format!("{word} {}", file.path.display()));
        }
        if let Some(file) = &first {
            ui.result(&format!("created {file}"));
        }
    }
    for advice in &advice {
        ui.note(advice);
    }
    let is_kept = written.iter().any(|it| !it.is_new && it.path.ends_with(project::FILE_NAME));
    for (flag, is_said) in [("--database", args.database.is_some()), ("--sql", args.sql)] {
        if is_said && is_kept {
            ui.note(&format!(
                "note: `{flag}` changes nothing, as {} was there already; say it there",
                project::FILE_NAME
            ));
        }
    }
    ui.note(match &first {
        None => "Now write your tables into schema/schema.yaml and run `whimbrel generate`.",
        Some(_) => {
            "The snapshot of makemigrations is the first migration. Where its tables are there \
             already, run `whimbrel baseline`, which compares before it marks."
        }
    });
    Ok(DONE)
}

/// Writes what the snapshot of an old makemigrations says as the first migration, where there is a
/// snapshot and no migration yet.
fn first_migration(globals: &Globals, ui: &mut Ui) -> Result<Option<String>, Failure> {
    let config = globals.load(ui)?;
    let Some((migration, warnings)) = project::of_snapshot(&config)? else { return Ok(None) };
    let checkout = Checkout::open(&config)?;
    if !checkout.graph.leaves().is_empty() {
        return Ok(None);
    }
    for warning in &warnings {
        ui.diagnostic(warning);
    }
    let name = checkout.next_name("initial", &super::written::numbering(&config));
    let text = rust::print(&migration, "What the snapshot of makemigrations says.");
    let path = checkout.add(&config, &name, Kind::Rust, &text, &migration)?;
    Ok(Some(config.display(&path)))
}

/// Reads the name of a database.
pub(crate) fn dialect_named(name: &str) -> Result<&'static Dialect, String> {
    Dialect::named(name).ok_or_else(|| {
        let names: Vec<&str> = dialect::ALL.iter().map(|it| it.name).collect();
        format!("there is {}", names.join(", "))
    })
}
