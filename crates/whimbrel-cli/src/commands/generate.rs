//! `whimbrel generate`: from the schema and the migrations to the next migration.

mod amend;
mod answers;
mod destructive;
mod in_sql;
mod merge;
mod open;
mod possible;
mod required;
mod said;
mod squash;
mod values;

use std::time::Duration;

use serde_json::{Value, json};
use whimbrel::{
    diff,
    migration::{format, migration_name, slug},
    operation::{Hazard, Operation, as_change},
    project::{self, Checkout, Config, Kind},
    schema::Schema,
    source::Places,
};
use whimbrel_migration::Migration;

pub(super) use self::said::Answering;
use self::said::Said;
use super::written;
use crate::{
    failure::{DONE, Failure, NO, REFUSED, USAGE},
    globals::Globals,
    run::duration,
    ui::Ui,
};

/// Write the migration that leads to the schema, without a database
#[derive(Debug, clap::Args)]
#[command(visible_alias = "makemigrations")]
#[command(after_help = "\
What only you know is asked, or said with flags: whether something was renamed (`--rename`) or is
gone (`--drop`), what may be given up (`--on-destructive`), and what the rows that are there get in
a new column that is required, or in one that becomes so (`--value`). A file can hold all of it
(`--answers`).

Example:
  whimbrel generate --name \"add user preferences\" --rename users.name=display_name")]
#[expect(clippy::struct_excessive_bools, reason = "flags are yes or no")]
pub(crate) struct Args {
    /// What the migration does, in a few words, instead of what whimbrel would say
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Show the migration and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write nothing; exit 1 if a migration is missing
    #[arg(long, conflicts_with_all = ["dry_run", "merge", "empty"])]
    check: bool,
    /// Mark the migration to run after the deploy: `up --phase after-deploy`
    #[arg(long, conflicts_with_all = ["merge", "amend", "squash", "check"])]
    after_deploy: bool,
    /// Write SQL for the databases of the project, with what changes in a `state` section [default:
    /// `format` of the configuration]
    #[arg(long, conflicts_with_all = ["squash", "amend", "check", "rust"])]
    sql: bool,
    /// Write Rust, whatever `format` says
    #[arg(long, conflicts_with_all = ["check"])]
    rust: bool,
    /// Write an empty migration even if nothing differs
    #[arg(long, conflicts_with = "merge")]
    #[arg(conflicts_with_all = ["rename", "drop", "on_destructive", "value", "no_value", "answers"])]
    empty: bool,
    /// Bring branches together
    #[arg(long)]
    #[arg(conflicts_with_all = ["rename", "drop", "on_destructive", "value", "no_value", "answers"])]
    merge: bool,
    /// Write one migration that stands in the place of these: `0002..0007`, `..0007`, `0002..`
    #[arg(long, value_name = "A..B", conflicts_with_all = ["merge", "empty", "check", "amend"])]
    #[arg(conflicts_with_all = ["rename", "drop", "on_destructive", "value", "no_value", "answers"])]
    squash: Option<String>,
    /// Write the last migration anew, where nobody else has it: takes it back from the database at
    /// hand and applies it again
    #[arg(long, conflicts_with_all = ["merge", "empty", "check"])]
    amend: bool,
    /// The branch that others have [default: `origin/HEAD`, `origin/main` or `origin/master`]
    #[arg(long, value_name = "REF", requires = "amend")]
    since: Option<String>,
    /// Let go of the rows and values that are lost by `--amend`
    #[arg(long, requires = "amend")]
    allow_data_loss: bool,
    /// The name of a protected database, to say that `--amend` is meant
    #[arg(long, value_name = "DATABASE", requires = "amend")]
    confirm: Option<String>,
    /// How long `--amend` waits for another run to end: `0s`, `10m`
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = duration)]
    wait: Duration,
    #[command(flatten)]
    answering: Answering,
}

