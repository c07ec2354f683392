//! `whimbrel rebase`: my migrations behind the others, in a line.

use serde_json::json;
use whimbrel::{
    migration::migration_name,
    operation::{as_change, reduce_all},
    project::{self, Checkout, Config, Kind, Moved, Rebase, Shared},
};
use whimbrel_migration::Migration;

use super::{
    generate::{self, Answering},
    written,
};
use crate::{
    failure::{DECISION, DONE, Failure, USAGE},
    globals::Globals,
    ui::Ui,
};

/// Put the migrations of my branch behind the others, in a line, without a database
///
/// They get numbers behind the others and come after them. Where their operations fit there they
/// stay as they are written, and databases that have applied them know them again; what doesn't fit
/// is found anew from the schema.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Refused where others have the migrations already: then `generate --merge` is the way.

Example:
  git merge origin/main && whimbrel rebase")]
pub(crate) struct Args {
    /// The leaf that is yours; needed where it doesn't show
    #[arg(value_name = "LEAF")]
    leaf: Option<String>,
    /// The branch that others have [default: `origin/HEAD`, `origin/main` or `origin/master`]
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    answering: Answering,
}

/// A file that is to be written.
type File = (String, Kind, String, Migration);

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let checkout = Checkout::open(&config)?;
    let shared = project::shared(&config, args.since.as_deref())?;
    let leaves = checkout.graph.leaves();
    if leaves.len() < 2 && args.leaf.is_none() {
        return Ok(nothing(&shared, ui));
    }
    let leaf = leaf(args, &checkout, &shared)?;
    if leaves.len() < 2 {
        return Ok(nothing(&shared, ui));
    }
    refuse_shared(&checkout.line_of(&leaf), &shared)?;
    if shared.is_unknown() {
        ui.note(&written::nobody_knows(&leaf));
    }
    let mut rebase = checkout.rebased(&leaf, &written::numbering(&config))?;
    let added = if rebase.conflicts { anew(args, &config, &mut rebase, ui)? } else { None };
    let (files, gone) = files(&checkout, &rebase, added);
    if !args.dry_run {
        let before: Vec<String> = checkout.line_of(&leaf);
        checkout.exchange(&config, &files, &before)?;
    }
    tell(args, &config, &checkout, (&rebase, &files, &gone), ui);
    Ok(DONE)
}

fn nothing(shared: &Shared, ui: &mut Ui) -> u8 {
    if ui.is_json() {
        ui.json(json!({ "moved": [], "removed": [] }));
    } else {
        ui.result("Nothing to rebase: the migrations end in one leaf");
        if let Some(branch) = &shared.branch {
            ui.note(&format!("If {branch} has gone on, merge it first: `git merge {branch}`."));
        }
    }
    DONE
}

/// The leaf that is to be moved.
fn leaf(args: &Args, checkout: &Checkout, shared: &Shared) -> Result<String, Failure> {
    let leaves = checkout.graph.leaves();
    let listed =
        |names: &[&str]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    if let Some(name) = &args.leaf {
        let found = checkout.graph.find(name);
        let found = found?;
        if leaves.contains(&found) {
            return Ok(found.to_owned());
        }
        return Err(Failure::new(USAGE, format!("`{found}` is no leaf: others come after it"))
            .hint(format!("the leaves are {}", listed(&leaves))));
    }
    let branch = shared.branch.as_deref().unwrap_or_default();
    let own: Vec<&str> = leaves.iter().copied().filter(|it| !shared.has(it)).collect();
    match own.as_slice() {
        _ if shared.is_unknown() => {
            Err(Failure::new(DECISION, "nobody but you can tell which branch is yours")
                .note(format!("the leaves are {}", listed(&leaves)))
                .hint(
                    "name yours, as in `whimbrel rebase 0002_orders`, or say `--since origin/main`",
                ))
        }
        [one] => Ok((*one).to_owned()),
        [] => Err(Failure::new(DECISION, format!("all of {} are in {branch}", listed(&leaves)))
            .note("moving them would leave every database behind that has applied them")
            .hint("run `whimbrel generate --merge` to bring them together")),
        several => Err(Failure::new(
            DECISION,
            format!("none of {} are in {branch}; which of them is to be moved?", listed(several)),
        )
        .hint(format!("name it: `whimbrel rebase {}`", several[0]))),
    }
}

/// Stops if others have one of the migrations already.
fn refuse_shared(line: &[String], shared: &Shared) -> Result<(), Failure> {
    let Some(branch) = &shared.branch else { return Ok(()) };
    let known: Vec<String> =
        line.iter().filter(|it| shared.has(it)).map(|it| format!("`{it}`")).collect();
    if known.is_empty() {
        return Ok(());
    }
    let are = if known.len() == 1 { "is" } else { "are" };
    Err(Failure::new(DECISION, format!("{} {are} in {branch} already", known.join(", ")))
        .note("moving a migration that others have would leave their databases behind")
        .hint("run `whimbrel generate --merge` to bring the branches together"))
}

