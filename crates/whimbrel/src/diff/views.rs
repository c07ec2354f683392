//! Views: which come, go and change, and which have to make way for a while, as no database changes
//! what a view rests on in all cases.
//!
//! What a query speaks of is known by its words alone, so a view may make way without need; that
//! costs what only the database says of it, such as grants, and never rows.

use std::collections::BTreeSet;

use whimbrel_migration::{AlterView, CreateView, DropView};

use super::{changes::Changes, routines};
use crate::{
    operation::Operation,
    schema::{Column, Name, Schema, Table, View},
    sql,
};

/// The changes of views, before and behind all others.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub(super) first: Vec<Operation>,
    pub(super) last: Vec<Operation>,
}

/// The changes of views from one schema to another. `changes` are those of everything else, behind
/// the `renames`.
pub(super) fn around(
    before: &Schema,
    after: &Schema,
    renames: &[Operation],
    changes: &Changes<'_>,
) -> Around {
    if before.views.is_empty() && after.views.is_empty() {
        return Around::default();
    }
    let news = News::of(renames, changes, routines::made_anew(before, after));
    let was = sql::in_order(before.views.values());
    let is = sql::in_order(after.views.values());
    let kept =
        |view: &View| after.views.get(&view.name).filter(|it| it.materialized == view.materialized);
    // Those that go, for good or for a while.
    let mut going: BTreeSet<&Name> = BTreeSet::new();
    // Those that change before all else, and need nothing that comes.
    let mut early: BTreeSet<&Name> = BTreeSet::new();
    for view in &was {
        let spoken = sql::spoken_of(&view.query);
        let rests_on_going = going.iter().any(|it| spoken.contains(&it.name.to_lowercase()));
        let Some(new) = kept(view) else {
            going.insert(&view.name);
            continue;
        };
        let changed = !sql::same_query(&new.query, &view.query);
        let shaken = news.shake(&spoken, &view.query);
        let named = was.iter().filter(|it| it.name != view.name);
        let rested_on = named
            .into_iter()
            .any(|it| sql::spoken_of(&it.query).contains(&view.name.name.to_lowercase()));
        let loses_columns = changed && rested_on && !sql::keeps_its_columns(before, view, new);
        if rests_on_going || loses_columns {
            going.insert(&view.name);
        } else if shaken {
            let words = sql::spoken_of(&new.query);
            let free = changed
                && !rested_on
                && !news.come(&words)
                && !news.shake(&words, &new.query)
                && !others_change(before, after, &view.name, &words);
            if free {
                early.insert(&view.name);
            } else {
                going.insert(&view.name);
            }
        }
    }
    let mut around = Around::default();
    // Those that rest on others before those.
    for view in was.iter().rev() {
        let name = view.name.clone();
        if going.contains(&name) {
            around.first.push(DropView { view: name }.into());
        } else if early.contains(&name) {
            around.first.extend(kept(view).map(altered));
        }
    }
    for view in is {
        let stays = before.views.get(&view.name).filter(|it| !going.contains(&it.name));
        match stays {
            None => around.last.push(CreateView { view: view.clone() }.into()),
            Some(old) if !same(old, view) && !early.contains(&view.name) => {
                around.last.push(altered(view));
            }
            Some(_) => {}
        }
    }
    around
}

fn altered(view: &View) -> Operation {
    AlterView { view: view.name.clone(), query: view.query.clone() }.into()
}

/// Whether two views are the same but for how their queries are laid out.
pub(super) fn same(old: &View, new: &View) -> bool {
    old.name == new.name
        && old.materialized == new.materialized
        && sql::same_query(&old.query, &new.query)
}

/// Whether a query speaks of another view that comes, goes or changes.
fn others_change(before: &Schema, after: &Schema, own: &Name, words: &BTreeSet<String>) -> bool {
    let all: BTreeSet<&Name> = before.views.keys().chain(after.views.keys()).collect();
    all.into_iter()
        .filter(|it| *it != own)
        .filter(|it| match (before.views.get(*it), after.views.get(*it)) {
            (Some(old), Some(new)) => !same(old, new),
            _ => true,
        })
        .any(|it| words.contains(&it.name.to_lowercase()))
}

