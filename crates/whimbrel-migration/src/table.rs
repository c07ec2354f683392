//! Tables and what belongs to them.

use crate::{Column, Index, Name, NamedColumn, Options, OptionsChange, PerDatabase, Unique};

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "a table does nothing until a migration gets it"]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its columns, in their order.
    pub columns: Vec<NamedColumn>,
    /// The columns of its primary key, in the key's order; empty where it has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub primary_key: Vec<String>,
    /// Its foreign keys, by name.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub foreign_keys: Vec<ForeignKey>,
    /// Its indexes, by name.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub indexes: Vec<Index>,
    /// Its unique constraints, by name.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub uniques: Vec<Unique>,
    /// What must hold of every row, by name.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub checks: Vec<Check>,
    /// What is told of it in the database, for people.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub comment: Option<String>,
    /// What single databases are told of it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Options::is_empty"))]
    pub options: Options,
}

/// What is to change about a table itself, beside its columns, keys, indexes and checks; what isn't
/// named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "a change does nothing until `alter_table` gets it"]
pub struct TableChange {
    /// Another comment, or none any more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub comment: Option<CommentChange>,
    /// What single databases are told from then on, or no more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "OptionsChange::is_empty"))]
    pub options: OptionsChange,
}

/// What becomes of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum CommentChange {
    /// It is this one.
    Set(String),
    /// There is none any more.
    Drop,
}

impl CommentChange {
    /// The change that leads to this comment.
    pub fn to(comment: Option<&String>) -> Self {
        comment.map_or(Self::Drop, |it| Self::Set(it.clone()))
    }

    /// The comment that there is then.
    pub fn text(&self) -> Option<&String> {
        match self {
            Self::Set(text) => Some(text),
            Self::Drop => None,
        }
    }
}

/// A condition that must hold of every row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The condition, in SQL; a database with an empty text goes without.
    pub condition: PerDatabase,
}

/// Columns whose values must be found in another table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// The columns that point.
    pub columns: Vec<String>,
    /// The table they point at.
    pub table: Name,
    /// The columns they point at; the primary key's where empty.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub references: Vec<String>,
    /// What becomes of a row whose target is deleted.
    #[cfg_attr(feature = "serde", serde(default))]
    pub on_delete: Action,
    /// What becomes of a row whose target's key changes.
    #[cfg_attr(feature = "serde", serde(default))]
    pub on_update: Action,
    /// Whether looking at it may be put off.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Deferral::is_never"))]
    pub deferral: Deferral,
}

/// What becomes of a row whose foreign key's target goes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Action {
    /// The change is refused, at the end of the statement.
    #[default]
    NoAction,
    /// The change is refused at once.
    Restrict,
    /// The row goes too.
    Cascade,
    /// The columns become null.
    SetNull,
    /// The columns get their defaults.
    SetDefault,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 5] =
        [Self::NoAction, Self::Restrict, Self::Cascade, Self::SetNull, Self::SetDefault];
}

/// When a constraint is looked at: at the end of a statement, or of the transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Deferral {
    /// At the end of each statement.
    #[default]
    Never,
    /// At the end of each statement, unless a transaction puts it off (`SET CONSTRAINTS`).
    Allowed,
    /// At the end of the transaction, unless the transaction wants it sooner.
    Deferred,
}

impl Deferral {
    /// Every deferral.
    pub const ALL: [Self; 3] = [Self::Never, Self::Allowed, Self::Deferred];

    /// Whether nothing is put off.
    pub fn is_never(&self) -> bool {
        *self == Self::Never
    }
}

/// What a column's values are to be found in, before the foreign key has its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "a reference does nothing until a column gets it"]
pub struct Reference {
    /// The foreign key's name, where it has one of its own.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub name: Option<String>,
    /// The table pointed at.
    pub table: Name,
    /// The columns pointed at; the primary key's where empty.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub columns: Vec<String>,
    /// What becomes of a row whose target is deleted.
    #[cfg_attr(feature = "serde", serde(default))]
    pub on_delete: Action,
    /// What becomes of a row whose target's key changes.
    #[cfg_attr(feature = "serde", serde(default))]
    pub on_update: Action,
    /// Whether looking at it may be put off.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Deferral::is_never"))]
    pub deferral: Deferral,
}

impl ForeignKey {
    /// A key from `columns` to the primary key of `table`, of which nothing else is said.
    pub fn new(name: impl Into<String>, columns: Vec<String>, table: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            columns,
            table: table.into(),
            references: Vec::new(),
            on_delete: Action::default(),
            on_update: Action::default(),
            deferral: Deferral::default(),
        }
    }
}

impl Reference {
    /// The foreign key that `columns` of `table` become by this reference.
    pub fn of(self, table: &Name, columns: Vec<String>) -> ForeignKey {
        ForeignKey {
            name: self.name.unwrap_or_else(|| crate::foreign_key_name(table, &columns)),
            columns,
            table: self.table,
            references: self.columns,
            on_delete: self.on_delete,
            on_update: self.on_update,
            deferral: self.deferral,
        }
    }
}

impl From<ForeignKey> for Reference {
    fn from(key: ForeignKey) -> Self {
        Self {
            name: Some(key.name),
            table: key.table,
            columns: key.references,
            on_delete: key.on_delete,
            on_update: key.on_update,
            deferral: key.deferral,
        }
    }
}

impl Table {
    /// A table as yet without columns.
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
            uniques: Vec::new(),
            checks: Vec::new(),
            comment: None,
            options: Options::default(),
        }
    }

    /// Makes the change; what it doesn't name stays as it is.
    pub fn take(&mut self, change: &TableChange) {
        if let Some(comment) = &change.comment {
            self.comment = comment.text().cloned();
        }
        self.options.take(&change.options);
    }

    /// The position of the column called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|it| it.name == name)
    }

    /// The column called `name`.
    pub fn column_named(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name).map(|it| &it.column)
    }

    /// The index called `name`.
    pub fn index_named(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|it| it.name == name)
    }

    /// The unique constraint called `name`.
    pub fn unique_named(&self, name: &str) -> Option<&Unique> {
        self.uniques.iter().find(|it| it.name == name)
    }

    /// The check called `name`.
    pub fn check_named(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|it| it.name == name)
    }

    /// The foreign key called `name`.
    pub fn foreign_key_named(&self, name: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|it| it.name == name)
    }
}
