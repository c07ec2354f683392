//! What the user has said about renames, on the command line or in the schema's source.

use super::{Question, Refusal};
use crate::schema::{Name, Schema};

/// What the user has said about renames.
///
/// On the command line, `--rename users=people` and `--rename users.name=display_name` say what
/// was renamed, and `--drop users` and `--drop users.name` say that it was not: it is dropped,
/// and whatever looks like it is new. `--rename users.name=` says the same as `--drop users.name`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Tables that have another name now.
    pub renamed_tables: Vec<TableRename>,
    /// Columns that have another name now.
    pub renamed_columns: Vec<ColumnRename>,
    /// Indexes that have another name now.
    pub renamed_indexes: Vec<IndexRename>,
    /// Tables and columns that are gone, however much something new looks like them.
    pub not_renames: Vec<NotRenamed>,
    /// Indexes that are gone, although a new one is just like them: the table, by the name that it
    /// has or by the one that it had, and the index.
    pub dropped_indexes: Vec<(Name, String)>,
}

/// A table that has another name now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableRename {
    /// The name it had.
    pub from: Name,
    /// The name it has.
    pub to: Name,
    /// Who says so.
    pub origin: Origin,
}

/// A column that has another name now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnRename {
    /// Its table, by the name that it has or by the one that it had.
    pub table: Name,
    /// The name it had.
    pub from: String,
    /// The name it has.
    pub to: String,
    /// Who says so.
    pub origin: Origin,
}

/// An index that has another name now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexRename {
    /// Its table, by the name that it has or by the one that it had.
    pub table: Name,
    /// The name it had.
    pub from: String,
    /// The name it has.
    pub to: String,
    /// Who says so.
    pub origin: Origin,
}

/// A table, or a column of one, that is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotRenamed {
    /// The table; for a column, by the name that it has or by the one that it had.
    pub table: Name,
    /// The column; `None` for the table itself.
    pub column: Option<String>,
}

/// Who says that something was renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The user, now: it must fit, or they are told.
    Answer,
    /// A `renamed_from` in the schema's source: it stays there when the rename is long done, and
    /// then says nothing.
    Hint,
}

impl Answers {
    /// The answer "yes, it was renamed to this candidate".
    pub fn accept(&mut self, question: &Question, candidate: usize) {
        let Some(candidate) = question.candidates.get(candidate) else { return };
        if let (Some(from), Some(to)) = (&question.index, &candidate.index) {
            self.renamed_indexes.push(IndexRename {
                table: question.table.clone(),
                from: from.clone(),
                to: to.clone(),
                origin: Origin::Answer,
            });
            return;
        }
        match &question.column {
            None => self.renamed_tables.push(TableRename {
                from: question.table.clone(),
                to: candidate.table.clone(),
                origin: Origin::Answer,
            }),
            Some(column) => self.renamed_columns.push(ColumnRename {
                table: question.table.clone(),
                from: column.clone(),
                to: candidate.column.clone().unwrap_or_default(),
                origin: Origin::Answer,
            }),
        }
    }

    /// The answer "no, it is dropped".
    pub fn refuse(&mut self, question: &Question) {
        let table = question.table.clone();
        match &question.index {
            Some(index) => self.dropped_indexes.push((table, index.clone())),
            None => self.not_renames.push(NotRenamed { table, column: question.column.clone() }),
        }
    }