/// What a change does to that which queries may speak of, by names in lower case.
#[derive(Default)]
pub(super) struct News {
    /// What comes: tables, columns, enums and their new names.
    new: BTreeSet<String>,
    /// Tables and enums that go, or get another name or other values.
    gone: BTreeSet<String>,
    /// Columns that go or become others, with their tables.
    columns: Vec<(String, String)>,
    /// Tables that get another primary key.
    keys: BTreeSet<String>,
}

impl News {
    /// What changes; `gone` are functions that are made anew.
    pub(super) fn of(renames: &[Operation], changes: &Changes<'_>, gone: BTreeSet<String>) -> Self {
        let mut news = Self { gone, ..Self::default() };
        let lower = |it: &Name| it.name.to_lowercase();
        for rename in renames {
            match rename {
                Operation::RenameTable(it) => {
                    news.gone.insert(lower(&it.from));
                    news.new.insert(lower(&it.to));
                }
                Operation::RenameColumn(it) => {
                    news.columns.push((lower(&it.table), it.from.to_lowercase()));
                    news.new.insert(it.to.to_lowercase());
                }
                Operation::RenameEnum(it) => {
                    news.gone.insert(lower(&it.from));
                    news.new.insert(lower(&it.to));
                }
                _ => {}
            }
        }
        news.new.extend(changes.created.iter().map(|it| lower(&it.name)));
        news.new.extend(changes.added_columns.iter().map(|(_, it)| it.name.to_lowercase()));
        news.new.extend(changes.created_enums.iter().map(|it| lower(&it.name)));
        news.gone.extend(changes.dropped.iter().map(|it| lower(&it.name)));
        news.gone.extend(changes.dropped_enums.iter().map(|it| lower(it)));
        let dropped = changes.dropped_columns.iter();
        news.columns.extend(dropped.map(|(table, it)| (lower(table), it.name.to_lowercase())));
        for it in &changes.altered_columns {
            let change = &it.change;
            let becomes = change.data_type.is_some()
                || change.generated.is_some()
                || change.collation.is_some();
            if becomes {
                news.columns.push((lower(it.table), it.name.to_lowercase()));
                // Which may have to be made anew with it.
                let table = changes.before.get(it.table).into_iter();
                let computed = table.flat_map(|table| sql::computed_from(table, it.name));
                news.columns.extend(computed.map(|c| (lower(it.table), c.name.to_lowercase())));
            }
        }
        for changed in &changes.changed_enums {
            if changed.only_adds() {
                continue;
            }
            news.gone.insert(lower(changed.name));
            let is_of =
                |it: &Column| it.data_type.enumeration().is_some_and(|(it, _)| it == changed.name);
            let of_table = |table: &Table| {
                let columns = table.columns.iter().filter(|it| is_of(&it.column));
                columns.map(|it| (lower(&table.name), it.name.to_lowercase())).collect::<Vec<_>>()
            };
            news.columns.extend(changes.before.tables().flat_map(of_table));
        }
        news.keys = changes.altered_keys.iter().map(|(_, it)| lower(&it.name)).collect();
        news
    }

    /// Whether a query that speaks of these may need what goes or becomes another.
    fn shake(&self, words: &BTreeSet<String>, query: &crate::schema::PerDatabase) -> bool {
        let whole = sql::takes_all(query);
        // Whoever groups by a key may show what hangs on it.
        let by_key = words.contains("group") && !self.keys.is_disjoint(words);
        self.goes(words) || self.columns_shake(words, whole) || by_key
    }

    /// Whether one of these goes, or gets another name or other values.
    pub(super) fn goes(&self, words: &BTreeSet<String>) -> bool {
        !self.gone.is_disjoint(words)
    }

    /// Whether a text that speaks of these, or of all columns of what it names, may need a column
    /// that goes or becomes another.
    pub(super) fn columns_shake(&self, words: &BTreeSet<String>, whole: bool) -> bool {
        let of_column = |(table, column): &(String, String)| {
            words.contains(table) && (whole || words.contains(column))
        };
        self.columns.iter().any(of_column)
    }

    /// Whether a query may need what comes.
    fn come(&self, words: &BTreeSet<String>) -> bool {
        !self.new.is_disjoint(words)
    }
}