/// The operations that lead from `before` to the schema, once everything is answered that has to
/// be.
pub(super) fn missing(
    answering: &Answering,
    config: &Config,
    before: &Schema,
    ui: &mut Ui,
) -> Result<Vec<Operation>, Failure> {
    let said = Said::read(answering, config)?;
    let (operations, places) = changes(&said, config, before, ui)?;
    let operations = decided(operations, before, &said, (config, &places), ui)?;
    say_what_depends_on_rows(&operations, before, ui);
    Ok(operations)
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    if args.amend {
        return amend::run(args, globals, ui);
    }
    let config = globals.load(ui)?;
    let checkout = Checkout::open(&config)?;
    if args.merge {
        let migration = merge::merge(&checkout, ui)?;
        let name = match words(args)? {
            Some(words) => checkout.next_name(&words, &written::numbering(&config)),
            None => merge::name(&checkout, &written::numbering(&config)),
        };
        return write_either(args, &config, &checkout, (&name, &migration, &Schema::default()), ui);
    }
    let said = Said::read(&args.answering, &config)?;
    if let Some(range) = &args.squash {
        return squash::run(args, &config, &checkout, range, ui);
    }
    let parents = written::only_leaf(&checkout)?;
    let before = checkout.schema_after(&parents.iter().map(String::as_str).collect::<Vec<_>>())?;
    let (operations, places) =
        if args.empty { Default::default() } else { changes(&said, &config, &before, ui)? };
    if args.check {
        all_asked(&operations, &before, &said)?;
        return Ok(check(&operations, ui));
    }
    if operations.is_empty() && !args.empty {
        // Answers that nothing asked for are mistakes here too.
        decided(operations, &before, &said, (&config, &places), ui)?;
        if ui.is_json() {
            ui.json(json!({ "created": null, "operations": [] }));
        } else {
            ui.result("No changes detected");
        }
        return Ok(DONE);
    }
    let words = match words(args)? {
        Some(words) => words,
        None => migration_name(&operations, &before),
    };
    let operations = decided(operations, &before, &said, (&config, &places), ui)?;
    let opaque: Vec<&str> = checkout.directory.opaque().collect();
    if !opaque.is_empty() {
        ui.note(&format!(
            "note: what migrations in SQL change is not seen here: {}",
            opaque.join(", ")
        ));
    }
    say_what_depends_on_rows(&operations, &before, ui);
    let name = checkout.next_name(&words, &written::numbering(&config));
    let migration =
        Migration { parents, operations, after_deploy: args.after_deploy, ..Migration::default() };
    write_either(args, &config, &checkout, (&name, &migration, &before), ui)
}

/// Writes the migration in the language that is asked for.
fn write_either(
    args: &Args,
    config: &Config,
    checkout: &Checkout,
    (name, migration, before): (&str, &Migration, &Schema),
    ui: &mut Ui,
) -> Result<u8, Failure> {
    let is_sql = args.sql || (!args.rust && config.get("format") == Some("sql"));
    if !is_sql {
        return write(args, config, checkout, name, migration, ui);
    }
    let sql = in_sql::print(config, migration, before, &written::title(name))?;
    for note in &sql.notes {
        ui.note(&format!("note: {note}"));
    }
    let file = File { kind: Kind::Sql, text: sql.text, meant: &sql.migration };
    write_file(args, config, checkout, (name, migration, file), ui)
}

/// The operations that lead from `before` to the schema, and where that is declared.
fn changes(
    said: &Said,
    config: &Config,
    before: &Schema,
    ui: &mut Ui,
) -> Result<(Vec<Operation>, Places), Failure> {
    let (declared, warnings) = project::declared(config)?;
    for warning in &warnings {
        ui.diagnostic(warning);
    }
    let operations = answers::settle(said, before, &declared, ui)?;
    // The other side of the border: what was found must lead where it should.
    let mut after = before.clone();
    for operation in &operations {
        as_change(operation).apply(&mut after).map_err(|it| lost(&it.to_string()))?;
    }
    if diff::equivalent(&after, &declared.schema) {
        Ok((operations, declared.places))
    } else {
        Err(lost("they lead to another schema"))
    }
}

/// The operations with what only the user knows beside renames: what may be given up, and what rows
/// get that are there.
fn decided(
    operations: Vec<Operation>,
    before: &Schema,
    said: &Said,
    (config, declared): (&Config, &Places),
    ui: &mut Ui,
) -> Result<Vec<Operation>, Failure> {
    let settled = required::settle(operations, before, said, ui)?;
    let (required, places) = settled.open;
    let settled_elsewhere = (settled.answered.as_slice(), places.as_slice());
    let (operations, given_up) =
        destructive::decide(settled.operations, before, said, settled_elsewhere, ui)?;
    let (operations, new) = values::fill(operations, before, said, &settled.asked, ui)?;
    possible::check(&operations, before, declared, config)?;
    open::closed(vec![required, new, given_up])?;
    said.tell_unused(ui);
    Ok(operations)
}

