//! What a database is: plain values, compared by equality, owned by nobody.
//!
//! The words (tables, columns, indexes, …) are those of the migration language and come from
//! `whimbrel-migration`; here they make a whole.

mod conflict;
mod found;
mod tables;

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    iter,
    sync::Arc,
};

pub use self::conflict::Conflict;
pub use self::found::{Found, Opaque};
pub(crate) use self::found::{MATERIALIZED_VIEW, VIEW};
use self::tables::Tables;
pub use whimbrel_migration::{
    Action, Check, CollationChange, Column, ColumnChange, ColumnType, CommentChange, Database,
    DefaultChange, DefaultValue, Deferral, Direction, Enumeration, ForeignKey, Generated,
    GeneratedChange, Identity, IdentityChange, Index, IndexColumn, Name, NamedColumn, Nulls,
    Options, OptionsChange, PerDatabase, Reference, Routine, RoutineName, Script, Setting, Table,
    TableChange, Undo, Unique, View, foreign_key_name, unique_name,
};

/// A database's tables, its views, triggers, functions and procedures, enums and namespaces, and the defaults that columns use by name.
///
/// A schema is cheap to copy: tables are shared, and one is copied only when it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    tables: Tables,
    /// Default expressions by name.
    pub defaults: BTreeMap<String, PerDatabase>,
    /// The values of enums, by name. Columns of an enum have its values in their types, so that a
    /// column says by itself what it may hold.
    pub enums: BTreeMap<Name, Vec<String>>,
    /// The namespaces that were made for it. What it has may stand in others too, which somebody
    /// else has made.
    pub namespaces: BTreeSet<String>,
    /// The views, by name; none has the name of a table.
    pub views: BTreeMap<Name, View>,
    /// The triggers, functions and procedures.
    pub routines: BTreeMap<RoutineName, Routine>,
}

impl Schema {
    /// The tables, ordered by name.
    pub fn tables(&self) -> impl ExactSizeIterator<Item = &Table> {
        self.tables.iter().map(AsRef::as_ref)
    }

    /// The table called `name`, or why there is none.
    pub fn table(&self, name: &Name) -> Result<&Table, Conflict> {
        self.get(name).ok_or_else(|| missing(name))
    }

    /// The table called `name`, if there is one.
    pub fn get(&self, name: &Name) -> Option<&Table> {
        self.tables.get(name).map(AsRef::as_ref)
    }

    /// The table called `name`, to be changed in place; its name must stay as it is.
    pub fn table_mut(&mut self, name: &Name) -> Result<&mut Table, Conflict> {
        if self.tables.get(name).is_none() {
            return Err(missing(name));
        }
        let table = self.tables.get_mut(name).expect("it was just found");
        Ok(Arc::make_mut(table))
    }

    /// The tables of this schema and of another one, in the order of their names: those of one name
    /// beside each other.
    pub(crate) fn beside<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (Option<&'a Arc<Table>>, Option<&'a Arc<Table>>)> {
        let (mut ours, mut theirs) =
            (self.tables.iter().peekable(), other.tables.iter().peekable());
        iter::from_fn(move || {
            let order = match (ours.peek(), theirs.peek()) {
                (None, None) => return None,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => one.name.cmp(&other.name),
            };
            let one = if order.is_le() { ours.next() } else { None };
            Some((one, if order.is_ge() { theirs.next() } else { None }))
        })
    }

