//! `generate --amend`: the last migration written anew, where nobody else has it yet.

use serde_json::json;
use whimbrel::{
    diff::{self, Subject},
    execute::{self, Applied, DownOptions, DownTarget, Status, UpOptions, UpTarget},
    migration::{file_name, format, migration_name, number_of, without_number},
    operation::{Operation, as_change, reduce_all},
    project::{self, Checkout, Config, Kind},
    schema::Schema,
};
use whimbrel_migration::Migration;

use super::{
    Args, Said, all_asked, as_json, changes, decided, in_sql, missing, say_what_depends_on_rows,
    words, written,
};
use crate::{
    commands::up,
    failure::{DECISION, DONE, Failure, REFUSED, USAGE},
    globals::Globals,
    run::Run,
    target::Purpose,
    ui::Ui,
};

/// Writes the last migration anew; takes it back before and applies it again, where the database at
/// hand has it.
pub(super) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let checkout = Checkout::open(&config)?;
    let leaf = leaf(args, &config, &checkout, ui)?;
    let loaded = checkout.migration(&leaf)?;
    let parents: Vec<&str> = loaded.migration.parents.iter().map(String::as_str).collect();
    let before = checkout.schema_after(&parents)?;
    let is_sql = checkout.directory.kind(&leaf) == Some(Kind::Sql);
    let (was, title) = if is_sql {
        of_sql(args, &config, &checkout, &leaf, &before)?
    } else {
        (loaded.migration.clone(), String::new())
    };
    let operations = anew(args, &config, &before, &was.operations, ui)?;
    if operations == was.operations && args.name.is_none() {
        if ui.is_json() {
            ui.json(json!({ "amended": null }));
        } else {
            ui.result("No changes detected");
        }
        return Ok(DONE);
    }
    let name = name(args, &leaf, &operations, &was.operations, &before)?;
    let migration = Migration { operations, ..was };
    // A title that says what the migration did is none of what it does.
    let anew = written::title(&name);
    let is_nothing = migration.operations.is_empty();
    let (kind, text, meant) = if is_sql {
        let title = if name == leaf { &title } else { &anew };
        let sql = in_sql::print(&config, &migration, &before, title).map_err(|it| {
            it.hint(format!(
                "take `{leaf}` back where it is applied, delete it, and run `whimbrel generate --rust`"
            ))
        })?;
        for note in &sql.notes {
            ui.note(&format!("note: {note}"));
        }
        (Kind::Sql, sql.text, sql.migration)
    } else if name == leaf {
        (Kind::Rust, checkout.text_with(&leaf, &migration, &anew), migration.clone())
    } else {
        (Kind::Rust, format::rust::print(&migration, &anew), migration.clone())
    };
    let file = config.display(&checkout.directory.path_of(&name, kind));
    if args.dry_run {
        ui.note(&format!("would write {file}"));
        ui.result(&text);
        return Ok(DONE);
    }

    let applied = take_back(args, globals, &config, &leaf, ui)?;
    let new = (name.clone(), kind, text, meant);
    let files: &[_] = if is_nothing { &[] } else { std::slice::from_ref(&new) };
    checkout.exchange(&config, files, std::slice::from_ref(&leaf))?;
    tell(&file, &leaf, (&name, &migration), ui);
    if applied && !is_nothing {
        apply(args, globals, &name, ui)?;
    }
    Ok(DONE)
}

/// The migration that is to be amended: the only leaf, and nobody else's.
fn leaf(args: &Args, config: &Config, checkout: &Checkout, ui: &mut Ui) -> Result<String, Failure> {
    let Some(leaf) = written::only_leaf(checkout)?.pop() else {
        return Err(Failure::new(REFUSED, "there is no migration that could be amended")
            .hint("`whimbrel generate` writes the first one"));
    };
    let leans = |it: &Operation| matches!(it, Operation::Run(it) if !it.stands_alone());
    if checkout.migration(&leaf)?.migration.operations.iter().any(leans) {
        let message = format!("the code in `{leaf}` uses functions or constants of its file");
        return Err(Failure::new(REFUSED, message)
            .hint("edit it, and run `whimbrel redo` where it is applied"));
    }
    if checkout.migration(&leaf)?.migration.parents.len() > 1 {
        return Err(Failure::new(REFUSED, format!("`{leaf}` brings branches together"))
            .hint("run `whimbrel generate`, which writes a migration behind it"));
    }
    let shared = project::shared(config, args.since.as_deref())?;
    match &shared.branch {
        Some(branch) if shared.has(&leaf) => {
            Err(Failure::new(DECISION, format!("`{leaf}` is in {branch} already"))
                .note("databases that have applied it would never get what is amended")
                .hint("run `whimbrel generate`, which writes a migration behind it"))
        }
        Some(_) => Ok(leaf),
        None => {
            ui.note(&written::nobody_knows(&leaf));
            Ok(leaf)
        }
    }
}

