//! What a file in SQL comes to: the operations that its sections are.

use std::{ops::Range, sync::Arc};

use whimbrel_migration::{Irreversible, Migration, NeedsReview, RunSql, StateOnly};

use super::{Part, Section, SqlMigration};
use crate::{
    diagnostic::Span,
    operation::Operation,
    schema::{Database, PerDatabase, Script, Undo},
};

/// Sections that stand side by side: one for all databases, or one for each of several.
type Group<'a> = Vec<&'a Section>;

fn groups(sections: &[Section]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for section in sections {
        match groups.last_mut() {
            Some(group) if section.database.is_some() && group[0].database.is_some() => {
                group.push(section);
            }
            _ => groups.push(vec![section]),
        }
    }
    groups
}

impl SqlMigration {
    /// The migration as a value, and where each of its operations is written.
    pub fn migration(&self) -> (Migration, Vec<Option<Span>>) {
        let mut operations = Vec::new();
        let mut places = Vec::new();
        let mut said: Vec<Operation> = Vec::new();
        if let Some((why, place)) = self.needs_review.clone() {
            said.push(NeedsReview { why }.into());
            places.push(Some(place));
        }
        if let Some((why, place)) = self.irreversible.clone() {
            said.push(Irreversible { why }.into());
            places.push(Some(place));
        }
        for group in groups(&self.up) {
            for (script, place) in self.scripts(&group) {
                operations.push(RunSql { script });
                let file = Arc::clone(&self.file);
                places.push(place.map(|range| Span { file, range }));
            }
        }
        // The way down is one for all, and so is what changes of the schema: it belongs to the
        // operation that is taken back last, so that it runs whatever of the others was done.
        if let Some((first, others)) = operations.split_first_mut() {
            let down = self.down.as_ref().map(|it| self.undo(it));
            let state = self.state.as_ref().map(|it| it.operations.clone());
            if down.is_some() || state.as_ref().is_some_and(|it| !it.is_empty()) {
                for other in others {
                    other.script.undo = Undo::Nothing;
                }
            }
            first.script.undo = down.unwrap_or_default();
            first.script.state = state;
        } else if let Some(state) = self.state.as_ref().filter(|it| !it.operations.is_empty()) {
            said.push(StateOnly { operations: state.operations.clone() }.into());
            places.push(state.place.clone());
        }
        let migration = Migration {
            parents: self.parents.clone(),
            operations: said.into_iter().chain(operations.into_iter().map(Into::into)).collect(),
            no_transaction: self.no_transaction,
            after_deploy: self.after_deploy,
            replaces: self.replaces.clone(),
        };
        (migration, places)
    }

    /// The scripts of a group: several where a `done-when` cuts them.
    fn scripts(&self, group: &Group<'_>) -> Vec<(Script, Option<Range<usize>>)> {
        let databases = databases(group);
        let of = |database: Option<Database>| -> Vec<&Part> {
            let sections = group.iter().filter(|it| it.database == database);
            sections.flat_map(|it| &it.parts).collect()
        };
        let columns: Vec<_> = databases.iter().map(|it| (*it, self.merged(&of(*it)))).collect();
        let count = columns.iter().map(|(_, parts)| parts.len()).max().unwrap_or(0).max(1);
        let script = |position: usize| {
            let (mut up, mut done_when) = (PerDatabase::default(), PerDatabase::default());
            for (database, parts) in &columns {
                let part = parts.get(position);
                let text = part.map(|it| it.text.clone()).unwrap_or_default();
                put(&mut up, *database, text);
                if let Some(query) = part.and_then(|it| it.done_when.clone()) {
                    put(&mut done_when, *database, query);
                }
            }
            let done_when = Some(done_when).filter(|it| *it != PerDatabase::default());
            let place = columns.iter().find_map(|(_, it)| it.get(position));
            (Script { done_when, ..Script::of(up) }, place.map(|it| it.range.clone()))
        };
        (0..count).map(script).collect()
    }

    /// Parts put together that no `done-when` keeps apart.
    fn merged(&self, parts: &[&Part]) -> Vec<Merged> {
        let mut merged: Vec<Merged> = Vec::new();
        for part in parts {
            let text = self.file.text[part.range.clone()].trim_start_matches('\u{feff}').trim();
            match merged.last_mut() {
                Some(last) if part.done_when.is_none() => {
                    last.text.push('\n');
                    last.text.push_str(text);
                }
                _ => merged.push(Merged {
                    done_when: part.done_when.clone(),
                    text: text.to_owned(),
                    range: part.range.clone(),
                }),
            }
        }
        merged
    }

    /// Everything that runs on the way down, for each database in one text.
    fn undo(&self, down: &[Section]) -> Undo {
        let groups = groups(down);
        if groups.iter().flatten().all(|it| it.parts.is_empty()) {
            return Undo::Nothing;
        }
        let mut undo = PerDatabase::default();
        let mut named: Vec<_> = groups.iter().flat_map(|it| databases(it)).collect();
        if named.iter().any(Option::is_some) {
            named.retain(Option::is_some);
        }
        named.sort_unstable();
        named.dedup();
        for database in named {
            let texts = groups.iter().map(|group| {
                let sections =
                    group.iter().filter(|it| it.database.is_none() || it.database == database);
                let parts: Vec<_> = sections.clone().flat_map(|it| &it.parts).collect();
                let text: String = self.merged(&parts).into_iter().map(|it| it.text).collect();
                sections.clone().next().map(|_| text)
            });
            // Where a part of the way down has no text for this database, there is none at all.
            if let Some(texts) = texts.collect::<Option<Vec<_>>>() {
                put(&mut undo, database, texts.join("\n"));
            }
        }
        Undo::Sql(undo)
    }
}

struct Merged {
    done_when: Option<String>,
    text: String,
    range: Range<usize>,
}

/// The databases of a group, each once, in the order they are written.
fn databases(group: &Group<'_>) -> Vec<Option<Database>> {
    let mut databases = Vec::new();
    for section in group {
        if !databases.contains(&section.database) {
            databases.push(section.database);
        }
    }
    databases
}

fn put(texts: &mut PerDatabase, database: Option<Database>, text: String) {
    match database {
        Some(database) => texts.texts.push((database, text)),
        None => texts.otherwise = Some(text),
    }
}
