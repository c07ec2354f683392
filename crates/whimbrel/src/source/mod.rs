//! Reading what the database should be, from the texts that say so.
//!
//! Each format is one value, named in [`ALL`]. Reading never stops at the first mistake: it gives
//! what could be understood, and a diagnostic for everything that could not.

pub mod live;
mod places;
pub mod rows;
pub mod yaml;

use std::sync::Arc;

pub use self::places::Places;

use crate::{
    diagnostic::{Diagnostic, SourceFile, Span},
    schema::{Name, RoutineName, Schema},
};

/// Reads the files of one schema together, and says what is wrong with them.
pub type Read = fn(&Files) -> (Declared, Vec<Diagnostic>);

/// The files of one schema.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The project's own, in the order in which they count.
    pub own: Vec<Arc<SourceFile>>,
    /// Those that they include, each once; where they differ from the project's own, those count.
    pub included: Vec<Arc<SourceFile>>,
}

impl Files {
    /// All of them, the project's own first, and whether each is included.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<SourceFile>, bool)> {
        let own = self.own.iter().map(|it| (it, false));
        own.chain(self.included.iter().map(|it| (it, true)))
    }
}

impl From<Vec<Arc<SourceFile>>> for Files {
    fn from(own: Vec<Arc<SourceFile>>) -> Self {
        Self { own, included: Vec::new() }
    }
}

/// That a file includes another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The other.
    pub what: Included,
    /// Where that is said.
    pub span: Span,
}

/// A file that another one includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Included {
    /// By its path from the folder of the file that includes it.
    Path(String),
    /// A file of a crate of the workspace, or of one that it depends on.
    Crate {
        /// The crate's name.
        name: String,
        /// The path in its folder.
        path: String,
    },
    /// A file of a Go module.
    Module {
        /// The module's path.
        module: String,
        /// The path in its folder.
        path: String,
    },
}

/// Lays a file out, or says all that keeps it from that.
pub type LayOut = fn(&Arc<SourceFile>) -> Result<String, Vec<Diagnostic>>;

/// The text of a file when it includes more, or why it can't be written.
pub type IncludeMore = fn(&Arc<SourceFile>, &[Included]) -> Result<String, Vec<Diagnostic>>;

/// A way of writing down a schema.
#[derive(Clone, Copy, Debug)]
pub struct SourceFormat {
    /// What it is called in options and messages.
    pub name: &'static str,
    /// The endings of its files, without the dot.
    pub extensions: &'static [&'static str],
    /// What a file includes.
    pub includes: fn(&Arc<SourceFile>) -> Vec<Include>,
    /// Writes into a file that it includes more, where the format can.
    pub include_more: Option<IncludeMore>,
    /// Reads the files of one schema together.
    pub read: Read,
    /// Writes a schema as a file that reads back as the same schema, where the format can.
    pub print: Option<fn(&Schema) -> String>,
    /// Lays a file out in the format's one way, where it has one; blanks change and nothing else.
    pub lay_out: Option<LayOut>,
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
    pub places: Places,
}

/// Something that had another name before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// What it is, as it is called now.
    pub what: Place,
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
    /// An enum.
    Enum(Name),
    /// A value of an enum.
    EnumValue(Name, String),
    /// A view.
    View(Name),
    /// A trigger, a function or a procedure.
    Routine(RoutineName),
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, String),
    /// An index of a table.
    Index(Name, String),
    /// A foreign key of a table.
    ForeignKey(Name, String),
    /// A check of a table.
    Check(Name, String),
    /// A unique constraint of a table.
    Unique(Name, String),
}
