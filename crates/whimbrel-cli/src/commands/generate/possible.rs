//! What the databases of the project could never do is told before it is written, and not first by
//! `plan` and `up`.

use whimbrel::{
    dialect::{self, Dialect, Unsupported},
    operation::{Operation, Span, as_change},
    project::Config,
    schema::Schema,
};

use crate::failure::{Failure, REFUSED};

/// Refuses operations that the configured database can't make; where none is configured, those that
/// no database can.
pub(super) fn check(
    operations: &[Operation],
    before: &Schema,
    config: &Config,
) -> Result<(), Failure> {
    let of_project = config.dialect();
    let dialects = match &of_project {
        Some(one) => std::slice::from_ref(one),
        None => dialect::ALL,
    };
    let mut schema = before.clone();
    let mut refused: Vec<Unsupported> = Vec::new();
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
    let Some(first) = refused.first() else { return Ok(()) };
    let mut failure = Failure::new(
        REFUSED,
        match of_project {
            Some(one) => format!("{} can't make this change: {first}", one.product),
            None => format!("no database can make this change: {first}"),
        },
    );
    failure.notes.extend(refused.iter().skip(1).map(ToString::to_string));
    Err(failure.note("nothing was written").hint(
        "declare it otherwise, or make the change by hand in a migration that `whimbrel new` begins",
    ))
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
