//! The snapshot that makemigrations up to 0.2 kept beside its migrations: what they had led to, as a
//! schema file.

use std::fs;

use whimbrel_migration::Migration;

use crate::{
    diagnostic::{Diagnostic, Severity, SourceFile},
    diff::{Answers, diff},
    schema::Schema,
    source::yaml,
};

use super::{Config, Error};

/// The snapshot's name in the folder of migrations.
const NAME: &str = ".schema_snapshot.yaml";

/// The first migration of a project that has a snapshot: all that stands in it, foreign keys
/// included. The second value is what should be looked at.
pub fn of_snapshot(config: &Config) -> Result<Option<(Migration, Vec<Diagnostic>)>, Error> {
    let path = config.migrations().join(NAME);
    if !path.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(|it| Error::file("read", &path, it))?;
    let file = SourceFile::new(config.display(&path), text);
    let (declared, found) = yaml::read(&vec![file].into());
    if found.iter().any(|it| it.severity == Severity::Error) {
        return Err(Error::Texts(found));
    }
    let operations = diff(&Schema::default(), &declared.schema, &Answers::default());
    // From nothing there is nothing to ask and nothing to refuse.
    let operations = operations.unwrap_or_default();
    Ok(Some((Migration { operations, ..Migration::first() }, found)))
}
