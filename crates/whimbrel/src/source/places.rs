//! Where the things of a schema were declared.

use std::collections::BTreeMap;

use whimbrel_migration::{AlterRoutine, CreateRoutine};

use super::Place;
use crate::{
    diagnostic::Span,
    operation::{Operation, table_of},
    schema::Name,
};

/// Where things were declared. Those of one table stand together under its name, which is there once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    tables: BTreeMap<Name, OfTable>,
    /// What belongs to no table.
    others: BTreeMap<Place, Span>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct OfTable {
    itself: Option<Span>,
    parts: Vec<(Part, String, Span)>,
}

/// A kind of things that belong to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Column,
    Index,
    ForeignKey,
    Check,
    Unique,
}

/// The table of a place, and which part of it it is: the kind and the name.
fn taken_apart(place: &Place) -> Option<(&Name, Option<(Part, &String)>)> {
    match place {
        Place::Table(table) => Some((table, None)),
        Place::Column(table, name) => Some((table, Some((Part::Column, name)))),
        Place::Index(table, name) => Some((table, Some((Part::Index, name)))),
        Place::ForeignKey(table, name) => Some((table, Some((Part::ForeignKey, name)))),
        Place::Check(table, name) => Some((table, Some((Part::Check, name)))),
        Place::Unique(table, name) => Some((table, Some((Part::Unique, name)))),
        Place::Default(_)
        | Place::Enum(_)
        | Place::EnumValue(..)
        | Place::View(_)
        | Place::Routine(_) => None,
    }
}

/// What an operation makes or changes, where that is a thing of its own.
fn place_of(operation: &Operation) -> Option<Place> {
    use Operation as Op;
    Some(match operation {
        Op::AddColumn(it) => Place::Column(it.table.clone(), it.name.clone()),
        Op::AlterColumn(it) => Place::Column(it.table.clone(), it.column.clone()),
        Op::RenameColumn(it) => Place::Column(it.table.clone(), it.to.clone()),
        Op::AddIndex(it) => Place::Index(it.table.clone(), it.index.name.clone()),
        Op::RenameIndex(it) => Place::Index(it.table.clone(), it.to.clone()),
        Op::AddForeignKey(it) => Place::ForeignKey(it.table.clone(), it.foreign_key.name.clone()),
        Op::AddUnique(it) => Place::Unique(it.table.clone(), it.unique.name.clone()),
        Op::AddCheck(it) => Place::Check(it.table.clone(), it.check.name.clone()),
        Op::CreateEnum(it) => Place::Enum(it.enumeration.name.clone()),
        Op::RenameEnum(it) => Place::Enum(it.to.clone()),
        Op::CreateView(it) => Place::View(it.view.name.clone()),
        Op::AlterView(it) => Place::View(it.view.clone()),
        Op::CreateRoutine(CreateRoutine { routine })
        | Op::AlterRoutine(AlterRoutine { routine }) => Place::Routine(routine.name.clone()),
        Op::SetNamedDefault(it) => Place::Default(it.name.clone()),
        _ => return None,
    })
}

impl Places {
    /// Where something was declared.
    pub fn get(&self, place: &Place) -> Option<&Span> {
        let Some((table, part)) = taken_apart(place) else { return self.others.get(place) };
        let of = self.tables.get(table)?;
        let Some((kind, name)) = part else { return of.itself.as_ref() };
        let part = of.parts.iter().find(|(it, called, _)| *it == kind && called == name);
        part.map(|(.., span)| span)
    }

    /// Where that was declared which an operation makes or changes: its part of a table, or else the
    /// table itself.
    pub fn of_operation(&self, operation: &Operation) -> Option<&Span> {
        let table = || self.get(&Place::Table(table_of(operation)?.clone()));
        place_of(operation).and_then(|it| self.get(&it)).or_else(table)
    }

    /// Says where something was declared that has no place yet.
    pub fn insert(&mut self, place: Place, span: Span) {
        let Some((table, part)) = taken_apart(&place) else {
            self.others.insert(place, span);
            return;
        };
        let of = self.of(table);
        match part {
            None => of.itself = Some(span),
            Some((kind, name)) => {
                of.parts.push((kind, name.clone(), span));
            }
        }
    }

    /// The same for a table with all its columns.
    pub(super) fn insert_table(
        &mut self,
        table: &Name,
        span: Span,
        columns: impl ExactSizeIterator<Item = (String, Span)>,
    ) {
        let of = self.of(table);
        of.itself = Some(span);
        of.parts.extend(columns.map(|(name, span)| (Part::Column, name, span)));
    }

    fn of(&mut self, table: &Name) -> &mut OfTable {
        self.tables.entry(table.clone()).or_default()
    }

    /// All places, those of tables in the order of their names.
    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        let of_tables = self
            .tables
            .values()
            .flat_map(|of| of.itself.iter().chain(of.parts.iter().map(|(.., span)| span)));
        self.others.values().chain(of_tables)
    }
}