/// What a file in SQL says as operations, and its title; SQL that somebody wrote stays theirs.
fn of_sql(
    args: &Args,
    config: &Config,
    checkout: &Checkout,
    leaf: &str,
    before: &Schema,
) -> Result<(Migration, String), Failure> {
    if args.rust {
        return Err(Failure::new(USAGE, format!("`{leaf}` is SQL, and is written anew as SQL"))
            .hint("leave `--rust` out; or take it back, delete it, and run `whimbrel generate --rust`"));
    }
    let dialects = in_sql::dialects(config);
    let file = checkout.directory.text(leaf);
    file.and_then(|it| format::sql::written_from(it, before, &dialects)).ok_or_else(|| {
        let names: Vec<&str> = dialects.iter().map(|it| it.name).collect();
        let message = format!("`{leaf}` is SQL that is not as `generate --sql` writes it");
        let databases = match names.as_slice() {
            [] => "no database is configured to write SQL for".to_owned(),
            _ => format!(
                "somebody has changed it, or it was for other databases than {}",
                names.join(", ")
            ),
        };
        Failure::new(REFUSED, message).note(databases).hint(
            "edit it, and run `whimbrel redo` where it is applied; or take it back, delete it, \
             and run `whimbrel generate`",
        )
    })
}

/// What the migration does now. What `generate` would have written is found anew; what somebody
/// wrote by hand stays, and what is missing behind it is folded in.
fn anew(
    args: &Args,
    config: &Config,
    before: &Schema,
    was: &[Operation],
    ui: &mut Ui,
) -> Result<Vec<Operation>, Failure> {
    let mut after = before.clone();
    for operation in was {
        let applied = as_change(operation).apply(&mut after);
        applied.map_err(|it| Failure::new(REFUSED, format!("the migration does not fit: {it}")))?;
    }
    if !is_generated(before, &after, was) {
        let missing = missing(&args.answering, config, &after, ui)?;
        return Ok(reduce_all(was.iter().cloned().chain(missing).collect()));
    }
    let (declared, _) = project::declared(config)?;
    let mut renames = renames(was);
    // What was renamed and is gone by now is no rename any more.
    renames.retain(|it| is_there(&it.to, &declared.schema));
    let answering = args.answering.with_renames(renames.into_iter().map(|it| it.text));
    let said = Said::read(&answering, config)?;
    let (operations, places) = changes(&said, config, before, ui)?;
    if operations == was {
        all_asked(&operations, before, &said)?;
        return Ok(operations);
    }
    let operations = decided(operations, before, &said, (config, &places), ui)?;
    say_what_depends_on_rows(&operations, before, ui);
    Ok(operations)
}

/// Whether `generate` would write these very operations.
fn is_generated(before: &Schema, after: &Schema, was: &[Operation]) -> bool {
    let mut answers = diff::Answers::default();
    for rename in renames(was) {
        if answers.rename(&rename.text, before).is_err() {
            return false;
        }
    }
    diff::diff(before, after, &answers).is_ok_and(|it| it == was)
}

/// A rename as `--rename` would say it.
struct Rename {
    text: String,
    to: Subject,
}

fn renames(operations: &[Operation]) -> Vec<Rename> {
    let rename = |it: &Operation| match it {
        Operation::RenameTable(it) => Some(Rename {
            text: format!("{}={}", it.from, it.to),
            to: Subject::Table(it.to.clone()),
        }),
        Operation::RenameColumn(it) => Some(Rename {
            text: format!("{}.{}={}", it.table, it.from, it.to),
            to: Subject::Column(it.table.clone(), it.to.clone()),
        }),
        Operation::RenameEnum(it) => Some(Rename {
            text: format!("{}={}", it.from, it.to),
            to: Subject::Enum(it.to.clone()),
        }),
        Operation::RenameEnumValue(it) => Some(Rename {
            text: format!("{}.{}={}", it.enumeration, it.from, it.to),
            to: Subject::EnumValue(it.enumeration.clone(), it.to.clone()),
        }),
        _ => None,
    };
    operations.iter().filter_map(rename).collect()
}

