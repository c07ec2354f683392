//! Code that a database keeps and runs itself: triggers, functions and procedures.

use std::fmt;

use crate::{Name, PerDatabase};

/// By what a trigger, a function or a procedure is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum RoutineName {
    /// A function.
    Function(Name),
    /// A procedure.
    Procedure(Name),
    /// A trigger of a table or a view.
    Trigger(Name, String),
}

/// A trigger, a function or a procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Routine {
    /// By what it is known.
    pub name: RoutineName,
    /// Of a trigger, what sets it off: `AFTER UPDATE`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub when: Option<PerDatabase>,
    /// What stands behind the name in the statement that creates it, of a trigger what stands behind
    /// the table; an empty text on a database that is to go without.
    pub definition: PerDatabase,
}

impl RoutineName {
    /// What it is, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Function(_) => "function",
            Self::Procedure(_) => "procedure",
            Self::Trigger(..) => "trigger",
        }
    }

    /// The table or the view whose trigger it is.
    pub const fn table(&self) -> Option<&Name> {
        match self {
            Self::Trigger(table, _) => Some(table),
            Self::Function(_) | Self::Procedure(_) => None,
        }
    }

    /// Its name alone.
    pub fn own(&self) -> &str {
        match self {
            Self::Function(it) | Self::Procedure(it) => &it.name,
            Self::Trigger(_, it) => it,
        }
    }

    /// The namespace that it stands in; of a trigger, that of its table.
    pub fn namespace(&self) -> Option<&String> {
        let (Self::Function(it) | Self::Procedure(it) | Self::Trigger(it, _)) = self;
        it.namespace.as_ref()
    }
}

impl fmt::Display for RoutineName {
    /// "trigger `log_it` of `users`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(it) | Self::Procedure(it) => write!(f, "{} `{it}`", self.kind()),
            Self::Trigger(table, it) => write!(f, "trigger `{it}` of `{table}`"),
        }
    }
}

impl Routine {
    /// A function.
    pub fn function(name: impl Into<Name>, definition: PerDatabase) -> Self {
        Self { name: RoutineName::Function(name.into()), when: None, definition }
    }

    /// A procedure.
    pub fn procedure(name: impl Into<Name>, definition: PerDatabase) -> Self {
        Self { name: RoutineName::Procedure(name.into()), when: None, definition }
    }

    /// A trigger.
    pub fn trigger(
        table: impl Into<Name>,
        name: impl Into<String>,
        when: PerDatabase,
        definition: PerDatabase,
    ) -> Self {
        let name = RoutineName::Trigger(table.into(), name.into());
        Self { name, when: Some(when), definition }
    }
}
