//! Enums: types whose values are a list of texts.

use crate::{ColumnType, Name};

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Enumeration {
    /// Its name.
    pub name: Name,
    /// Its values, in the order in which they compare.
    pub values: Vec<String>,
}

impl ColumnType {
    /// The enum whose values these are, or are lists of: its name, and the values as far as they
    /// are known.
    pub fn enumeration(&self) -> Option<(&Name, &[String])> {
        match self {
            Self::Enum { name, values } => Some((name, values)),
            Self::Array { of } | Self::Spelled { of, .. } => of.enumeration(),
            _ => None,
        }
    }

    /// The same for changing them in place.
    pub fn enumeration_mut(&mut self) -> Option<(&mut Name, &mut Vec<String>)> {
        match self {
            Self::Enum { name, values } => Some((name, values)),
            Self::Array { of } | Self::Spelled { of, .. } => of.enumeration_mut(),
            _ => None,
        }
    }

    /// The type as a migration says it: an enum by its name alone.
    pub fn by_name(&self) -> Self {
        let mut plain = self.clone();
        if let Some((_, values)) = plain.enumeration_mut() {
            values.clear();
        }
        plain
    }
}