/// Whether the schema has it.
fn is_there(subject: &Subject, schema: &Schema) -> bool {
    match subject {
        Subject::Table(table) => schema.get(table).is_some(),
        Subject::Column(table, column) => {
            schema.get(table).is_some_and(|it| it.position(column).is_some())
        }
        Subject::Index(table, index) => {
            schema.get(table).is_some_and(|it| it.index_named(index).is_some())
        }
        Subject::Enum(name) => schema.enums.contains_key(name),
        Subject::EnumValue(name, value) => {
            schema.enums.get(name).is_some_and(|all| all.contains(value))
        }
    }
}

/// Its number, and the words for what it does now; a name that somebody gave it stays.
fn name(
    args: &Args,
    leaf: &str,
    operations: &[Operation],
    was: &[Operation],
    before: &Schema,
) -> Result<String, Failure> {
    let Some((_, digits)) = number_of(leaf) else { return Ok(leaf.to_owned()) };
    let given = match words(args)? {
        Some(words) => Some(words),
        None if without_number(leaf) != migration_name(was, before) => return Ok(leaf.to_owned()),
        None => None,
    };
    let words = given.unwrap_or_else(|| migration_name(operations, before));
    Ok(file_name(&leaf[..digits], &words))
}

/// Takes the migration back where the database at hand has it; whether it had.
fn take_back(
    args: &Args,
    globals: &Globals,
    config: &Config,
    leaf: &str,
    ui: &mut Ui,
) -> Result<bool, Failure> {
    if matches!(config.connect_settings(), Err(project::Error::NoDatabase { .. })) {
        ui.note("note: no database is configured; one that has applied it would stop at the edit");
        return Ok(false);
    }
    let mut run = Run::open("generate --amend", Purpose::Read, globals, ui)?;
    let status = run.work(ui, |target, _| execute::status(target))?;
    if !is_here(&status, leaf) {
        return Ok(false);
    }
    let options = DownOptions { target: DownTarget::Count(1), ..DownOptions::default() };
    let last = run.work(ui, |target, host| execute::plan_down(target, &options, host))?;
    // `rebase` may have given its file another number since.
    let past = run.work(ui, |target, _| execute::past_of(target, leaf))?;
    let here = past.applied_as.as_deref().unwrap_or(leaf);
    if last.first().is_none_or(|(name, _)| name != here) {
        let last = last.first().map(|it| it.0.clone()).unwrap_or_default();
        return Err(Failure::new(REFUSED, format!("`{last}` was applied here after `{leaf}`"))
            .note("nothing has been changed")
            .hint(format!("take it back first: `whimbrel down --to {here}`")));
    }
    drop(run);
    let mut run = Run::open("generate --amend", Purpose::Change, globals, ui)?;
    run.confirm(args.confirm.as_deref())?;
    run.wait = args.wait;
    run.unless_lost(ui, |target, host, allowed| {
        let options = DownOptions {
            target: DownTarget::Count(1),
            allow_data_loss: args.allow_data_loss || allowed,
            keep_data: false,
        };
        execute::down(target, &options, host)
    })?;
    Ok(true)
}

/// Whether a database has applied the migration, or begun to.
fn is_here(status: &Status, leaf: &str) -> bool {
    let entry = status.migrations.iter().find(|it| it.name == leaf);
    entry.is_some_and(|it| !matches!(it.applied, Applied::Pending))
}

fn apply(args: &Args, globals: &Globals, name: &str, ui: &mut Ui) -> Result<(), Failure> {
    // The files were read before this one was written.
    let mut run = Run::open("generate --amend", Purpose::Change, globals, &mut ui.silent())?;
    run.wait = args.wait;
    let (late, newer) = up::policies(&run.config);
    let target = UpTarget::Named(name.to_owned());
    let options = UpOptions { target, late, newer, ..UpOptions::default() };
    run.work(ui, |target, host| execute::up(target, &options, host))?;
    Ok(())
}

fn tell(file: &str, leaf: &str, (name, migration): (&str, &Migration), ui: &mut Ui) {
    if ui.is_json() {
        let removed = migration.operations.is_empty();
        ui.event(json!({
            "event": "amended",
            "before": leaf,
            "name": if removed { None } else { Some(name) },
            "file": if removed { None } else { Some(file) },
            "operations": as_json(&migration.operations),
        }));
        return;
    }
    if migration.operations.is_empty() {
        ui.result(&format!("removed {leaf}: nothing is left for it to do"));
        return;
    }
    if name == leaf {
        ui.result(&format!("amended {file}"));
    } else {
        ui.result(&format!("amended {leaf}, which is now {file}"));
    }
    for operation in &migration.operations {
        ui.result(&format!("  {}", as_change(operation).describe()));
    }
}
