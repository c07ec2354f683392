//! Putting the migrations of one branch behind those of the others, in a line.

use std::collections::BTreeSet;

use whimbrel_migration::Migration;

use super::{Checkout, Error, Kind};
use crate::{
    diagnostic::Diagnostic,
    migration::{Loaded, Migrations, Numbering, file_name, format, number_of, without_number},
    operation::{Operation, as_change, first_unfit, parts},
    schema::Schema,
};

/// How the migrations of a branch stand behind the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rebase {
    /// What they come after.
    pub behind: Vec<String>,
    /// The migrations, in their order.
    pub moved: Vec<Moved>,
    /// Merges of what now stands in a line: nothing is left for them to do.
    pub needless: Vec<String>,
    /// Whether some operation is in the way of one of the others', so that the rest has to be
    /// found anew.
    pub conflicts: bool,
    /// The schema behind all of them.
    pub after: Schema,
}

/// A migration that gets another place.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// What it was called.
    pub before: String,
    /// What it is called now.
    pub name: String,
    /// What it is written in.
    pub kind: Kind,
    /// What it says now: other parents, and of its operations those that fit.
    pub migration: Migration,
    /// Whether it does something else than it did: some of its operations don't fit any more.
    pub changed: bool,
}

impl Checkout {
    /// The migrations that `leaf` comes after and no other leaf does, and `leaf` itself, in order.
    pub fn line_of(&self, leaf: &str) -> Vec<String> {
        let leaves = self.graph.leaves();
        let others: Vec<&str> = leaves.into_iter().filter(|it| *it != leaf).collect();
        let theirs: BTreeSet<&str> = self.up_to(&others).into_iter().collect();
        let own = self.up_to(&[leaf]).into_iter().filter(|it| !theirs.contains(it));
        own.map(str::to_owned).collect()
    }

    /// How the branch that ends in `leaf` stands behind all others: in a line, in which a
    /// migration keeps its number where that is higher than all before it.
    ///
    /// # Errors
    ///
    /// A migration that can't be read, or branches that don't fit by themselves.
    pub fn rebased(&self, leaf: &str, numbering: &Numbering) -> Result<Rebase, Error> {
        let leaves = self.graph.leaves();
        let behind: Vec<String> =
            leaves.iter().filter(|it| **it != leaf).map(|it| (*it).to_owned()).collect();
        let mut conflicts = false;
        for other in &behind {
            conflicts |= self.clash(other, leaf)?.is_some();
        }
        let own = self.line_of(leaf);
        let mut schema =
            self.schema_after(&behind.iter().map(String::as_str).collect::<Vec<_>>())?;
        let mut names: Vec<String> = self
            .directory
            .files()
            .iter()
            .filter(|it| !own.contains(&it.name))
            .map(|it| it.name.clone())
            .collect();
        let mut rebase = Rebase { behind: behind.clone(), conflicts, ..Rebase::default() };
        let mut parents = behind;
        for before in own {
            let loaded = self.migration(&before)?;
            if loaded.migration.parents.len() > 1 && loaded.migration.operations.is_empty() {
                rebase.needless.push(before);
                continue;
            }
            let kind = self.directory.kind(&before).unwrap_or(Kind::Rust);
            let (fitting, dropped) = fitting(&loaded, kind, &mut schema)?;
            let name = named_behind(&names, &before, numbering);
            names.push(name.clone());
            let migration = Migration {
                parents: std::mem::replace(&mut parents, vec![name.clone()]),
                operations: fitting,
                ..loaded.migration.clone()
            };
            rebase.conflicts |= !dropped.is_empty();
            let changed = !dropped.is_empty();
            rebase.moved.push(Moved { before, name, kind, migration, changed });
        }
        rebase.after = schema;
        Ok(rebase)
    }

    /// The text of a migration that says this now: as it is written but for its parents, where that
    /// is enough. `title` opens a file that had no opening comment.
    pub fn text_with(&self, name: &str, migration: &Migration, title: &str) -> String {
        let (Ok(loaded), Some(file)) = (self.migration(name), self.directory.text(name)) else {
            return format::rust::print(migration, title);
        };
        let is_sql = self.directory.kind(name) == Some(Kind::Sql);
        let parents = migration.parents.clone();
        let only_parents = Migration { parents, ..loaded.migration.clone() } == *migration;
        let doc = format::rust::doc(&file.text);
        // What nobody has touched since it was generated is laid out anew.
        let untouched = format::rust::print(&loaded.migration, &doc) == file.text;
        let place = loaded.parents_place.clone().filter(|it| it.file.name == file.name);
        match place {
            Some(place) if is_sql || (only_parents && !untouched) => {
                let mut text = file.text.clone();
                let stated = if is_sql {
                    format::sql::parents(&migration.parents)
                } else {
                    format::rust::parents(migration)
                };
                text.replace_range(place.range, &stated);
                text
            }
            _ => format::rust::print(migration, if doc.is_empty() { title } else { &doc }),
        }
    }
}

/// The operations of a migration that fit behind this schema, which they change, and the others.
///
/// # Errors
///
/// SQL that somebody wrote and that doesn't fit: only they know what is to become of it.
fn fitting(
    loaded: &Loaded,
    kind: Kind,
    schema: &mut Schema,
) -> Result<(Vec<Operation>, Vec<Operation>), Error> {
    let (mut fitting, mut dropped) = (Vec::new(), Vec::new());
    for (position, operation) in loaded.migration.operations.iter().enumerate() {
        let change = as_change(operation);
        match change.apply(schema) {
            Ok(()) => fitting.push(operation.clone()),
            Err(conflict) if kind == Kind::Sql || matches!(operation, Operation::RunSql(_)) => {
                let part = first_unfit(operation, schema);
                let message =
                    format!("`{}` doesn't fit behind the others: {conflict}", loaded.name);
                let found = Diagnostic::error(message)
                    .note("SQL that was written by hand is not changed, and nothing was written")
                    .help(format!(
                        "change what `{}` does, and what it says of the schema, so that it fits \
                         behind the others, and run `whimbrel rebase` again",
                        loaded.name
                    ));
                return Err(Error::Texts(vec![match loaded.place_of_part(position, part) {
                    Some(place) => {
                        let unfit = parts(operation).get(part).unwrap_or(operation);
                        found.at(place, as_change(unfit).describe())
                    }
                    None => found,
                }]));
            }
            Err(_) => dropped.push(operation.clone()),
        }
    }
    Ok((fitting, dropped))
}

/// The name of a migration behind all of these: its own where its number is the highest.
fn named_behind(names: &[String], name: &str, numbering: &Numbering) -> String {
    let highest = names.iter().filter_map(|it| number_of(it)).map(|it| it.0).max();
    match (number_of(name), highest) {
        (Some((own, _)), Some(highest)) if own > highest => name.to_owned(),
        (Some(_), None) => name.to_owned(),
        _ => file_name(&numbering.next(names.iter().map(String::as_str)), without_number(name)),
    }
}
