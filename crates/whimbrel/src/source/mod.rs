//! Reading what the database should be, from the texts that say so.
//!
//! Each format is one value, named in [`ALL`]. Reading never stops at the first mistake: it gives
//! what could be understood, and a diagnostic for everything that could not.

pub mod yaml;

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    diagnostic::{Diagnostic, SourceFile, Span},
    schema::{Name, Schema},
};

/// Reads the files of one schema together, and says what is wrong with them.
pub type Read = fn(&[Arc<SourceFile>]) -> (Declared, Vec<Diagnostic>);

/// A way of writing down a schema.
#[derive(Clone, Copy, Debug)]
pub struct SourceFormat {
    /// What it is called in options and messages.
    pub name: &'static str,
    /// The endings of its files, without the dot.
    pub extensions: &'static [&'static str],
    /// Reads the files of one schema together.
    pub read: Read,
    /// Writes a schema as a file that reads back as the same schema, where the format can.
    pub print: Option<fn(&Schema) -> String>,
}

/// Every format.
pub const ALL: &[SourceFormat] = &[yaml::FORMAT];

/// The format whose files end as `path` does.
pub fn format_of(path: &str) -> Option<&'static SourceFormat> {
    let (_, extension) = path.rsplit_once('.')?;
    ALL.iter().find(|it| it.extensions.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

/// What was declared: the schema, what is said of its past, and where each thing stands.
///
/// Where a diagnostic is an error the schema is only what could be understood, good for looking
/// at and not for comparing with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The schema.
    pub schema: Schema,
    /// What was renamed, in the order of the files.
    pub renames: Vec<Rename>,
    /// Where things were declared.
    pub places: BTreeMap<Place, Span>,
}

/// A table or a column that had another name before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The table, as it is called now.
    pub table: Name,
    /// The column, as it is called now; `None` where the table itself was renamed.
    pub column: Option<String>,
    /// The name it had before.
    pub from: String,
    /// Where that is said.
    pub span: Span,
}

/// Something that stands at a place in a schema file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A default that columns use by name.
    Default(String),
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, String),
    /// An index of a table.
    Index(Name, String),
    /// A foreign key of a table.
    ForeignKey(Name, String),
}