    /// Adds what `--rename` says: `users=people`, `users.name=display_name`,
    /// `users.name=users.display_name`, or `users.name=` for what is no rename.
    ///
    /// Which dots separate a table from a column is told by the tables of `before`.
    pub fn rename(&mut self, text: &str, before: &Schema) -> Result<(), Refusal> {
        let Some((from, to)) = text.split_once('=') else {
            return Err(malformed(text));
        };
        let (from, to) = (from.trim(), to.trim());
        if to.is_empty() {
            return self.drop(from, before);
        }
        match place(from, before)? {
            (from, Part::Whole) => {
                let to = name_beside(&from, to);
                self.renamed_tables.push(TableRename { from, to, origin: Origin::Answer });
            }
            (table, Part::Column(from)) => {
                let (to, origin) = (bare(to), Origin::Answer);
                self.renamed_columns.push(ColumnRename { table, from, to, origin });
            }
            (table, Part::Index(from)) => {
                let (to, origin) = (bare(to), Origin::Answer);
                self.renamed_indexes.push(IndexRename { table, from, to, origin });
            }
        }
        Ok(())
    }

    /// Adds what `--drop` says: `users`, `users.name` or `users.an_index`.
    pub fn drop(&mut self, text: &str, before: &Schema) -> Result<(), Refusal> {
        let (table, part) = place(text.trim(), before)?;
        match part {
            Part::Whole => self.not_renames.push(NotRenamed { table, column: None }),
            Part::Column(it) => self.not_renames.push(NotRenamed { table, column: Some(it) }),
            Part::Index(it) => self.dropped_indexes.push((table, it)),
        }
        Ok(())
    }
}

/// A name without the table's that may stand before it.
fn bare(text: &str) -> String {
    text.rsplit_once('.').map_or(text, |it| it.1).to_owned()
}

/// What of a table an answer is about.
#[derive(PartialEq)]
enum Part {
    Whole,
    Column(String),
    Index(String),
}

fn malformed(text: &str) -> Refusal {
    Refusal {
        message: format!("`--rename {text}` does not say what is renamed to what"),
        help: "write `--rename old_table=new_table` or `--rename table.old=new`".to_owned(),
    }
}

/// A new name of a table stays in the namespace of the old one unless it names its own.
fn name_beside(from: &Name, to: &str) -> Name {
    match (to.split_once('.'), &from.namespace) {
        (Some((namespace, name)), Some(_)) => {
            Name { namespace: Some(namespace.to_owned()), name: name.to_owned() }
        }
        _ => Name { namespace: from.namespace.clone(), name: to.to_owned() },
    }
}

/// The table that `text` is the name of, or the table and the column or index.
fn place(text: &str, before: &Schema) -> Result<(Name, Part), Refusal> {
    let mut places: Vec<(Name, Part)> = Vec::new();
    for table in before.tables() {
        let name = table.name.to_string();
        if text == name {
            places.push((table.name.clone(), Part::Whole));
        } else if let Some(part) = text.strip_prefix(&name).and_then(|it| it.strip_prefix('.')) {
            if table.position(part).is_some() {
                places.push((table.name.clone(), Part::Column(part.to_owned())));
            }
            if table.index_named(part).is_some() {
                places.push((table.name.clone(), Part::Index(part.to_owned())));
            }
        }
    }
    match places.len() {
        1 => Ok(places.swap_remove(0)),
        0 => Err(Refusal {
            message: format!("`{text}` is no table, column or index that the migrations know"),
            help: match nearest(text, before) {
                Some(similar) => format!("did you mean `{similar}`?"),
                None => "write `table` or `table.column`, by the names they had".to_owned(),
            },
        }),
        _ => Err(Refusal {
            message: format!("`{text}` may be several things: a table, a column, an index"),
            help: "say it in the schema, with `renamed_from`".to_owned(),
        }),
    }
}

fn nearest(text: &str, before: &Schema) -> Option<String> {
    let words: Vec<String> = before
        .tables()
        .flat_map(|table| {
            let columns = table.columns.iter().map(|it| format!("{}.{}", table.name, it.name));
            let indexes = table.indexes.iter().map(|it| format!("{}.{}", table.name, it.name));
            std::iter::once(table.name.to_string()).chain(columns).chain(indexes)
        })
        .collect();
    crate::diagnostic::did_you_mean(text, words.iter().map(String::as_str)).map(str::to_owned)
}
