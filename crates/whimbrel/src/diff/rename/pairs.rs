//! Tables of pairs, which `many_to_many` fields ask for. Their names follow from those of the tables that
//! they tie together, so that where one of these gets another name there is nothing to ask: what is
//! gone and what is new are the same but for that name.

use std::collections::BTreeSet;

use super::{ByTable, Origin};
use crate::{
    diff::Answers,
    schema::{ForeignKey, Name, Schema, Table},
};

/// The tables of pairs that get another name with one of the tables that they tie together.
pub(super) fn tables(
    before: &Schema,
    after: &Schema,
    answers: &Answers,
    renamed: &[(Name, Name)],
) -> Vec<(Name, Name)> {
    let mut found: Vec<(Name, Name)> = Vec::new();
    let is_free = |it: &Name, found: &[(Name, Name)]| {
        before.get(it).is_none() && !renamed.iter().chain(found).any(|(_, to)| to == it)
    };
    for old in before.tables().filter(|it| after.get(&it.name).is_none()) {
        let is_answered = renamed.iter().any(|(from, _)| *from == old.name)
            || answers.not_renames.iter().any(|it| it.table == old.name && it.column.is_none());
        if is_answered || !is_of_pairs(old) {
            continue;
        }
        let names = old.foreign_keys.iter().filter_map(|key| {
            let (owner, owned) = renamed.iter().find(|(from, _)| *from == key.table)?;
            let field = old.name.name.strip_prefix(&owner.name)?;
            if old.name.namespace != owner.namespace || !field.starts_with('_') {
                return None;
            }
            let name =
                Name { namespace: owned.namespace.clone(), name: format!("{}{field}", owned.name) };
            // The field may have another name too.
            let hint = answers.renamed_tables.iter().find(|it| it.from == name);
            Some(hint.map_or(name, |it| it.to.clone()))
        });
        let fits = |it: &Name| {
            is_free(it, &found) && after.get(it).is_some_and(|new| is_same(old, new, renamed))
        };
        let name = names.into_iter().find(fits);
        found.extend(name.map(|it| (old.name.clone(), it)));
    }
    found
}

/// Adds the columns of tables of pairs that are called after a table which has another name by now.
pub(super) fn columns(
    before: &Schema,
    after: &Schema,
    renamed: &[(Name, Name)],
    columns: &mut ByTable,
) {
    for (old, new) in before.in_both(after) {
        if !is_of_pairs(old) || !is_of_pairs(new) {
            continue;
        }
        for key in &old.foreign_keys {
            let Some((was, is)) = renamed.iter().find(|(_, to)| *to == key.table) else { continue };
            let Some((from, to)) = key.columns.first().and_then(|it| follows(it, was, is)) else {
                continue;
            };
            let answered = columns.renames.get(&new.name);
            let is_answered = answered.is_some_and(|all| all.iter().any(|it| *it.0 == *from))
                || columns.dropped.contains(&(new.name.clone(), Some(from.clone())));
            let is_there = old.position(&to).is_none()
                && new.position(&from).is_none()
                && target(new, &to).is_some_and(|it| it.table == key.table);
            if is_there && !is_answered {
                let renames = columns.renames.entry(new.name.clone()).or_default();
                renames.push((from, to, Origin::Hint));
            }
        }
    }
}

/// A column that is called after the table it points at, and what it is called after that one's new name.
fn follows(column: &str, was: &Name, is: &Name) -> Option<(String, String)> {
    ["", "from_", "to_"].iter().find_map(|side| {
        let named = |it: &Name| format!("{side}{}_id", it.name);
        (named(was) == column).then(|| (column.to_owned(), named(is)))
    })
}

/// Whether a table has two columns, which are its primary key and point at a table each.
fn is_of_pairs(table: &Table) -> bool {
    let [one, other] = table.columns.as_slice() else { return false };
    let both = BTreeSet::from([&one.name, &other.name]);
    table.foreign_keys.len() == 2
        && table.primary_key.iter().collect::<BTreeSet<_>>() == both
        && both.iter().all(|it| target(table, it).is_some())
}

/// The foreign key of one column.
fn target<'a>(table: &'a Table, column: &str) -> Option<&'a ForeignKey> {
    table.foreign_keys.iter().find(|it| it.columns.as_slice() == [column])
}

/// Whether one table of pairs ties together what the other does, by the names of now.
fn is_same(old: &Table, new: &Table, renamed: &[(Name, Name)]) -> bool {
    let name_now = |it: &Name| {
        renamed.iter().find(|(from, _)| from == it).map_or_else(|| it.clone(), |(_, to)| to.clone())
    };
    let targets = |table: &Table, name: &dyn Fn(&Name) -> Name| {
        let mut all: Vec<Name> = table.foreign_keys.iter().map(|it| name(&it.table)).collect();
        all.sort();
        all
    };
    is_of_pairs(new) && targets(old, &name_now) == targets(new, &Name::clone)
}
