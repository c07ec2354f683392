//! `whimbrel data dump`: rows of live tables as a migration.

use serde_json::json;
use whimbrel::{
    connection::DatabaseError,
    diagnostic::did_you_mean,
    migration::{format, slug},
    project::{Checkout, Kind},
    schema::{Name, Schema, Table},
    source::rows::{self, Wanted},
};
use whimbrel_migration::Migration;

use super::super::written;
use crate::{
    failure::{DONE, Failure, PASSING, REFUSED, USAGE},
    globals::Globals,
    target::{self, Purpose},
    ui::Ui,
};

/// The most rows that a migration is written with; more belong into a copy of the data.
const MOST: usize = 20_000;

/// Write the rows of live tables down as a migration that adds or changes them
///
/// The migration is marked nowhere: where the rows are there already it changes nothing. The
/// database is only read.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  whimbrel data dump countries currencies\n  whimbrel data dump users \
                  --where \"role = 'system'\" --key email\n  whimbrel data dump a b --where \"a:n < 3\""
)]
pub(crate) struct Args {
    /// The tables, in the order in which their rows are to be written
    #[arg(value_name = "TABLE", required = true)]
    tables: Vec<String>,
    /// Only these rows: a condition in SQL, for one of the tables with `TABLE:` before it; several must all hold
    #[arg(long = "where", value_name = "[TABLE:]CONDITION")]
    conditions: Vec<String>,
    /// The columns that a row is known by, unless they are the primary key
    #[arg(long, visible_alias = "conflict-key", value_name = "[TABLE:]COLUMN,…")]
    key: Vec<String>,
    /// What the migration is called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Show the migration and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let checkout = Checkout::open(&config)?;
    let parents = written::only_leaf(&checkout)?;
    let schema = checkout.schema_after(&checkout.graph.leaves())?;
    let tables: Vec<&Table> =
        args.tables.iter().map(|it| table(&schema, it)).collect::<Result<_, _>>()?;
    meant(&schema, &tables, args)?;
    let target = target::target(&config, Purpose::Read)?;
    let mut session = target::connect(&target, &config, Purpose::Read, ui)?;
    let (connection, dialect) = (&mut *session.connection, session.dialect);
    let mut migration = Migration { parents, ..Migration::default() };
    let mut count = 0;
    for table in &tables {
        let key = key(table, &tables, &args.key)?;
        let conditions = of_table(table, &tables, &args.conditions);
        let wanted = Wanted { table, key: &key, conditions: &conditions };
        let found = rows::read(connection, dialect, wanted).map_err(|it| refused(table, it))?;
        count += found.rows.len();
        if count > MOST {
            let message = format!("more than {MOST} rows would stand in the migration");
            return Err(Failure::new(USAGE, message).note("nothing was written").hint(
                "name fewer with `--where`, or copy the data with the database's own tools",
            ));
        }
        if found.rows.is_empty() {
            ui.note(&format!("warning: `{}` has no such rows", table.name));
        } else {
            migration = migration.upsert(found);
        }
    }
    let words = args.name.clone().unwrap_or_else(|| match tables.as_slice() {
        [table] => format!("dump {}", table.name.name),
        _ => "dump data".to_owned(),
    });
    let Some(slug) = slug(&words) else {
        return Err(Failure::new(USAGE, format!("`{words}` has no letter or digit in it")));
    };
    let name = checkout.next_name(&slug, &written::numbering(&config));
    let text = format::rust::print(&migration, &written::title(&name));
    if args.dry_run {
        ui.result(text.trim_end());
        return Ok(DONE);
    }
    if migration.operations.is_empty() {
        ui.result("No rows, and so no migration");
        return Ok(DONE);
    }
    let path = checkout.add(&config, &name, Kind::Rust, &text, &migration)?;
    let shown = config.display(&path);
    if ui.is_json() {
        ui.json(json!({ "created": shown, "name": name, "rows": count }));
    } else {
        ui.result(&format!("created {shown}"));
        ui.result(&format!("  {count} row{}", if count == 1 { "" } else { "s" }));
    }
    Ok(DONE)
}

fn table<'a>(schema: &'a Schema, word: &str) -> Result<&'a Table, Failure> {
    let name = match word.split_once('.') {
        Some((namespace, name)) => {
            Name { namespace: Some(namespace.to_owned()), name: name.to_owned() }
        }
        None => Name::new(word),
    };
    schema.get(&name).or_else(|| schema.get(&Name::new(word))).ok_or_else(|| {
        let names: Vec<String> = schema.tables().map(|it| it.name.to_string()).collect();
        let near = did_you_mean(word, names.iter().map(String::as_str));
        let hint = match (near, names.as_slice()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => "they make none at all; `whimbrel generate` writes the first".to_owned(),
            (None, _) => "`whimbrel schema state` shows those that they make".to_owned(),
        };
        Failure::new(USAGE, format!("the migrations make no table `{word}`")).hint(hint)
    })
}

/// Refuses a table that is named twice, and what is said of a table whose rows aren't wanted.
fn meant(schema: &Schema, tables: &[&Table], args: &Args) -> Result<(), Failure> {
    let twice = tables.iter().enumerate().find(|(at, it)| tables[..*at].contains(*it));
    if let Some((_, table)) = twice {
        return Err(Failure::new(USAGE, format!("`{}` is named twice", table.name)));
    }
    for (flag, said) in [("where", &args.conditions), ("key", &args.key)] {
        for text in said {
            let name = text.split_once(':').map_or("", |(name, _)| name);
            let is = |it: &Table| it.name.to_string() == name;
            if schema.tables().any(is) && !tables.iter().any(|it| is(it)) {
                let message =
                    format!("`--{flag} {text}` is about `{name}`, whose rows aren't wanted");
                return Err(Failure::new(USAGE, message)
                    .hint(format!("name `{name}` as well, or leave the flag out")));
            }
        }
    }
    Ok(())
}

/// What is said of a table: that which names it, or names none of them.
fn of_table(table: &Table, tables: &[&Table], said: &[String]) -> Vec<String> {
    let of = |it: &String| match it.split_once(':') {
        Some((name, rest)) if tables.iter().any(|it| it.name.to_string() == name) => {
            (table.name.to_string() == name).then(|| rest.to_owned())
        }
        _ => Some(it.clone()),
    };
    said.iter().filter_map(of).collect()
}

fn key(table: &Table, tables: &[&Table], said: &[String]) -> Result<Vec<String>, Failure> {
    let named: Vec<String> = of_table(table, tables, said)
        .iter()
        .flat_map(|it| it.split(','))
        .map(|it| it.trim().to_owned())
        .collect();
    let key = if named.is_empty() { table.primary_key.clone() } else { named };
    if let Some(column) = key.iter().find(|it| table.position(it).is_none()) {
        let near = did_you_mean(column, table.columns.iter().map(|it| it.name.as_str()));
        let failure = Failure::new(USAGE, format!("`{}` has no column `{column}`", table.name));
        return Err(Failure { hint: near.map(|it| format!("did you mean `{it}`?")), ..failure });
    }
    if key.is_empty() {
        let message = format!("`{}` has no primary key to know its rows by", table.name);
        return Err(Failure::new(USAGE, message)
            .hint("name columns of a unique constraint or index: `--key COLUMN,…`"));
    }
    Ok(key)
}

fn refused(table: &Table, error: DatabaseError) -> Failure {
    let code = if error.trouble.passes() { PASSING } else { REFUSED };
    let message = format!("the rows of `{}` can't be read: {error}", table.name);
    Failure { hint: error.hint, ..Failure::new(code, message) }
}
