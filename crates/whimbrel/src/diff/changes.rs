//! What differs between two schemas, taken apart into the smallest changes.

use std::sync::Arc;

use super::{
    Refusal,
    constraints::{self, Constraint},
    enumerations::{self, Changed},
    same_key, targets,
};
use crate::operation::rests_on_key;
use crate::schema::{
    CollationChange, Column, ColumnChange, CommentChange, DefaultChange, DefaultValue, Enumeration,
    ForeignKey, GeneratedChange, Identity, IdentityChange, Index, Name, NamedColumn, OptionsChange,
    PerDatabase, Schema, Table, TableChange,
};
use crate::sql;

/// Everything that differs, by kind. Foreign keys always stand for themselves here, also those of
/// tables that come or go; which of them can be part of their table is for [`super::order`].
#[derive(Debug)]
pub(super) struct Changes<'a> {
    pub(super) before: &'a Schema,
    pub(super) after: &'a Schema,
    pub(super) set_defaults: Vec<(&'a str, &'a PerDatabase)>,
    pub(super) dropped_defaults: Vec<&'a str>,
    pub(super) created_enums: Vec<Enumeration>,
    pub(super) changed_enums: Vec<Changed<'a>>,
    pub(super) dropped_enums: Vec<&'a Name>,
    pub(super) created: Vec<&'a Arc<Table>>,
    pub(super) dropped: Vec<&'a Table>,
    pub(super) altered: Vec<(&'a Name, TableChange)>,
    pub(super) added_columns: Vec<(&'a Name, &'a NamedColumn)>,
    pub(super) dropped_columns: Vec<(&'a Name, &'a NamedColumn)>,
    pub(super) altered_columns: Vec<Altered<'a>>,
    /// Tables whose primary key changes, as they were and as they will be.
    pub(super) altered_keys: Vec<(&'a Table, &'a Table)>,
    pub(super) added_indexes: Vec<(&'a Name, &'a Index)>,
    pub(super) dropped_indexes: Vec<(&'a Name, &'a Index)>,
    pub(super) added_keys: Vec<Link<'a>>,
    pub(super) dropped_keys: Vec<Link<'a>>,
    pub(super) added_constraints: Vec<(&'a Name, Constraint<'a>)>,
    pub(super) dropped_constraints: Vec<(&'a Name, Constraint<'a>)>,
}

/// A column that changes.
#[derive(Debug)]
pub(super) struct Altered<'a> {
    pub(super) table: &'a Name,
    pub(super) name: &'a str,
    pub(super) before: &'a Column,
    pub(super) change: ColumnChange,
}

impl Altered<'_> {
    /// Whether nothing numbers it before, and something does afterwards.
    pub(super) fn begins_numbers(&self) -> bool {
        !self.before.is_numbered() && self.after().is_numbered()
    }

    /// Whether something numbers it before, and nothing does afterwards.
    pub(super) fn ends_numbers(&self) -> bool {
        self.before.is_numbered() && !self.after().is_numbered()
    }

    fn after(&self) -> Column {
        let mut after = self.before.clone();
        after.take(&self.change);
        after
    }

    /// Whether its values come to be kept or compared otherwise, or get their numbers from somebody
    /// else: neither can be had everywhere while a foreign key ties it to another column.
    fn loosens(&self) -> bool {
        let after = self.after();
        after.data_type.unnumbered() != self.before.data_type.unnumbered()
            || after.is_numbered() != self.before.is_numbered()
            || self.change.collation.is_some()
            || says_charset(&self.change.options)
    }
}

/// Whether a change of options says another character set or collation.
pub(super) fn says_charset(change: &OptionsChange) -> bool {
    change.iter().any(|(_, name, _)| matches!(name, "charset" | "collation"))
}

/// A foreign key that comes or goes.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub(super) table: &'a Name,
    pub(super) foreign_key: &'a ForeignKey,
    /// The columns it points at.
    pub(super) targets: &'a [String],
}

impl<'a> Link<'a> {
    /// The foreign keys of a table.
    fn all(schema: &'a Schema, table: &'a Table) -> impl Iterator<Item = Self> {
        table.foreign_keys.iter().map(|key| Self {
            table: &table.name,
            foreign_key: key,
            targets: targets(schema, key),
        })
    }

    /// Whether the key needs this column, on either side.
    fn needs(&self, table: &Name, column: &str) -> bool {
        (self.table == table && self.foreign_key.columns.iter().any(|it| it == column))
            || (self.foreign_key.table == *table && self.targets.iter().any(|it| it == column))
    }

    /// Whether this constraint is what makes the columns it points at unique.
    pub(super) fn rests_on_constraint(&self, table: &Name, constraint: Constraint<'_>) -> bool {
        self.foreign_key.table == *table && constraint.promises(self.targets)
    }