/// Refuses flags that answer what these operations don't ask.
fn all_asked(operations: &[Operation], before: &Schema, said: &Said) -> Result<(), Failure> {
    destructive::all_asked(operations, before, said)?;
    values::all_asked(operations, before, said)
}

fn lost(why: &str) -> Failure {
    Failure::new(REFUSED, format!("the operations that were found don't fit: {why}"))
        .hint("this is a mistake in whimbrel; please report it with the schema that led to it")
}

fn words(args: &Args) -> Result<Option<String>, Failure> {
    let Some(name) = &args.name else { return Ok(None) };
    match slug(name) {
        Some(words) => Ok(Some(words)),
        None => Err(Failure::new(USAGE, format!("`--name {name}` has no letter or digit in it"))),
    }
}

fn check(operations: &[Operation], ui: &mut Ui) -> u8 {
    if ui.is_json() {
        ui.json(json!({ "operations": as_json(operations) }));
    } else if operations.is_empty() {
        ui.result("No changes detected");
    } else {
        for operation in operations {
            ui.result(&as_change(operation).describe());
        }
    }
    if operations.is_empty() {
        return DONE;
    }
    ui.note("A migration is missing; run `whimbrel generate`.");
    NO
}

/// Rows may make the database refuse an operation: good to know before it is applied.
fn say_what_depends_on_rows(operations: &[Operation], before: &Schema, ui: &mut Ui) {
    let mut schema = before.clone();
    for (position, operation) in operations.iter().enumerate() {
        let change = as_change(operation);
        if let Some(Hazard::DependsOnRows(rows)) = change.hazard(&schema)
            && !diff::is_filled(position, operations)
        {
            ui.note(&format!("note: \"{}\" is refused where there are {rows}", change.describe()));
        }
        if change.apply(&mut schema).is_err() {
            return;
        }
    }
    say_which_namespaces_must_be_there(before, &schema, ui);
}

/// What comes to stand in a namespace that no migration makes needs one that somebody else has made.
fn say_which_namespaces_must_be_there(before: &Schema, after: &Schema, ui: &mut Ui) {
    let known = before.undeclared();
    for namespace in after.undeclared().difference(&known) {
        let holds = after.holds(namespace).unwrap_or_default();
        ui.note(&format!(
            "note: no migration makes namespace `{namespace}`, where {holds} comes to stand; it has to \
             be there by then, or the schema says `namespaces: [{namespace}]`"
        ));
    }
}

fn write(
    args: &Args,
    config: &Config,
    checkout: &Checkout,
    name: &str,
    migration: &Migration,
    ui: &mut Ui,
) -> Result<u8, Failure> {
    let text = format::rust::print(migration, &written::title(name));
    let file = File { kind: Kind::Rust, text, meant: migration };
    write_file(args, config, checkout, (name, migration, file), ui)
}

/// A file that is to be written.
struct File<'a> {
    kind: Kind,
    text: String,
    /// What it says when it is read back.
    meant: &'a Migration,
}

fn write_file(
    args: &Args,
    config: &Config,
    checkout: &Checkout,
    (name, migration, file): (&str, &Migration, File<'_>),
    ui: &mut Ui,
) -> Result<u8, Failure> {
    let File { kind, text, meant } = file;
    let shown = config.display(&checkout.directory.path_of(name, kind));
    if !args.dry_run {
        checkout.add(config, name, kind, &text, meant)?;
    }
    if ui.is_json() {
        ui.json(json!({
            "created": if args.dry_run { None } else { Some(&shown) },
            "name": name,
            "parents": migration.parents,
            "operations": as_json(&migration.operations),
            "text": text,
        }));
    } else if args.dry_run {
        ui.note(&format!("would create {shown}"));
        ui.result(&text);
    } else {
        ui.result(&format!("created {shown}"));
        for operation in &migration.operations {
            ui.result(&format!("  {}", as_change(operation).describe()));
        }
    }
    Ok(DONE)
}

fn as_json(operations: &[Operation]) -> Vec<Value> {
    operations
        .iter()
        .map(|it| {
            let mut value = serde_json::to_value(it).unwrap_or_default();
            if let Value::Object(fields) = &mut value {
                fields.insert("description".to_owned(), as_change(it).describe().into());
            }
            value
        })
        .collect()
}
