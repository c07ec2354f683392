//! `whimbrel sql`: the statements of migrations.

use serde_json::{Value, json};
use whimbrel::{
    dialect::{Dialect, SQLITE},
    operation::{Span, as_change},
    project::Checkout,
    schema::Schema,
    sql::{self, Statement},
};

use super::{init::dialect_named, plan, up};
use crate::{
    failure::{DONE, Failure, REFUSED},
    globals::Globals,
    statements,
    ui::Ui,
};

/// Show the statements of migrations; without `--pending` no database is asked
#[derive(Debug, clap::Args)]
#[command(visible_alias = "showsql")]
#[command(after_help = "Example:\n  whimbrel sql 0002 --dialect mysql")]
pub(crate) struct Args {
    /// The migrations, if not all; the beginning of a name is enough
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Those that aren't applied to the database
    #[arg(long, conflicts_with_all = ["names", "dialect"])]
    pending: bool,
    /// For this database, instead of the configured one
    #[arg(long, value_name = "DATABASE", value_parser = dialect_named)]
    dialect: Option<&'static Dialect>,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    if args.pending {
        return plan::up(&up::Far::default(), globals, ui);
    }
    let config = globals.load(ui)?;
    let dialect = args.dialect.or_else(|| config.dialect()).unwrap_or(&SQLITE);
    let checkout = Checkout::open(&config)?;
    let graph = &checkout.graph;
    let mut wanted = Vec::new();
    for name in &args.names {
        let found = graph.find(name)?;
        wanted.push(found);
    }
    let mut scripts: Vec<(&str, Vec<String>)> = Vec::new();
    for name in graph.order().filter(|it| args.names.is_empty() || wanted.contains(it)) {
        scripts.push((name, script(&checkout, name, dialect)?));
    }
    if ui.is_json() {
        let migrations: Vec<Value> = scripts
            .iter()
            .map(|(name, statements)| json!({ "name": name, "statements": statements }))
            .collect();
        ui.json(json!({ "dialect": dialect.name, "migrations": migrations }));
    } else if scripts.is_empty() {
        ui.note(&format!("There are no migrations in {}.", checkout.directory.shown()));
    } else {
        let scripts: Vec<String> =
            scripts.iter().map(|(name, it)| format!("-- {name}\n{}", it.concat())).collect();
        ui.result(&scripts.join("\n"));
    }
    Ok(DONE)
}

/// The statements of a migration on top of what it comes after.
fn script(
    checkout: &Checkout,
    name: &str,
    dialect: &'static Dialect,
) -> Result<Vec<String>, Failure> {
    let loaded = checkout.migration(name)?;
    let before = checkout.schema_after(&checkout.graph.parents(name))?;
    of_operations(&loaded.migration.operations, before, dialect).or_else(|why| {
        // What doesn't fit is told with its place.
        checkout.schema_after(&[name])?;
        Err(Failure::new(REFUSED, format!("migration `{name}`: {why}")))
    })
}

/// The statements of operations on top of `schema`, or why there are none.
pub(crate) fn of_operations(
    operations: &[whimbrel::operation::Operation],
    mut schema: Schema,
    dialect: &Dialect,
) -> Result<Vec<String>, String> {
    let mut parts: Vec<Part> = Vec::new();
    let mut refuses = false;
    for operation in operations {
        let change = as_change(operation);
        let mut after = schema.clone();
        change.apply(&mut after).map_err(|it| it.to_string())?;
        let span = Span { before: &schema, after: &after };
        let statements = change.sql(dialect, span).map_err(|it| it.to_string())?;
        let remark = change.remark(dialect, span);
        let remark = remark.map(|it| format!("-- {}\n", it.replace('\n', "\n-- ")));
        parts.extend(remark.map(Part::Remark));
        if let ([one], Some(Part::Statement(last))) = (statements.as_slice(), parts.last_mut())
            && let Some(both) = sql::at_once(dialect, last, one, refuses)
        {
            **last = both;
        } else {
            refuses = false;
            parts.extend(statements.into_iter().map(|it| Part::Statement(Box::new(it))));
        }
        refuses |= change.hazard(&schema).is_some();
        schema = after;
    }
    let texts = parts.iter().map(|it| match it {
        Part::Remark(text) => text.clone(),
        Part::Statement(it) => statements::text(it, dialect),
    });
    Ok(texts.collect())
}

/// What a script is made of.
enum Part {
    Remark(String),
    Statement(Box<Statement>),
}
