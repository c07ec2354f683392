//! The order of changes: each after those that it needs, and by kind and name where that leaves
//! a choice.
//!
//! Foreign keys start as changes of their own. Nothing waits for a key that comes, and a key that
//! goes waits for nothing, so however the tables point at each other there is no circle. Then
//! each key becomes part of its new table or column, or goes with its table, unless that would
//! close a circle: the keys that are left over are those that tie tables into a ring.

mod enums;
mod options;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use whimbrel_migration::{
    AddColumn, AddForeignKey, AddIndex, AlterColumn, AlterPrimaryKey, AlterTable, CreateTable,
    DropColumn, DropForeignKey, DropIndex, DropNamedDefault, DropTable, SetNamedDefault,
};

use super::{
    changes::{Altered, Changes, Link, named_default},
    constraints::Constraint,
};
use crate::{
    operation::{Operation, indexes_column},
    schema::{
        Column, ColumnChange, DefaultChange, DefaultValue, GeneratedChange, Index, Name, Reference,
    },
    sql::is_computed_from,
};

/// The operations that make the changes, in order.
pub(super) fn ordered(changes: &Changes<'_>) -> Vec<Operation> {
    let mut web = Web::default();
    let atoms = Atoms::of(changes, &mut web);
    atoms.tie(changes, &mut web);
    atoms.fold(changes, &mut web);
    web.sorted()
}

/// Kinds in the order that they go in where nothing else decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    SetNamedDefault,
    CreateEnum,
    AddEnumValue,
    DropForeignKey,
    DropConstraint,
    DropIndex,
    CreateTable,
    AlterTable,
    AddColumn,
    AlterColumn,
    SetEnumValues,
    AddIndex,
    AlterPrimaryKey,
    AddConstraint,
    AddForeignKey,
    DropColumn,
    DropTable,
    DropNamedDefault,
    DropEnum,
}

/// What decides among changes that are all ready: kind, table, and the order of declaration.
type Rank = (Kind, Option<Name>, usize);

/// Changes and which must come before which.
#[derive(Default)]
struct Web {
    /// `None` for a change that has become part of another.
    operations: Vec<Option<Operation>>,
    ranks: Vec<Rank>,
    next: Vec<BTreeSet<usize>>,
    previous: Vec<BTreeSet<usize>>,
}

impl Web {
    fn add(&mut self, kind: Kind, table: Option<&Name>, operation: impl Into<Operation>) -> usize {
        let position = self.expect(kind, table);
        self.operations[position] = Some(operation.into());
        position
    }

    /// A place for a change whose operation comes later, unless it becomes part of another.
    fn expect(&mut self, kind: Kind, table: Option<&Name>) -> usize {
        let position = self.operations.len();
        self.operations.push(None);
        self.ranks.push((kind, table.cloned(), position));
        self.next.push(BTreeSet::new());
        self.previous.push(BTreeSet::new());
        position
    }

    fn edge(&mut self, first: usize, then: usize) {
        if first != then {
            self.next[first].insert(then);
            self.previous[then].insert(first);
        }
    }

    /// An order that is better than the other one, where nothing stands against it.
    fn prefer(&mut self, first: usize, then: usize) {
        if !self.leads(then, first) {
            self.edge(first, then);
        }
    }

    /// Whether `to` has to come after `from`.
    fn leads(&self, from: usize, to: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(here) = open.pop() {
            if here == to {
                return true;
            }
            if seen.insert(here) {
                open.extend(&self.next[here]);
            }
        }
        false
    }

    /// Makes a change part of `host`, which then waits for what the change waited for and goes
    /// before what it went before. Refused where a circle would come of it.
    fn fold(&mut self, atom: usize, host: usize) -> bool {
        let before: Vec<usize> =
            self.previous[atom].iter().copied().filter(|it| *it != host).collect();
        let after: Vec<usize> = self.next[atom].iter().copied().filter(|it| *it != host).collect();
        let circle = before.iter().any(|it| self.leads(host, *it))
            || after.iter().any(|it| self.leads(*it, host));
        if circle {
            return false;
        }
        for other in std::mem::take(&mut self.previous[atom]) {
            self.next[other].remove(&atom);
        }
        for other in std::mem::take(&mut self.next[atom]) {
            self.previous[other].remove(&atom);
        }
        for other in before {
            self.edge(other, host);
        }
        for other in after {
            self.edge(host, other);
        }
        self.operations[atom] = None;
        true
    }