    /// The tables whose names both schemas have, as the one and as the other has them.
    pub(crate) fn in_both<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a Table, &'a Table)> {
        self.beside(other).filter_map(|(one, other)| Some((&**one?, &**other?)))
    }

    /// The table called `name`, to be held beside this schema.
    pub(crate) fn shared(&self, name: &Name) -> Result<Arc<Table>, Conflict> {
        self.tables.get(name).cloned().ok_or_else(|| missing(name))
    }

    /// Adds a table.
    pub fn insert(&mut self, table: impl Into<Arc<Table>>) -> Result<(), Conflict> {
        let table = table.into();
        if self.tables.get(&table.name).is_some() {
            return Err(Conflict::TableExists { table: table.name.clone() });
        }
        if self.views.contains_key(&table.name) {
            return Err(Conflict::ViewExists { view: table.name.clone() });
        }
        self.tables.insert(table);
        Ok(())
    }

    /// Takes a table out.
    pub fn remove(&mut self, name: &Name) -> Result<Arc<Table>, Conflict> {
        self.tables.remove(name).ok_or_else(|| missing(name))
    }

    /// Every foreign key that points at `target`, with the table it stands in.
    pub fn pointing_at<'a>(
        &'a self,
        target: &'a Name,
    ) -> impl Iterator<Item = (&'a Table, &'a ForeignKey)> {
        self.tables().flat_map(move |table| {
            table
                .foreign_keys
                .iter()
                .filter(move |it| it.table == *target)
                .map(move |it| (table, it))
        })
    }

    /// The enums, ordered by name.
    pub fn enumerations(&self) -> Vec<Enumeration> {
        let one = |(name, values): (&Name, &Vec<String>)| Enumeration {
            name: name.clone(),
            values: values.clone(),
        };
        self.enums.iter().map(one).collect()
    }

    /// The triggers of a table or a view.
    pub fn triggers_of<'a>(&'a self, table: &'a Name) -> impl Iterator<Item = &'a Routine> {
        self.routines.values().filter(move |it| it.name.table() == Some(table))
    }

    /// Takes out the triggers of a table or a view, which go with it.
    pub(crate) fn remove_triggers_of(&mut self, table: &Name) {
        self.routines.retain(|name, _| name.table() != Some(table));
    }

    /// Something that stands in a namespace, in words: "table `audit.log`".
    pub fn holds(&self, namespace: &str) -> Option<String> {
        let here = |it: &&Name| it.namespace.as_deref() == Some(namespace);
        let table = self.tables().map(|it| &it.name).find(here);
        let enumeration = || self.enums.keys().find(here).map(|it| format!("enum `{it}`"));
        let view = || self.views.keys().find(here).map(|it| format!("view `{it}`"));
        let routine = || {
            let mut all = self.routines.keys();
            let found = all.find(|it| it.namespace().is_some_and(|it| it == namespace));
            found.map(ToString::to_string)
        };
        let table = table.map(|it| format!("table `{it}`"));
        table.or_else(enumeration).or_else(view).or_else(routine)
    }

    /// The namespaces that something stands in and that nobody declares: they were made elsewhere.
    pub fn undeclared(&self) -> BTreeSet<&str> {
        let names = self.tables().map(|it| &it.name).chain(self.enums.keys());
        let named = names.chain(self.views.keys()).filter_map(|it| it.namespace.as_deref());
        let routines = self.routines.keys().filter_map(|it| it.namespace().map(String::as_str));
        named.chain(routines).filter(|it| !self.namespaces.contains(*it)).collect()
    }

    /// The columns whose values are those of an enum, or lists of them, with their tables.
    pub fn columns_of<'a>(
        &'a self,
        enumeration: &'a Name,
    ) -> impl Iterator<Item = (&'a Table, &'a NamedColumn)> {
        self.tables().flat_map(move |table| {
            let uses = move |it: &&NamedColumn| {
                it.column.data_type.enumeration().is_some_and(|(it, _)| it == enumeration)
            };
            table.columns.iter().filter(uses).map(move |it| (table, it))
        })
    }

    /// The columns that a foreign key points at: those it names, or else the target's key.
    pub fn target_columns<'a>(&'a self, key: &'a ForeignKey) -> Result<&'a [String], Conflict> {
        if key.references.is_empty() {
            self.table(&key.table).map(|it| it.primary_key.as_slice())
        } else {
            Ok(&key.references)
        }
    }
}

impl FromIterator<Table> for Schema {
    /// A schema of these tables; of two of one name the later stays.
    fn from_iter<T: IntoIterator<Item = Table>>(tables: T) -> Self {
        let mut schema = Self::default();
        tables.into_iter().for_each(|it| schema.tables.insert(Arc::new(it)));
        schema
    }
}

fn missing(name: &Name) -> Conflict {
    Conflict::TableMissing { table: name.clone() }
}
