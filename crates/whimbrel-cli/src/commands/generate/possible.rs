//! What the databases of the project could never do is told before it is written, and not first by
//! `plan` and `up`.

use whimbrel::{
    diagnostic::{Diagnostic, Span as Source},
    dialect::{self, Dialect, Unsupported},
    operation::{Operation, Span, as_change},
    project::Config,
    schema::Schema,
    source::Places,
    sql,
};

use crate::failure::{Failure, REFUSED};

/// Refuses operations that the database at hand or that of an environment can't make; where none is
/// configured, those that no database can.
pub(super) fn check(
    operations: &[Operation],
    before: &Schema,
    places: &Places,
    config: &Config,
) -> Result<(), Failure> {
    let mut refused = Vec::new();
    for (environment, dialect) in config.databases() {
        let product = dialect.product;
        let who = match environment {
            None => product.to_owned(),
            Some(name) => format!("{product}, the database of `[env.{name}]`,"),
        };
        let of_it = refusals(operations, before, places, &[dialect]);
        let told = |(why, place)| (format!("{who} can't make this change: {why}"), place);
        refused.extend(of_it.into_iter().map(told));
    }
    if config.databases().is_empty() {
        let of_all = refusals(operations, before, places, dialect::ALL);
        let told = |(why, place)| (format!("no database can make this change: {why}"), place);
        refused.extend(of_all.into_iter().map(told));
    }
    if refused.is_empty() {
        return Ok(());
    }
    let told = |(message, place): (String, Option<Source>)| match place {
        Some(place) => Diagnostic::error(message).at(place, "declared here"),
        None => Diagnostic::error(message),
    };
    let failure = Failure::texts(REFUSED, refused.into_iter().map(told).collect());
    Err(failure.note("nothing was written").hint(
        "declare it otherwise, or make the change by hand in a migration that `whimbrel new` begins",
    ))
}

/// What none of these databases can do, with the place where it is declared.
fn refusals(
    operations: &[Operation],
    before: &Schema,
    places: &Places,
    dialects: &[&'static Dialect],
) -> Vec<(Unsupported, Option<Source>)> {
    let mut schema = before.clone();
    let mut refused = Vec::new();
    for operation in operations {
        let change = as_change(operation);
        let mut after = schema.clone();
        if change.apply(&mut after).is_err() {
            break;
        }
        let span = Span { before: &schema, after: &after };
        let why = everywhere(dialects, |it| change.sql(it, span).err());
        refused.extend(why.map(|it| (it, places.of_operation(operation).cloned())));
        schema = after;
    }
    if let [dialect] = dialects {
        // What the migrations mixed up before is there already, or nowhere.
        let known = sql::mixed_up(dialect, before);
        let new = sql::mixed_up(dialect, &schema).into_iter().filter(|it| !known.contains(it));
        refused.extend(new.map(|it| (it, None)));
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