    /// The operations in order: of all that is ready, the first by rank.
    fn sorted(mut self) -> Vec<Operation> {
        let mut waiting: Vec<usize> = self.previous.iter().map(BTreeSet::len).collect();
        // The positions by rank, and the place that each has among them.
        let mut by_rank: Vec<usize> = (0..self.ranks.len()).collect();
        by_rank.sort_by_key(|it| &self.ranks[*it]);
        let mut places = vec![0; by_rank.len()];
        by_rank.iter().enumerate().for_each(|(place, it)| places[*it] = place);
        let is_ready = |place: &usize| waiting[by_rank[*place]] == 0;
        let mut ready: BTreeSet<usize> = (0..by_rank.len()).filter(is_ready).collect();
        let mut left: BTreeSet<usize> =
            (0..by_rank.len()).filter(|place| !ready.contains(place)).collect();
        let mut sorted = Vec::with_capacity(by_rank.len());
        // There are no circles, by the way edges are made; if there were one, going on with the
        // first that is left would still lose nothing.
        while let Some(first) = ready.pop_first().or_else(|| left.pop_first()) {
            let first = by_rank[first];
            sorted.extend(self.operations[first].take());
            for then in &self.next[first] {
                waiting[*then] = waiting[*then].saturating_sub(1);
                if waiting[*then] == 0 && left.remove(&places[*then]) {
                    ready.insert(places[*then]);
                }
            }
        }
        sorted
    }
}

