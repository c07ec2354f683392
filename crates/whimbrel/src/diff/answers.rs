//! What the user has said about renames, on the command line or in the schema's source.

use super::{Question, Refusal, Subject};
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
    /// Enums that have another name now.
    pub renamed_enums: Vec<EnumRename>,
    /// Values of enums that have another name now.
    pub renamed_enum_values: Vec<EnumValueRename>,
    /// Tables and columns that are gone, however much something new looks like them.
    pub not_renames: Vec<NotRenamed>,
    /// Indexes that are gone, although a new one is just like them: the table, by the name that it
    /// has or by the one that it had, and the index.
    pub dropped_indexes: Vec<(Name, String)>,
    /// Enums that are gone, however much a new one looks like them.
    pub dropped_enums: Vec<Name>,
    /// Values of enums that are gone: the enum, by the name that it has or by the one that it had,
    /// and the value.
    pub dropped_enum_values: Vec<(Name, String)>,
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

/// An enum that has another name now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnumRename {
    /// The name it had.
    pub from: Name,
    /// The name it has.
    pub to: Name,
    /// Who says so.
    pub origin: Origin,
}

/// A value of an enum that has another name now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnumValueRename {
    /// Its enum, by the name that it has or by the one that it had.
    pub enumeration: Name,
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
        let to = candidate.subject.clone();
        self.say(question.subject.clone(), &to, Origin::Answer);
    }

    /// The answer "no, it is dropped".
    pub fn refuse(&mut self, question: &Question) {
        self.gone(question.subject.clone());
    }

    /// Says that something is called otherwise now; of something of another kind nothing is said.
    pub fn say(&mut self, from: Subject, to: &Subject, origin: Origin) {
        let part = to.part().unwrap_or_default().to_owned();
        match (from, to) {
            (Subject::Table(from), Subject::Table(to)) => {
                self.renamed_tables.push(TableRename { from, to: to.clone(), origin });
            }
            (Subject::Column(table, from), Subject::Column(..)) => {
                self.renamed_columns.push(ColumnRename { table, from, to: part, origin });
            }
            (Subject::Index(table, from), Subject::Index(..)) => {
                self.renamed_indexes.push(IndexRename { table, from, to: part, origin });
            }
            (Subject::Enum(from), Subject::Enum(to)) => {
                self.renamed_enums.push(EnumRename { from, to: to.clone(), origin });
            }
            (Subject::EnumValue(enumeration, from), Subject::EnumValue(..)) => {
                let rename = EnumValueRename { enumeration, from, to: part, origin };
                self.renamed_enum_values.push(rename);
            }
            _ => {}
        }
    }

    /// Says that something is gone, whatever looks like it.
    pub fn gone(&mut self, subject: Subject) {
        match subject {
            Subject::Table(table) => self.not_renames.push(NotRenamed { table, column: None }),
            Subject::Column(table, column) => {
                self.not_renames.push(NotRenamed { table, column: Some(column) });
            }
            Subject::Index(table, index) => self.dropped_indexes.push((table, index)),
            Subject::Enum(name) => self.dropped_enums.push(name),
            Subject::EnumValue(name, value) => self.dropped_enum_values.push((name, value)),
        }
    }

    /// Adds what `--rename` says: `users=people`, `users.name=display_name`,
    /// `users.name=users.display_name`, `order_status.payed=paid`, or `users.name=` for what is no
    /// rename.
    ///
    /// Which dots separate a table from a column is told by the tables and enums of `before`.
    pub fn rename(&mut self, text: &str, before: &Schema) -> Result<(), Refusal> {
        let Some((from, to)) = text.split_once('=') else {
            return Err(malformed(text));
        };
        let (from, to) = (from.trim(), to.trim());
        if to.is_empty() {
            return self.drop(from, before);
        }
        let from = self.place(from, before)?;
        let to = match &from {
            Subject::Table(from) => Subject::Table(name_beside(from, to)),
            Subject::Enum(from) => Subject::Enum(name_beside(from, to)),
            Subject::Column(table, _) => Subject::Column(table.clone(), bare(to)),
            Subject::Index(table, _) => Subject::Index(table.clone(), bare(to)),
            // A dot may be a part of the value.
            Subject::EnumValue(name, _) => {
                let called = self.names_of_enum(name);
                let bare = called.iter().find_map(|it| to.strip_prefix(it)?.strip_prefix('.'));
                Subject::EnumValue(name.clone(), bare.unwrap_or(to).to_owned())
            }
        };
        self.say(from, &to, Origin::Answer);
        Ok(())
    }

    /// Adds what `--drop` says: `users`, `users.name`, `users.an_index`, `order_status`,
    /// `order_status.payed`.
    pub fn drop(&mut self, text: &str, before: &Schema) -> Result<(), Refusal> {
        let subject = self.place(text.trim(), before)?;
        self.gone(subject);
        Ok(())
    }

    /// The name of a table, and the one that was said to be its new one.
    fn names_of_table(&self, name: &Name) -> Vec<String> {
        let renamed = self.renamed_tables.iter().filter(|it| it.from == *name);
        std::iter::once(name).chain(renamed.map(|it| &it.to)).map(Name::to_string).collect()
    }

    /// The same of an enum.
    fn names_of_enum(&self, name: &Name) -> Vec<String> {
        let renamed = self.renamed_enums.iter().filter(|it| it.from == *name);
        std::iter::once(name).chain(renamed.map(|it| &it.to)).map(Name::to_string).collect()
    }

    /// What `text` is the name of: a table, an enum, or a part of one, which may already be called by
    /// its new name there.
    fn place(&self, text: &str, before: &Schema) -> Result<Subject, Refusal> {
        let mut places: Vec<Subject> = Vec::new();
        for table in before.tables() {
            if text == table.name.to_string() {
                places.push(Subject::Table(table.name.clone()));
            }
            for part in parts(text, &self.names_of_table(&table.name)) {
                if table.position(part).is_some() {
                    places.push(Subject::Column(table.name.clone(), part.to_owned()));
                }
                if table.index_named(part).is_some() {
                    places.push(Subject::Index(table.name.clone(), part.to_owned()));
                }
            }
        }
        for (name, values) in &before.enums {
            if text == name.to_string() {
                places.push(Subject::Enum(name.clone()));
            }
            for part in parts(text, &self.names_of_enum(name)) {
                if values.iter().any(|it| it == part) {
                    places.push(Subject::EnumValue(name.clone(), part.to_owned()));
                }
            }
        }
        match places.len() {
            1 => Ok(places.swap_remove(0)),
            0 => Err(Refusal {
                message: format!(
                    "`{text}` is no table, column, index, enum or value that the migrations know"
                ),
                help: match nearest(text, before) {
                    Some(similar) => format!("did you mean `{similar}`?"),
                    None => "write `table`, `table.column`, `enum` or `enum.value`, by the names \
                             they had"
                        .to_owned(),
                },
            }),
            _ => {
                let all: Vec<String> = places.iter().map(Subject::to_string).collect();
                Err(Refusal {
                    message: format!("`{text}` may be several things: {}", all.join(", ")),
                    help: "say it in the schema, with `renamed_from`".to_owned(),
                })
            }
        }
    }
}

/// What stands behind one of these names and a dot.
fn parts<'t>(text: &'t str, names: &[String]) -> Vec<&'t str> {
    names.iter().filter_map(|it| text.strip_prefix(it)?.strip_prefix('.')).collect()
}

/// A name without the table's that may stand before it.
fn bare(text: &str) -> String {
    text.rsplit_once('.').map_or(text, |it| it.1).to_owned()
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

fn nearest(text: &str, before: &Schema) -> Option<String> {
    let mut words: Vec<String> = before
        .tables()
        .flat_map(|table| {
            let columns = table.columns.iter().map(|it| format!("{}.{}", table.name, it.name));
            let indexes = table.indexes.iter().map(|it| format!("{}.{}", table.name, it.name));
            std::iter::once(table.name.to_string()).chain(columns).chain(indexes)
        })
        .collect();
    let enums = before.enums.iter().flat_map(|(name, values)| {
        let values = values.iter().map(move |it| format!("{name}.{it}"));
        std::iter::once(name.to_string()).chain(values)
    });
    words.extend(enums);
    crate::diagnostic::did_you_mean(text, words.iter().map(String::as_str)).map(str::to_owned)
}