/// What is missing once the operations that don't fit are gone; the migration that says it, where
/// it is a new one.
fn anew(
    args: &Args,
    config: &Config,
    rebase: &mut Rebase,
    ui: &mut Ui,
) -> Result<Option<File>, Failure> {
    let missing = generate::missing(&args.answering, config, &rebase.after, ui)?;
    if missing.is_empty() {
        return Ok(None);
    }
    if let Some(last) = rebase.moved.last_mut().filter(|it| it.kind == Kind::Rust) {
        let operations = std::mem::take(&mut last.migration.operations);
        last.changed = true;
        last.migration.operations = reduce_all(operations.into_iter().chain(missing).collect());
        return Ok(None);
    }
    let last = rebase.moved.last();
    let parents = last.map_or_else(|| rebase.behind.clone(), |it| vec![it.name.clone()]);
    let words = migration_name(&missing, &rebase.after);
    let before = parents.iter().chain(rebase.moved.iter().map(|it| &it.name));
    let number = written::numbering(config).next(before.map(String::as_str));
    let name = whimbrel::migration::file_name(&number, &words);
    let migration = Migration { parents, operations: missing, ..Migration::default() };
    let text = whimbrel::migration::format::rust::print(&migration, &written::title(&name));
    Ok(Some((name, Kind::Rust, text, migration)))
}

/// The files to write, and the migrations of which nothing is left.
fn files(checkout: &Checkout, rebase: &Rebase, added: Option<File>) -> (Vec<File>, Vec<String>) {
    let mut files: Vec<File> = Vec::new();
    let mut gone = rebase.needless.clone();
    // A parent of which nothing is left hands on what it came after.
    let mut parents = rebase.behind.clone();
    let is_empty = |it: &Moved| it.migration.operations.is_empty() && it.changed;
    let mut after: Option<File> = added;
    for moved in &rebase.moved {
        if is_empty(moved) {
            gone.push(moved.before.clone());
            continue;
        }
        let migration = Migration { parents: parents.clone(), ..moved.migration.clone() };
        let text = checkout.text_with(&moved.before, &migration, &written::title(&moved.name));
        parents = vec![moved.name.clone()];
        files.push((moved.name.clone(), moved.kind, text, migration));
    }
    if let Some((name, kind, _, migration)) = after.take() {
        let migration = Migration { parents, ..migration };
        let text = whimbrel::migration::format::rust::print(&migration, &written::title(&name));
        files.push((name, kind, text, migration));
    }
    (files, gone)
}

fn tell(
    args: &Args,
    config: &Config,
    checkout: &Checkout,
    (rebase, files, gone): (&Rebase, &[File], &[String]),
    ui: &mut Ui,
) {
    let path = |it: &File| config.display(&checkout.directory.path_of(&it.0, it.1));
    if ui.is_json() {
        let moved: Vec<_> = files
            .iter()
            .map(|it| {
                let before = rebase.moved.iter().find(|moved| moved.name == it.0);
                json!({
                    "before": before.map(|it| &it.before),
                    "name": it.0,
                    "file": path(it),
                    "parents": it.3.parents,
                    "text": it.2,
                })
            })
            .collect();
        ui.json(json!({ "moved": moved, "removed": gone, "written": !args.dry_run }));
        return;
    }
    if args.dry_run {
        ui.note("nothing is written; this is what would be");
    }
    for file in files {
        let moved = rebase.moved.iter().find(|it| it.name == file.0);
        let after =
            file.3.parents.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        ui.result(&match moved {
            Some(moved) if moved.before != moved.name => {
                format!("{} is now {}, after {after}", moved.before, path(file))
            }
            Some(_) => format!("{} now comes after {after}", path(file)),
            None => format!("created {}, after {after}", path(file)),
        });
        if rebase.conflicts {
            for operation in &file.3.operations {
                ui.result(&format!("  {}", as_change(operation).describe()));
            }
        }
    }
    for name in gone {
        ui.result(&format!("removed {name}: nothing is left for it to do"));
    }
    say_what_databases_do(rebase, gone, ui);
}

/// What to do about the databases that don't follow by themselves.
fn say_what_databases_do(rebase: &Rebase, gone: &[String], ui: &mut Ui) {
    let quoted =
        |names: Vec<&str>| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let changed = || rebase.moved.iter().filter(|it| it.changed);
    let is_gone = |it: &&Moved| it.name != it.before || gone.contains(&it.before);
    let unknown: Vec<&str> = changed().filter(is_gone).map(|it| it.before.as_str()).collect();
    if !unknown.is_empty() {
        ui.note(&format!(
            "note: a database that has applied {} takes it back with `whimbrel down --unknown`, \
             before the next `whimbrel up`",
            quoted(unknown)
        ));
    }
    let edited: Vec<&str> =
        changed().filter(|it| !is_gone(it)).map(|it| it.before.as_str()).collect();
    if let Some(first) = edited.first() {
        ui.note(&format!(
            "note: a database that has applied {} takes it back with `whimbrel down`, down to what \
             came before `{first}`, before the next `whimbrel up`",
            quoted(edited.clone())
        ));
    }
    if !rebase.needless.is_empty() {
        let names = rebase.needless.iter().map(String::as_str).collect::<Vec<_>>();
        ui.note(&format!(
            "note: a database that has applied {} forgets it with `whimbrel fake --undo {}`",
            quoted(names.clone()),
            names.join(" ")
        ));
    }
}