/// The positions of the changes in the web, by what they change.
#[derive(Default)]
struct Atoms<'a> {
    set_defaults: BTreeMap<&'a str, usize>,
    dropped_defaults: BTreeMap<&'a str, usize>,
    created: BTreeMap<&'a Name, usize>,
    dropped: BTreeMap<&'a Name, usize>,
    added_columns: BTreeMap<(&'a Name, &'a str), usize>,
    dropped_columns: BTreeMap<(&'a Name, &'a str), usize>,
    altered_columns: BTreeMap<(&'a Name, &'a str), usize>,
    altered: Vec<usize>,
    altered_keys: Vec<usize>,
    added_indexes: Vec<usize>,
    dropped_indexes: Vec<usize>,
    added_keys: Vec<usize>,
    dropped_keys: Vec<usize>,
    added_constraints: Vec<usize>,
    dropped_constraints: Vec<usize>,
    /// Whatever takes an index or a key of this name away: in some databases their names are
    /// unique among all tables.
    frees: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Atoms<'a> {
    fn of(changes: &Changes<'a>, web: &mut Web) -> Self {
        let mut atoms = Self::default();
        for (name, value) in &changes.set_defaults {
            let operation = SetNamedDefault { name: (*name).to_owned(), value: (*value).clone() };
            atoms.set_defaults.insert(name, web.add(Kind::SetNamedDefault, None, operation));
        }
        for name in &changes.dropped_defaults {
            let operation = DropNamedDefault { name: (*name).to_owned() };
            atoms.dropped_defaults.insert(name, web.add(Kind::DropNamedDefault, None, operation));
        }
        enums::add(changes, web);
        atoms.tables(changes, web);
        atoms.columns(changes, web);
        atoms.indexes(changes, web);
        atoms.keys(changes, web);
        atoms.constraints(changes, web);
        atoms
    }

    fn tables(&mut self, changes: &Changes<'a>, web: &mut Web) {
        for table in &changes.created {
            let operation = CreateTable { table: Arc::clone(table) };
            let position = web.add(Kind::CreateTable, Some(&table.name), operation);
            self.created.insert(&table.name, position);
        }
        for (table, change) in &changes.altered {
            let operation = AlterTable { table: (*table).clone(), change: change.clone() };
            self.altered.push(web.add(Kind::AlterTable, Some(table), operation));
        }
        for table in &changes.dropped {
            let operation = DropTable { table: table.name.clone() };
            let position = web.add(Kind::DropTable, Some(&table.name), operation);
            self.dropped.insert(&table.name, position);
            for index in &table.indexes {
                self.frees.entry(&index.name).or_default().push(position);
            }
            for constraint in Constraint::of(table) {
                self.frees.entry(constraint.name()).or_default().push(position);
            }
        }
    }

    fn columns(&mut self, changes: &Changes<'a>, web: &mut Web) {
        for (table, column) in &changes.added_columns {
            let operation = AddColumn {
                table: (*table).clone(),
                name: column.name.clone(),
                column: column.column.clone(),
            };
            let position = web.add(Kind::AddColumn, Some(table), operation);
            self.added_columns.insert((table, &column.name), position);
        }
        for (table, column) in &changes.dropped_columns {
            let operation = DropColumn { table: (*table).clone(), column: column.name.clone() };
            let position = web.add(Kind::DropColumn, Some(table), operation);
            self.dropped_columns.insert((table, &column.name), position);
        }
        for it in &changes.altered_columns {
            let operation = AlterColumn {
                table: it.table.clone(),
                column: it.name.to_owned(),
                change: it.change.clone(),
            };
            let position = web.add(Kind::AlterColumn, Some(it.table), operation);
            self.altered_columns.insert((it.table, it.name), position);
        }
        for (_, table) in &changes.altered_keys {
            let columns = table.primary_key.clone();
            let operation = AlterPrimaryKey { table: table.name.clone(), columns };
            self.altered_keys.push(web.add(Kind::AlterPrimaryKey, Some(&table.name), operation));
        }
    }

    fn indexes(&mut self, changes: &Changes<'a>, web: &mut Web) {
        for (table, index) in &changes.added_indexes {
            let operation = AddIndex { table: (*table).clone(), index: (*index).clone() };
            self.added_indexes.push(web.add(Kind::AddIndex, Some(table), operation));
        }
        for (table, index) in &changes.dropped_indexes {
            let operation = DropIndex { table: (*table).clone(), index: index.name.clone() };
            let position = web.add(Kind::DropIndex, Some(table), operation);
            self.dropped_indexes.push(position);
            self.frees.entry(&index.name).or_default().push(position);
        }
    }

    fn keys(&mut self, changes: &Changes<'a>, web: &mut Web) {
        for it in &changes.added_keys {
            // Most become part of their table; see `fold`.
            self.added_keys.push(web.expect(Kind::AddForeignKey, Some(it.table)));
        }
        for it in &changes.dropped_keys {
            let operation = DropForeignKey {
                table: it.table.clone(),
                foreign_key: it.foreign_key.name.clone(),
            };
            let position = web.add(Kind::DropForeignKey, Some(it.table), operation);
            self.dropped_keys.push(position);
            self.frees.entry(&it.foreign_key.name).or_default().push(position);
        }
    }

    fn constraints(&mut self, changes: &Changes<'a>, web: &mut Web) {
        for (table, constraint) in &changes.added_constraints {
            let operation = constraint.added_to(table);
            self.added_constraints.push(web.add(Kind::AddConstraint, Some(table), operation));
        }
        for (table, constraint) in &changes.dropped_constraints {
            let operation = constraint.dropped_from(table);
            let position = web.add(Kind::DropConstraint, Some(table), operation);
            self.dropped_constraints.push(position);
            self.frees.entry(constraint.name()).or_default().push(position);
        }
    }

    /// Says of each change what must come before it, and before what it must come.
    fn tie(&self, changes: &Changes<'a>, web: &mut Web) {
        self.tie_tables(changes, web);
        self.tie_options(changes, web);
        self.tie_enums(changes, web);
        self.tie_columns(changes, web);
        self.tie_computed(changes, web);
        self.tie_indexes(changes, web);
        self.tie_constraints(changes, web);
        for (key, position) in changes.added_keys.iter().zip(&self.added_keys) {
            self.tie_added_key(changes, key, *position, web);
        }
        for (key, position) in changes.dropped_keys.iter().zip(&self.dropped_keys) {
            self.tie_dropped_key(changes, key, *position, web);
        }
        self.tie_primary_keys(changes, web);
        self.tie_replacements(changes, web);
    }

    /// A key is made of columns as they will be, and goes from those that it leaves before they
    /// change. Meanwhile no foreign key points at it, and what is numbered leads some index.
    fn tie_primary_keys(&self, changes: &Changes<'a>, web: &mut Web) {
        for ((old, new), position) in changes.altered_keys.iter().zip(&self.altered_keys) {
            let (before, after) = (&old.primary_key, &new.primary_key);
            let has = |key: &[String], column: &str| key.iter().any(|it| it == column);
            for (column, first) in within(&self.added_columns, &new.name) {
                if has(after, column) {
                    web.edge(first, *position);
                }
            }
            // What is numbered can't be there without being the key.
            let numbered = |it: &str| old.column_named(it).is_some_and(Column::is_numbered);
            for (column, other) in within(&self.dropped_columns, &new.name) {
                match before.as_slice() {
                    [one] if one == column && numbered(column) => web.edge(other, *position),
                    _ if has(before, column) => web.edge(*position, other),
                    _ => {}
                }
            }
            for (column, other) in within(&self.altered_columns, &new.name) {
                let named = |it: &&Altered<'_>| *it.table == new.name && it.name == column;
                let numbering = changes.altered_columns.iter().find(named);
                match (has(before, column), has(after, column)) {
                    // What is numbered has to be a key meanwhile.
                    (false, true) if numbering.is_some_and(Altered::begins_numbers) => {
                        web.edge(*position, other);
                    }
                    (true, false) if numbering.is_some_and(Altered::ends_numbers) => {
                        web.edge(other, *position);
                        loosen_behind(*position, other, web);
                    }
                    (true, false) => web.edge(*position, other),
                    (false, true) => web.edge(other, *position),
                    _ => {}
                }
            }
            for (key, first) in changes.dropped_keys.iter().zip(&self.dropped_keys) {
                if key.foreign_key.table == new.name {
                    web.edge(*first, *position);
                }
            }
            for (key, then) in changes.added_keys.iter().zip(&self.added_keys) {
                if key.foreign_key.table == new.name {
                    web.edge(*position, *then);
                }
            }
            for ((table, _), first) in changes.added_indexes.iter().zip(&self.added_indexes) {
                if **table == new.name {
                    web.prefer(*first, *position);
                }
            }
            for ((table, _), then) in changes.dropped_indexes.iter().zip(&self.dropped_indexes) {
                if **table == new.name {
                    web.prefer(*position, *then);
                }
            }
            let sole = |it: &(&Name, Constraint<'_>)| *it.0 == new.name && it.1.leads().is_some();
            let added = changes.added_constraints.iter().zip(&self.added_constraints);
            for (_, first) in added.filter(|(it, _)| sole(it)) {
                web.prefer(*first, *position);
            }
            let dropped = changes.dropped_constraints.iter().zip(&self.dropped_constraints);
            for (_, then) in dropped.filter(|(it, _)| sole(it)) {
                web.prefer(*position, *then);
            }
        }
    }

    fn tie_tables(&self, changes: &Changes<'a>, web: &mut Web) {
        // Both in the order of their names.
        for (table, position) in changes.created.iter().zip(self.created.values().copied()) {
            let defaults = table.columns.iter().filter_map(|it| named_default(&it.column));
            defaults.for_each(|it| self.after_default(it, position, web));
            table.indexes.iter().for_each(|it| self.after_freed(&it.name, position, web));
            Constraint::of(table).for_each(|it| self.after_freed(it.name(), position, web));
        }
        for table in &changes.dropped {
            let defaults = table.columns.iter().filter_map(|it| named_default(&it.column));
            defaults.for_each(|it| self.before_default(it, self.dropped[&table.name], web));
        }
    }

    fn tie_columns(&self, changes: &Changes<'a>, web: &mut Web) {
        for (table, column) in &changes.added_columns {
            let position = self.added_columns[&(*table, column.name.as_str())];
            if let Some(name) = named_default(&column.column) {
                self.after_default(name, position, web);
            }
            // New columns before old ones go: a table is never without columns.
            let gone = changes.dropped_columns.iter().filter(|it| it.0 == *table);
            for (table, column) in gone {
                web.edge(position, self.dropped_columns[&(*table, column.name.as_str())]);
            }
        }
        for (table, column) in &changes.dropped_columns {
            if let Some(name) = named_default(&column.column) {
                let position = self.dropped_columns[&(*table, column.name.as_str())];
                self.before_default(name, position, web);
            }
        }
        for it in &changes.altered_columns {
            let position = self.altered_columns[&(it.table, it.name)];
            if let Some(DefaultChange::Set(DefaultValue::Named(name))) = &it.change.default {
                self.after_default(name, position, web);
            }
            if let Some(name) = named_default(it.before) {
                self.before_default(name, position, web);
            }
        }
    }

    /// A column is computed from columns that are there, and those keep their types meanwhile.
    fn tie_computed(&self, changes: &Changes<'a>, web: &mut Web) {
        let added = changes.added_columns.iter().map(|(table, it)| {
            (*table, &it.column, self.added_columns[&(*table, it.name.as_str())])
        });
        let altered = changes.altered_columns.iter().filter_map(|it| match &it.change.generated {
            Some(GeneratedChange::Set(_)) => {
                let column = changes.after.get(it.table)?.column_named(it.name)?;
                Some((it.table, column, self.altered_columns[&(it.table, it.name)]))
            }
            _ => None,
        });
        let here = |place: &(&Name, &str), table: &Name| place.0 == table;
        for (table, column, position) in added.chain(altered) {
            for (place, other) in self.added_columns.iter().chain(&self.altered_columns) {
                if here(place, table) && is_computed_from(column, place.1) && *other != position {
                    web.prefer(*other, position);
                }
            }
        }
        let dropped = changes.dropped_columns.iter().map(|(table, it)| {
            (*table, &it.column, self.dropped_columns[&(*table, it.name.as_str())])
        });
        let altered = changes
            .altered_columns
            .iter()
            .map(|it| (it.table, it.before, self.altered_columns[&(it.table, it.name)]));
        for (table, column, position) in dropped.chain(altered) {
            let others = self.dropped_columns.iter().chain(&self.altered_columns);
            for (place, other) in others {
                if here(place, table) && is_computed_from(column, place.1) && *other != position {
                    web.prefer(position, *other);
                }
            }
        }
    }

    fn tie_indexes(&self, changes: &Changes<'a>, web: &mut Web) {
        for ((table, index), position) in changes.added_indexes.iter().zip(&self.added_indexes) {
            self.after_freed(&index.name, *position, web);
            let first =
                within(&self.added_columns, table).chain(within(&self.altered_columns, table));
            for (_, first) in first.filter(|(column, _)| indexes_column(index, column)) {
                web.edge(first, *position);
            }
        }
        for ((table, index), position) in changes.dropped_indexes.iter().zip(&self.dropped_indexes)
        {
            let then =
                within(&self.dropped_columns, table).chain(within(&self.altered_columns, table));
            for (_, then) in then.filter(|(column, _)| indexes_column(index, column)) {
                web.edge(*position, then);
            }
        }
    }

    /// A constraint comes once its columns are as they will be, and goes while they are as they were.
    fn tie_constraints(&self, changes: &Changes<'a>, web: &mut Web) {
        let of_columns = |columns: &BTreeMap<(&'a Name, &'a str), usize>,
                          table: &Name,
                          constraint: Constraint<'a>| {
            let named = columns.iter().filter(|((of, it), _)| *of == table && constraint.names(it));
            named.map(|(_, position)| *position).collect::<Vec<_>>()
        };
        let added = changes.added_constraints.iter().zip(&self.added_constraints);
        for ((table, constraint), position) in added {
            self.after_freed(constraint.name(), *position, web);
            for columns in [&self.added_columns, &self.altered_columns] {
                for first in of_columns(columns, table, *constraint) {
                    web.edge(first, *position);
                }
            }
        }
        let dropped = changes.dropped_constraints.iter().zip(&self.dropped_constraints);
        for ((table, constraint), position) in dropped {
            for columns in [&self.dropped_columns, &self.altered_columns] {
                for then in of_columns(columns, table, *constraint) {
                    web.edge(*position, then);
                }
            }
        }
    }

    /// An index that takes over for another comes before the other goes. MySQL keeps an index
    /// on the columns of each foreign key and refuses to drop the last one (Reference Manual,
    /// "FOREIGN KEY Constraints"). A unique constraint has one too.
    fn tie_replacements(&self, changes: &Changes<'a>, web: &mut Web) {
        let index = |it: &(&'a Name, &'a Index), at: usize| {
            (it.0, it.1.name.as_str(), it.1.columns.first().cloned(), at)
        };
        let constraint =
            |it: &(&'a Name, Constraint<'a>), at: usize| (it.0, it.1.name(), it.1.leads(), at);
        let dropped = changes.dropped_indexes.iter().zip(&self.dropped_indexes);
        let sole = changes.dropped_constraints.iter().zip(&self.dropped_constraints);
        let dropped: Vec<_> = dropped
            .map(|(it, at)| index(it, *at))
            .chain(sole.map(|(it, at)| constraint(it, *at)))
            .collect();
        let added = changes.added_indexes.iter().zip(&self.added_indexes);
        let sole = changes.added_constraints.iter().zip(&self.added_constraints);
        let added: Vec<_> = added
            .map(|(it, at)| index(it, *at))
            .chain(sole.map(|(it, at)| constraint(it, *at)))
            .collect();
        for (table, old, leads, goes) in dropped {
            for (other, new, begins, comes) in &added {
                if table == *other && old != *new && leads.is_some() && leads == *begins {
                    web.prefer(*comes, goes);
                }
            }
        }
    }

    fn tie_added_key(&self, changes: &Changes<'a>, key: &Link<'a>, position: usize, web: &mut Web) {
        let tables = [self.created.get(key.table), self.created.get(&key.foreign_key.table)];
        let mut first: Vec<usize> = tables.into_iter().flatten().copied().collect();
        for column in sides(key) {
            first.extend(self.added_columns.get(&column));
            first.extend(self.altered_columns.get(&column));
        }
        for ((table, index), added) in changes.added_indexes.iter().zip(&self.added_indexes) {
            if key.rests_on(table, index) {
                first.push(*added);
            }
        }
        let constraints = changes.added_constraints.iter().zip(&self.added_constraints);
        for ((table, constraint), added) in constraints {
            if key.rests_on_constraint(table, *constraint) {
                first.push(*added);
            }
        }
        for first in first {
            web.edge(first, position);
        }
        self.after_freed(&key.foreign_key.name, position, web);
    }

    fn tie_dropped_key(
        &self,
        changes: &Changes<'a>,
        key: &Link<'a>,
        position: usize,
        web: &mut Web,
    ) {
        let tables = [self.dropped.get(key.table), self.dropped.get(&key.foreign_key.table)];
        let mut then: Vec<usize> = tables.into_iter().flatten().copied().collect();
        for column in sides(key) {
            then.extend(self.dropped_columns.get(&column));
            then.extend(self.altered_columns.get(&column));
        }
        for ((table, index), dropped) in changes.dropped_indexes.iter().zip(&self.dropped_indexes) {
            let first = index.columns.first().map(|it| &it.name);
            let serves = *table == key.table && first == key.foreign_key.columns.first();
            if serves || key.rests_on(table, index) {
                then.push(*dropped);
            }
        }
        let constraints = changes.dropped_constraints.iter().zip(&self.dropped_constraints);
        for ((table, constraint), dropped) in constraints {
            let serves = *table == key.table
                && constraint.leads().map(|it| it.name).as_ref() == key.foreign_key.columns.first();
            if serves || key.rests_on_constraint(table, *constraint) {
                then.push(*dropped);
            }
        }
        for then in then {
            web.edge(position, then);
        }
    }

    fn after_default(&self, name: &str, position: usize, web: &mut Web) {
        if let Some(set) = self.set_defaults.get(name) {
            web.edge(*set, position);
        }
    }

    fn before_default(&self, name: &str, position: usize, web: &mut Web) {
        if let Some(dropped) = self.dropped_defaults.get(name) {
            web.edge(position, *dropped);
        }
    }

    fn after_freed(&self, name: &str, position: usize, web: &mut Web) {
        for freed in self.frees.get(name).into_iter().flatten() {
            web.edge(*freed, position);
        }
    }

    /// Makes keys part of the tables and columns that they come or go with.
    fn fold(&self, changes: &Changes<'a>, web: &mut Web) {
        for ((_, table), position) in changes.altered_keys.iter().zip(&self.altered_keys) {
            if let [column] = table.primary_key.as_slice()
                && let Some(host) = self.added_columns.get(&(&table.name, column.as_str()))
                && web.fold(*position, *host)
                && let Some(Operation::AddColumn(add)) = &mut web.operations[*host]
            {
                add.column.primary_key = true;
            }
        }
        for (key, position) in changes.dropped_keys.iter().zip(&self.dropped_keys) {
            if let Some(host) = self.dropped.get(key.table) {
                web.fold(*position, *host);
            }
        }
        for (key, position) in changes.added_keys.iter().zip(&self.added_keys) {
            let folded = match (self.created.get(key.table), key.foreign_key.columns.as_slice()) {
                (Some(host), _) => fold_into_table(key, *position, *host, web),
                (None, [column]) => self.fold_into_column(key, column, *position, web),
                (None, _) => false,
            };
            if !folded {
                let (table, foreign_key) = (key.table.clone(), key.foreign_key.clone());
                web.operations[*position] = Some(AddForeignKey { table, foreign_key }.into());
            }
        }
    }

    fn fold_into_column(
        &self,
        key: &Link<'a>,
        column: &str,
        position: usize,
        web: &mut Web,
    ) -> bool {
        let Some(host) = self.added_columns.get(&(key.table, column)) else { return false };
        let is_free = matches!(
            &web.operations[*host],
            Some(Operation::AddColumn(add)) if add.column.references.is_none()
        );
        if !is_free || !web.fold(position, *host) {
            return false;
        }
        if let Some(Operation::AddColumn(add)) = &mut web.operations[*host] {
            add.column.references = Some(Box::new(Reference::from(key.foreign_key.clone())));
        }
        true
    }
}

