//! The schema that the first so many migrations leave, kept in the database, so that one pending
//! migration behind a thousand applied ones is not the reason to read a thousand files.
//!
//! It is worth nothing but time: it names the bytes that it was reckoned from, and where it doesn't
//! fit, or isn't there, the files are read. It is written now and then only, so that a history
//! costs what changed and not the size of the schema.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Stop, work};
use crate::{
    connection::Connection,
    history::History,
    migration::{File, checksum},
    schema::{Enumeration, PerDatabase, Routine, Schema, Table, View},
};

/// After how many more migrations a new one is written.
pub(super) const EVERY: usize = 64;

/// Under which name it is kept.
const KEY: &str = "replayed";

/// The longest text that is kept; a server may hang up on a longer statement
/// (`max_allowed_packet` of MySQL and MariaDB is 16 MiB at the least by default).
const LONGEST: usize = 4 << 20;

/// A schema, and what it was reckoned from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Replayed {
    /// How many migrations it holds.
    pub count: usize,
    /// Which ones, and by which version of whimbrel.
    of: String,
    tables: Vec<Table>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    defaults: BTreeMap<String, PerDatabase>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    enums: Vec<Enumeration>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    namespaces: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    views: Vec<View>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    routines: Vec<Routine>,
}

impl Replayed {
    fn new(known: &[&File], schema: &Schema) -> Self {
        Self {
            count: known.len(),
            of: digest(known),
            tables: schema.tables().cloned().collect(),
            defaults: schema.defaults.clone(),
            enums: schema.enumerations(),
            namespaces: schema.namespaces.clone(),
            views: schema.views.values().cloned().collect(),
            routines: schema.routines.values().cloned().collect(),
        }
    }

    /// Whether it was reckoned from the first of these files, as they are now.
    pub(super) fn is_of(&self, known: &[&File]) -> bool {
        known.get(..self.count).is_some_and(|it| digest(it) == self.of)
    }

    pub(super) fn schema(self) -> Schema {
        let mut schema: Schema = self.tables.into_iter().collect();
        schema.defaults = self.defaults;
        schema.enums = self.enums.into_iter().map(|it| (it.name, it.values)).collect();
        schema.namespaces = self.namespaces;
        schema.views = self.views.into_iter().map(|it| (it.name.clone(), it)).collect();
        let routines = self.routines.into_iter();
        schema.routines = routines.map(|it| (it.name.clone(), it)).collect();
        schema
    }
}

fn digest(known: &[&File]) -> String {
    let mut text = format!("whimbrel {}", env!("CARGO_PKG_VERSION"));
    for file in known {
        // A name holds no line break that would make two lists one text: it is a file's name.
        text.extend(["\n", &file.name, " ", &file.digest]);
    }
    checksum::raw(text.as_bytes())
}

/// What an earlier run kept of these, if it still fits; nothing is asked where so little is applied
/// that nobody would have.
pub(super) fn find(
    connection: &mut dyn Connection,
    history: &History,
    known: &[&File],
) -> Result<Replayed, Stop> {
    if known.len() < EVERY {
        return Ok(Replayed::default());
    }
    let rows = connection.query(&history.fact(KEY));
    let rows = rows.map_err(|it| work::database("reading the history", it))?;
    let text = rows.into_iter().flatten().next().flatten();
    // What another version has written in another way is as good as nothing.
    let kept: Option<Replayed> = text.and_then(|it| serde_json::from_str(&it).ok());
    Ok(kept.filter(|it| it.is_of(known)).unwrap_or_default())
}

/// Keeps the schema that `known` leave. That it can't be kept is no failure.
pub(super) fn keep(
    connection: &mut dyn Connection,
    history: &History,
    known: &[&File],
    schema: &Schema,
) {
    let text = serde_json::to_string(&Replayed::new(known, schema)).unwrap_or_default();
    if !text.is_empty() && text.len() <= LONGEST {
        let _ = connection.transaction(&history.keep_fact(KEY, &text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<File> {
        let file =
            |it: &&str| File { name: (*it).to_owned(), digest: checksum::raw(it.as_bytes()) };
        names.iter().map(file).collect()
    }

    #[test]
    fn it_fits_the_files_it_was_reckoned_from_and_no_others() {
        let files = files(&["1_a", "2_b", "3_c"]);
        let all: Vec<&File> = files.iter().collect();
        let kept = Replayed::new(&all[..2], &Schema::default());
        assert!(kept.is_of(&all[..2]) && kept.is_of(&all));
        assert!(!kept.is_of(&all[..1]), "one was taken back");
        assert!(!kept.is_of(&[all[0], all[2]]), "another was applied");
        let edited = File { digest: checksum::raw(b"2"), ..files[1].clone() };
        assert!(!kept.is_of(&[all[0], &edited]), "one says something else");
        assert!(Replayed::default().count == 0);
    }
}
