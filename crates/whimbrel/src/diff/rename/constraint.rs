//! Checks, unique constraints and foreign keys that have another name now. Nothing is lost by a rename, so there is
//! nothing to ask: where one that is gone and one that is new are the same but for the name, and no
//! other is, it is the same one. So it is above all with names that follow from their table's.

use whimbrel_migration::RenameConstraint;

use super::{super::explicit, Renamed};
use crate::schema::{ForeignKey, Name, Schema, Table, Unique};

/// Makes the renames, of tables and columns with their new names.
pub(super) fn settle(renamed: &mut Renamed, after: &Schema, refusals: &mut Vec<super::Refusal>) {
    let mut renames = Vec::new();
    for (old, new) in renamed.schema.in_both(after) {
        let checks = pairs(
            &old.checks,
            &new.checks,
            |it| &it.name,
            |one, other| one.condition == other.condition,
        );
        let uniques = pairs(
            &old.uniques,
            &new.uniques,
            |it| &it.name,
            |one, other| *one == Unique { name: one.name.clone(), ..other.clone() },
        );
        let keys = pairs(
            &old.foreign_keys,
            &new.foreign_keys,
            |it| &it.name,
            |one, other| is_same((&renamed.schema, old, one), (after, new, other)),
        );
        for (from, to) in checks.into_iter().chain(uniques).chain(keys) {
            if !is_taken(&renamed.schema, &new.name, to) {
                let (table, from, to) = (new.name.clone(), from.to_owned(), to.to_owned());
                renames.push(RenameConstraint { table, from, to });
            }
        }
    }
    for rename in renames {
        renamed.make(rename.into(), refusals);
    }
}

/// The names of those that are gone and of those that are the same but for the name, where there is
/// one of each only.
fn pairs<'a, T>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&T) -> &String,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(&'a str, &'a str)>
where
    T: 'a,
{
    let lacks = |all: &[T], it: &T| all.iter().all(|other| name(other) != name(it));
    let gone: Vec<&T> = old.iter().filter(|it| lacks(new, it)).collect();
    let come: Vec<&T> = new.iter().filter(|it| lacks(old, it)).collect();
    let mut found = Vec::new();
    for from in &gone {
        let fits: Vec<&&T> = come.iter().filter(|it| same(from, it)).collect();
        let [to] = fits.as_slice() else { continue };
        if gone.iter().filter(|it| same(it, to)).count() == 1 {
            found.push((from_name(&name, from), from_name(&name, to)));
        }
    }
    found
}

fn from_name<'a, T>(name: &impl Fn(&T) -> &String, it: &'a T) -> &'a str {
    name(it)
}

/// Whether two foreign keys differ in nothing but their names, and nothing about their columns makes
/// the old one go anyway.
fn is_same(
    (before, old, one): (&Schema, &Table, &ForeignKey),
    (after, new, other): (&Schema, &Table, &ForeignKey),
) -> bool {
    let (one, other) = (explicit(before, one), explicit(after, other));
    if one != (ForeignKey { name: one.name.clone(), ..other.clone() }) {
        return false;
    }
    let (Some(from), Some(to)) = (before.get(&one.table), after.get(&other.table)) else {
        return false;
    };
    let typed = |(old, new): (&Table, &Table), column: &String| {
        let data_type = |it: &Table| it.column_named(column).map(|it| it.data_type.clone());
        data_type(old) == data_type(new)
    };
    from.primary_key == to.primary_key
        && one.columns.iter().all(|it| typed((old, new), it))
        && one.references.iter().all(|it| typed((from, to), it))
}

/// Whether a constraint is called so until then: in some databases such names are unique among all
/// tables.
fn is_taken(before: &Schema, table: &Name, name: &str) -> bool {
    before.tables().filter(|it| it.name.namespace == table.namespace).any(|it| {
        it.check_named(name).is_some()
            || it.foreign_key_named(name).is_some()
            || it.unique_named(name).is_some()
            || it.index_named(name).is_some()
    })
}