/// A new table has its keys from the start, but for those that come behind it.
fn fold_into_table(key: &Link<'_>, position: usize, host: usize, web: &mut Web) -> bool {
    let folded = web.fold(position, host);
    if !folded && let Some(Operation::CreateTable(create)) = &mut web.operations[host] {
        let name = &key.foreign_key.name;
        Arc::make_mut(&mut create.table).foreign_keys.retain(|it| it.name != *name);
    }
    folded
}

/// A column that changes before it leaves the key can't be null by then, and comes to be it behind.
fn loosen_behind(key: usize, alter: usize, web: &mut Web) {
    if let Some(Operation::AlterColumn(it)) = &mut web.operations[alter]
        && it.change.nullable == Some(true)
    {
        let change = ColumnChange { nullable: it.change.nullable.take(), ..Default::default() };
        let (table, column) = (it.table.clone(), it.column.clone());
        let loosened = AlterColumn { table: table.clone(), column, change };
        let behind = web.add(Kind::AlterColumn, Some(&table), loosened);
        web.edge(key, behind);
    }
}

/// The changes of one table's columns.
fn within<'m>(
    all: &'m BTreeMap<(&Name, &str), usize>,
    table: &'m Name,
) -> impl Iterator<Item = (&'m str, usize)> {
    let behind = all.range((table, "")..);
    behind.take_while(move |((of, _), _)| *of == table).map(|((_, it), position)| (*it, *position))
}

/// The columns that a key needs, on both of its sides.
fn sides<'k>(key: &'k Link<'_>) -> impl Iterator<Item = (&'k Name, &'k str)> {
    let own = key.foreign_key.columns.iter().map(|it| (key.table, it.as_str()));
    own.chain(key.targets.iter().map(|it| (&key.foreign_key.table, it.as_str())))
}
