//! Where the things of a schema were declared.

use std::collections::BTreeMap;

use super::Place;
use crate::{diagnostic::Span, schema::Name};

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
    /// By kind: columns, indexes, foreign keys, checks, unique constraints.
    parts: [Vec<(String, Span)>; 5],
}

/// The table of a place, and which part of it it is: the kind and the name.
fn taken_apart(place: &Place) -> Option<(&Name, Option<(usize, &String)>)> {
    match place {
        Place::Table(table) => Some((table, None)),
        Place::Column(table, name) => Some((table, Some((0, name)))),
        Place::Index(table, name) => Some((table, Some((1, name)))),
        Place::ForeignKey(table, name) => Some((table, Some((2, name)))),
        Place::Check(table, name) => Some((table, Some((3, name)))),
        Place::Unique(table, name) => Some((table, Some((4, name)))),
        Place::Default(_) | Place::Enum(_) | Place::EnumValue(..) => None,
    }
}

impl Places {
    /// Where something was declared.
    pub fn get(&self, place: &Place) -> Option<&Span> {
        let Some((table, part)) = taken_apart(place) else { return self.others.get(place) };
        let of = self.tables.get(table)?;
        let Some((kind, name)) = part else { return of.itself.as_ref() };
        of.parts[kind].iter().find(|(it, _)| it == name).map(|(_, span)| span)
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
                of.parts[kind].reserve_exact(1);
                of.parts[kind].push((name.clone(), span));
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
        of.parts[0].extend(columns);
    }

    fn of(&mut self, table: &Name) -> &mut OfTable {
        self.tables.entry(table.clone()).or_default()
    }

    /// All places, those of tables in the order of their names.
    pub fn spans(&self) -> impl Iterator<Item = &Span> {
        let of_tables = self
            .tables
            .values()
            .flat_map(|of| of.itself.iter().chain(of.parts.iter().flatten().map(|(_, span)| span)));
        self.others.values().chain(of_tables)
    }
}
