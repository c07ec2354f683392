//! What the databases of the project could never do is told before it is written, and not first by
//! `plan` and `up`.

use whimbrel::{
    dialect::{self, Dialect, Unsupported},
    operation::{Operation, Span, as_change},
    project::Config,
    schema::Schema,
    sql,
};

use crate::failure::{Failure, REFUSED};

/// Refuses operations that the database at hand or that of an environment can't make; where none is
/// configured, those that no database can.
pub(super) fn check(
    operations: &[Operation],
    before: &Schema,
    config: &Config,
) -> Result<(), Failure> {
    let mut refused = Vec::new();
    for (environment, dialect) in config.databases() {
        let product = dialect.product;
        let who = match environment {
            None => product.to_owned(),
            Some(name) => format!("{product}, the database of `[env.{name}]`,"),
        };
        let of_it = refusals(operations, before, &[dialect]);
        refused.extend(of_it.into_iter().map(|it| (who.clone(), it)));
    }
    if config.databases().is_empty() {
        let of_all = refusals(operations, before, dialect::ALL);
        refused.extend(of_all.into_iter().map(|it| ("no database".to_owned(), it)));
    }
    let mut refused = refused.into_iter();
    let Some((who, why)) = refused.next() else { return Ok(()) };
    let can = if who == "no database" { "can" } else { "can't" };
    let mut failure = Failure::new(REFUSED, format!("{who} {can} make this change: {why}"));
    let more = |(other, why): (String, Unsupported)| {
        if other == who { why.to_string() } else { format!("{other} can't make it either: {why}") }
    };
    failure.notes.extend(refused.map(more));
    Err(failure.note("nothing was written").hint(
        "declare it otherwise, or make the change by hand in a migration that `whimbrel new` begins",
    ))
}

/// What none of these databases can do.
fn refusals(
    operations: &[Operation],
    before: &Schema,
    dialects: &[&'static Dialect],
) -> Vec<Unsupported> {
    let mut schema = before.clone();
    let mut refused = Vec::new();
    for operation in operations {
        let change = as_change(operation);
        let mut after = schema.clone();
        if change.apply(&mut after).is_err() {
            break;
        }
        let span = Span { before: &schema, after: &after };
        refused.extend(everywhere(dialects, |it| change.sql(it, span).err()));
        schema = after;
    }
    if let [dialect] = dialects {
        // What the migrations mixed up before is there already, or nowhere.
        let known = sql::mixed_up(dialect, before);
        refused
            .extend(sql::mixed_up(dialect, &schema).into_iter().filter(|it| !known.contains(it)));
    }
    refused
}

/// Why none of them can do it; `None` where one can.
fn everywhere(
    dialects: &[&'static Dialect],
    refused: impl Fn(&'static Dialect) -> Option<Unsupported>,
) -> Option<Unsupported> {
    let mut why = None;
    for dialect in dialects {
        why = Some(refused(dialect)?);
    }
    why
}
