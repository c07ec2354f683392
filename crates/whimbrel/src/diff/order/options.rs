//! When a table is told what only one database has a word for, among the changes of its columns and
//! keys.

use super::{Atoms, Changes, Link, Web};
use crate::diff::changes::says_charset;
use crate::schema::{CollationChange, Database, Name, TableChange};

/// What only tables of a certain shape can have: they have that shape before they are told so, and
/// keep it until they are told otherwise.
const TIGHT: [(Database, &str); 2] =
    [(Database::Sqlite, "strict"), (Database::Sqlite, "without_rowid")];

/// What says whether a table can have foreign keys, and be pointed at.
const KEYS: [&str; 4] = ["unlogged", "engine", "collation", "charset"];

impl Atoms<'_> {
    pub(super) fn tie_options(&self, changes: &Changes<'_>, web: &mut Web) {
        let altered = || changes.altered.iter().zip(&self.altered);
        for ((table, change), position) in altered() {
            // A key that goes is in nobody's way, and one that comes finds its tables ready.
            let matters = change.options.iter().any(|(_, it, _)| KEYS.contains(&it));
            let of = |key: &Link<'_>| {
                matters && (key.table == *table || key.foreign_key.table == **table)
            };
            for (_, first) in
                changes.dropped_keys.iter().zip(&self.dropped_keys).filter(|it| of(it.0))
            {
                web.prefer(*first, *position);
            }
            for (_, then) in changes.added_keys.iter().zip(&self.added_keys).filter(|it| of(it.0)) {
                web.prefer(*position, *then);
            }
            if says_charset(&change.options) {
                self.tie_collations(changes, table, *position, web);
            }
            if let Some(comes) = comes(change, &TIGHT) {
                for other in self.shapes(changes, table) {
                    if comes {
                        web.prefer(other, *position);
                    } else {
                        web.prefer(*position, other);
                    }
                }
            }
            // What is logged can't point at what isn't.
            let Some(comes) = comes_unlogged(change) else { continue };
            let keys = changes.after.get(table).map(|it| it.foreign_keys.as_slice());
            for key in keys.unwrap_or_default() {
                let target = altered().find(|((it, change), _)| {
                    **it == key.table && comes_unlogged(change) == Some(comes)
                });
                let Some((_, target)) = target else { continue };
                if comes {
                    web.prefer(*position, *target);
                } else {
                    web.prefer(*target, *position);
                }
            }
        }
    }

    /// A column that names its collation from then on names it before its table gets another one, and
    /// one that names it no more does so behind: so no column is converted twice.
    fn tie_collations(&self, changes: &Changes<'_>, table: &Name, position: usize, web: &mut Web) {
        for it in changes.altered_columns.iter().filter(|it| it.table == table) {
            let own = self.altered_columns[&(it.table, it.name)];
            let charset = it.change.options.iter().find(|(_, name, _)| *name == "charset");
            match (&it.change.collation, charset) {
                (Some(CollationChange::Set(_)), _) | (None, Some((_, _, Some(_)))) => {
                    web.prefer(own, position);
                }
                (Some(CollationChange::Drop), _) | (None, Some((_, _, None))) => {
                    web.prefer(position, own);
                }
                (None, None) => {}
            }
        }
    }

    /// The changes of a table's columns and of its key.
    fn shapes(&self, changes: &Changes<'_>, table: &Name) -> Vec<usize> {
        let keys = changes.altered_keys.iter().zip(&self.altered_keys);
        let keys = keys.filter(|((_, it), _)| it.name == *table).map(|(_, it)| *it);
        [&self.added_columns, &self.dropped_columns, &self.altered_columns]
            .into_iter()
            .flatten()
            .filter(|((it, _), _)| *it == table)
            .map(|(_, position)| *position)
            .chain(keys)
            .collect()
    }
}

fn comes_unlogged(change: &TableChange) -> Option<bool> {
    comes(change, &[(Database::Postgres, "unlogged")])
}

/// Whether one of these comes, or else goes; `None` where none of them changes.
fn comes(change: &TableChange, options: &[(Database, &str)]) -> Option<bool> {
    let mut found = None;
    for (database, name, to) in change.options.iter() {
        if options.contains(&(database, name)) {
            found = Some(found == Some(true) || to.is_some());
        }
    }
    found
}