    /// Whether this index is what makes the columns it points at unique.
    pub(super) fn rests_on(&self, table: &Name, index: &Index) -> bool {
        index.unique
            && self.foreign_key.table == *table
            && index.columns.len() == self.targets.len()
            && index.columns.iter().all(|it| self.targets.contains(&it.name))
    }
}

impl<'a> Changes<'a> {
    /// What differs between two schemas whose tables and columns have the same names.
    pub(super) fn between(
        before: &'a Schema,
        after: &'a Schema,
        refusals: &mut Vec<Refusal>,
    ) -> Self {
        let mut changes = Self {
            before,
            after,
            set_defaults: Vec::new(),
            dropped_defaults: Vec::new(),
            created_enums: enumerations::missing(after, before),
            changed_enums: enumerations::changed(before, after),
            dropped_enums: before
                .enums
                .keys()
                .filter(|it| !after.enums.contains_key(*it))
                .collect(),
            created: Vec::new(),
            dropped: Vec::new(),
            altered: Vec::new(),
            added_columns: Vec::new(),
            dropped_columns: Vec::new(),
            altered_columns: Vec::new(),
            altered_keys: Vec::new(),
            added_indexes: Vec::new(),
            dropped_indexes: Vec::new(),
            added_keys: Vec::new(),
            dropped_keys: Vec::new(),
            added_constraints: Vec::new(),
            dropped_constraints: Vec::new(),
        };
        changes.compare_defaults();
        for beside in before.beside(after) {
            match beside {
                (Some(old), Some(new)) => changes.compare_tables(old, new),
                (Some(old), None) => changes.dropped.push(old),
                (None, new) => changes.created.extend(new),
            }
        }
        changes.compare_keys();
        refusals.extend(changes.without_target());
        changes
    }

    fn compare_tables(&mut self, old: &'a Table, table: &'a Table) {
        // A column that is the whole key takes it with it.
        let goes = table.primary_key.is_empty()
            && matches!(old.primary_key.as_slice(), [it] if table.position(it).is_none());
        if old.primary_key != table.primary_key && !goes {
            self.altered_keys.push((old, table));
        }
        self.altered.extend(table_change(old, table).map(|it| (&table.name, it)));
        self.compare_columns(old, table);
        self.compare_indexes(old, table);
        self.dropped_constraints.extend(constraints::missing(old, table));
        self.added_constraints.extend(constraints::missing(table, old));
    }

    /// Foreign keys that would point at what is neither a primary key any more nor unique.
    fn without_target(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for link in &self.added_keys {
            let target = &link.foreign_key.table;
            let changed = self.altered_keys.iter().find(|(_, new)| new.name == *target);
            let Some((old, new)) = changed else { continue };
            let unique = new.primary_key == link.targets
                || new.indexes.iter().any(|it| link.rests_on(target, it))
                || new.uniques.iter().any(|it| sql::promises(it, link.targets));
            if rests_on_key(old, link.targets) && !rests_on_key(new, link.targets) && !unique {
                refusals.push(Refusal {
                    message: format!(
                        "foreign key `{}` of `{}` points at {} of `{target}`, which would be \
                         neither the primary key any more nor unique",
                        link.foreign_key.name,
                        link.table,
                        link.targets.join(", ")
                    ),
                    help: format!(
                        "let it point at ({}), or let the old key be unique: `unique: true` at the \
                         field, or an entry of `uniques` over its fields",
                        new.primary_key.join(", ")
                    ),
                });
            }
        }
        refusals
    }

