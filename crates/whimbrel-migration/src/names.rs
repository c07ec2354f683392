//! What things are called.

use std::fmt;

/// The name of a table, in the connection's own namespace or in a named one
/// (a PostgreSQL schema, a MySQL database). A dot in a name is part of the name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Name {
    /// The namespace, or `None` for the one that the connection works in.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub namespace: Option<String>,
    /// The name inside the namespace.
    pub name: String,
}

impl Name {
    /// A name in the connection's own namespace.
    pub fn new(name: impl Into<String>) -> Self {
        Self { namespace: None, name: name.into() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

/// One name or several: `"a"` or `["a", "b"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

/// The migrations that a migration comes after: `"0001_a"` or `["0002_b", "0002_c"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parents(pub Vec<String>);

/// The longest name that every supported database keeps whole (PostgreSQL: 63 bytes).
const LONGEST: usize = 63;

/// The name of a foreign key that was given none: `fk_<table>_<columns>`, shortened with a
/// digest where a database would cut it.
pub fn foreign_key_name(table: &Name, columns: &[String]) -> String {
    whole_or_short(format!("fk_{}_{}", table.name, columns.join("_")))
}

/// The name of a unique constraint that was given none: `uq_<table>_<columns>`, shortened as that of
/// a foreign key.
pub fn unique_name(table: &Name, columns: &[String]) -> String {
    whole_or_short(format!("uq_{}_{}", table.name, columns.join("_")))
}

fn whole_or_short(whole: String) -> String {
    if whole.len() <= LONGEST {
        return whole;
    }
    let digest = fnv1a(whole.as_bytes());
    let mut end = 54;
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{digest:08x}", &whole[..end])
}

/// FNV-1a, 32 bits: short names need a digest that is the same for ever and everywhere.
fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
