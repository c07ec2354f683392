//! What to look at in a database to tell whether a statement has had its effect.
//!
//! On a database that can't roll schema changes back, a statement may have run although nobody
//! lived to note it. Its looks say which objects it changes and how they will be afterwards.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize};

use crate::schema::{Name, RoutineName};

/// An object of a database's catalog.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, String),
    /// An index of a table.
    Index(Name, String),
    /// A foreign key of a table.
    ForeignKey(Name, String),
    /// A constraint of a table that is no foreign key.
    Constraint(Name, String),
    /// The primary key of a table.
    PrimaryKey(Name),
    /// An index by its own name, where nobody says of which table.
    LoneIndex(Name),
    /// A view.
    View(Name),
    /// A view whose rows are kept.
    MaterializedView(Name),
    /// A trigger, a function or a procedure.
    Routine(RoutineName),
    /// A type with a name of its own.
    Type(Name),
    /// A namespace.
    Namespace(String),
    /// A value of an enum type.
    EnumValue(Name, String),
    /// The trigger that updates a column of a table by itself.
    AutoUpdate(Name, String),
    /// A function of triggers.
    Function(Name),
    /// That the second table is a partition of the first.
    Partition(Name, Name),
    /// Indexes that a concurrent `REINDEX` of this table or index has left, which died.
    Leftovers(Name),
}

/// An object, and how it is once the statement has had its effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What to look at.
    pub object: Object,
    /// How it is afterwards.
    pub after: After,
}

/// How an object is once a statement has had its effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// It is gone.
    Absent,
    /// It is there.
    Present,
    /// It is there, and says this of itself.
    Column(ColumnFacts),
    /// It is a table that is there, and says this of itself.
    Table(TableFacts),
    /// It is a key over these columns.
    Key(Vec<String>),
}

/// What a catalog says of a table; `None` where it doesn't matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFacts {
    /// What is told of it; `Some(None)` for nothing.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub comment: Option<Option<String>>,
    /// What it says by these options, as it is compared; `None` for what goes without saying.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, Option<String>>,
}

/// What a catalog says of a column; `None` where it doesn't matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFacts {
    /// Its type, as this database's catalog spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_type: Option<String>,
    /// Whether a row may leave it empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Its default as the catalog spells it; `Some(None)` for none.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub default: Option<Option<String>>,
    /// What it is computed from, behind `STORED` or `VIRTUAL`; `Some(None)` for nothing.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub generated: Option<Option<String>>,
    /// By which collation its texts are compared; `Some(None)` for the usual one.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub collation: Option<Option<String>>,
    /// What is told of it; `Some(None)` for nothing.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub comment: Option<Option<String>>,
    /// The condition at the column that lists its values; `Some(None)` for none.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub values: Option<Option<String>>,
    /// How the database numbers it: `BY DEFAULT`, with the start and the increment behind where the
    /// catalog has them; `Some(None)` where it doesn't.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub identity: Option<Option<String>>,
    /// What it says by these options, as it is compared; `None` for what goes without saying.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, Option<String>>,
}

/// Reads a field that is there as said, even where it says `null`: "no default any more" must not
/// come back as "nothing was said of the default".
pub(crate) fn said<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

impl Object {
    /// The namespace that it stands in, where that is not the connection's own.
    pub fn namespace(&self) -> Option<&String> {
        let name = match self {
            Self::Type(name) => Some(name),
            Self::Routine(routine) => return routine.namespace(),
            other => other.table(),
        };
        name?.namespace.as_ref()
    }

    /// The table that it is, or is a part of, where that is known.
    pub fn table(&self) -> Option<&Name> {
        match self {
            Self::Table(table)
            | Self::Column(table, _)
            | Self::Index(table, _)
            | Self::ForeignKey(table, _)
            | Self::AutoUpdate(table, _)
            | Self::Constraint(table, _)
            | Self::PrimaryKey(table) => Some(table),
            Self::Partition(table, _) => Some(table),
            Self::LoneIndex(_)
            | Self::View(_)
            | Self::MaterializedView(_)
            | Self::Routine(_)
            | Self::Type(_)
            | Self::Namespace(_)
            | Self::EnumValue(..)
            | Self::Function(_)
            | Self::Leftovers(_) => None,
        }
    }
}

impl fmt::Display for Object {
    /// "column `email` of `users`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) => write!(f, "table `{table}`"),
            Self::Column(table, column) => write!(f, "column `{column}` of `{table}`"),
            Self::Index(table, index) => write!(f, "index `{index}` of `{table}`"),
            Self::ForeignKey(table, key) => write!(f, "foreign key `{key}` of `{table}`"),
            Self::Constraint(table, name) => write!(f, "constraint `{name}` of `{table}`"),
            Self::PrimaryKey(table) => write!(f, "primary key of `{table}`"),
            Self::LoneIndex(index) => write!(f, "index `{index}`"),
            Self::View(name) => write!(f, "view `{name}`"),
            Self::MaterializedView(name) => write!(f, "materialized view `{name}`"),
            Self::Routine(name) => write!(f, "{name}"),
            Self::Type(name) => write!(f, "type `{name}`"),
            Self::Namespace(name) => write!(f, "namespace `{name}`"),
            Self::EnumValue(name, value) => write!(f, "value `{value}` of `{name}`"),
            Self::AutoUpdate(table, column) => {
                write!(f, "automatic update of `{column}` of `{table}`")
            }
            Self::Function(name) => write!(f, "function `{name}`"),
            Self::Partition(table, name) => write!(f, "partition `{name}` of `{table}`"),
            Self::Leftovers(name) => write!(f, "unfinished indexes beside `{name}`"),
        }
    }
}