    fn compare_defaults(&mut self) {
        let (before, after) = (&self.before.defaults, &self.after.defaults);
        self.set_defaults = after
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(*value))
            .map(|(name, value)| (name.as_str(), value))
            .collect();
        self.dropped_defaults =
            before.keys().filter(|it| !after.contains_key(*it)).map(String::as_str).collect();
    }

    fn compare_columns(&mut self, old: &'a Table, new: &'a Table) {
        for column in &new.columns {
            match old.column_named(&column.name) {
                None => self.added_columns.push((&new.name, column)),
                Some(before) => {
                    let becomes_key = new.primary_key.contains(&column.name)
                        && !old.primary_key.contains(&column.name);
                    if let Some(change) = change(before, &column.column, becomes_key) {
                        let (table, name) = (&new.name, column.name.as_str());
                        self.altered_columns.push(Altered { table, name, before, change });
                    }
                }
            }
        }
        let gone = old.columns.iter().filter(|it| new.position(&it.name).is_none());
        // The last one first: taken back, each comes behind the one that stood before it.
        self.dropped_columns.extend(gone.rev().map(|it| (&old.name, it)));
    }

    fn compare_indexes(&mut self, old: &'a Table, new: &'a Table) {
        let differs = |it: &Index, other: &Table| other.index_named(&it.name) != Some(it);
        let gone = old.indexes.iter().filter(|it| differs(it, new));
        self.dropped_indexes.extend(gone.map(|it| (&old.name, it)));
        let come = new.indexes.iter().filter(|it| differs(it, old));
        self.added_indexes.extend(come.map(|it| (&new.name, it)));
    }

    /// The keys that come and go; also those that stay and must make way for a while, because
    /// no database changes the type of a column, or drops what makes columns unique, that a key
    /// needs.
    fn compare_keys(&mut self) {
        let (before, after) = (self.before, self.after);
        for (old, new) in before.beside(after) {
            for key in old.into_iter().flat_map(|old| Link::all(before, old)) {
                if !self.stays(&key, new.map(AsRef::as_ref)) {
                    self.dropped_keys.push(key);
                }
            }
        }
        for (old, new) in before.beside(after) {
            for key in new.into_iter().flat_map(|new| Link::all(after, new)) {
                let name = &key.foreign_key.name;
                let dropped = |it: &Link<'_>| it.table == key.table && it.foreign_key.name == *name;
                let was_there = old.is_some_and(|it| it.foreign_key_named(name).is_some());
                if !was_there || self.dropped_keys.iter().any(dropped) {
                    self.added_keys.push(key);
                }
            }
        }
    }

    /// Whether a key stays as it is in its table as that will be.
    fn stays(&self, key: &Link<'_>, table: Option<&Table>) -> bool {
        let same = table
            .and_then(|it| it.foreign_key_named(&key.foreign_key.name))
            .is_some_and(|it| same_key((self.before, key.foreign_key), (self.after, it)));
        let in_the_way =
            self.altered_columns.iter().any(|it| it.loosens() && key.needs(it.table, it.name))
                || self.altered.iter().any(|(table, change)| {
                    says_charset(&change.options) && self.inherits(key, table)
                })
                || self.dropped_indexes.iter().any(|(table, index)| {
                    !self.is_key(table, key.targets) && key.rests_on(table, index)
                })
                || self.dropped_constraints.iter().any(|(table, constraint)| {
                    !self.is_key(table, key.targets) && key.rests_on_constraint(table, *constraint)
                });
        let loses_key = self
            .altered_keys
            .iter()
            .any(|(old, _)| old.name == key.foreign_key.table && rests_on_key(old, key.targets));
        same && !in_the_way && !loses_key
    }

    /// Whether a key needs a column of the table whose texts have the table's collation.
    fn inherits(&self, key: &Link<'_>, table: &Name) -> bool {
        let columns = self.before.get(table).into_iter().flat_map(|it| &it.columns);
        columns
            .filter(|it| it.column.collation.is_none() && sql::holds_text(&it.column.data_type))
            .any(|it| key.needs(table, &it.name))
    }

    /// Whether these columns are the primary key that a table had.
    fn is_key(&self, table: &Name, columns: &[String]) -> bool {
        self.before.get(table).is_some_and(|it| it.primary_key == columns)
    }
}

/// How a column is numbered, without what goes without saying.
fn plain(column: &Column) -> Option<Identity> {
    column.identity.map(Identity::plain)
}

/// All that changes about a column, as one change; that a key is never null is said by the key.
fn change(before: &Column, after: &Column, becomes_key: bool) -> Option<ColumnChange> {
    if before == after {
        return None;
    }
    let change = ColumnChange {
        data_type: (before.data_type.by_name() != after.data_type.by_name())
            .then(|| after.data_type.by_name()),
        using: None,
        nullable: (before.nullable != after.nullable && !becomes_key).then_some(after.nullable),
        default: (before.default != after.default)
            .then(|| after.default.clone().map_or(DefaultChange::Drop, DefaultChange::Set)),
        auto_update: (before.auto_update != after.auto_update).then_some(after.auto_update),
        generated: (before.generated != after.generated)
            .then(|| after.generated.clone().map_or(GeneratedChange::Drop, GeneratedChange::Set)),
        collation: (before.collation != after.collation)
            .then(|| CollationChange::to(after.collation.as_ref())),
        comment: (before.comment != after.comment)
            .then(|| CommentChange::to(after.comment.as_ref())),
        identity: (plain(before) != plain(after))
            .then(|| after.identity.map_or(IdentityChange::Drop, IdentityChange::Set)),
        options: OptionsChange::between(&before.options, &after.options),
    };
    (change != <ColumnChange as Default>::default()).then_some(change)
}

/// All that changes about a table itself, as one change.
fn table_change(before: &Table, after: &Table) -> Option<TableChange> {
    let change = TableChange {
        comment: (before.comment != after.comment)
            .then(|| CommentChange::to(after.comment.as_ref())),
        options: OptionsChange::between(&before.options, &after.options),
    };
    (change != <TableChange as Default>::default()).then_some(change)
}

/// The default by name that a column uses.
pub(super) fn named_default(column: &Column) -> Option<&str> {
    match &column.default {
        Some(DefaultValue::Named(name)) => Some(name),
        _ => None,
    }
}
