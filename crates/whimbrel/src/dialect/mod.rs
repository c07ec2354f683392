//! What is true of each database. A dialect is a value: facts, and a choice among named
//! behaviours. It writes no SQL of its own beside catalog queries; `sql` and `operation` do, by
//! asking it.

mod auto_update;
mod built_in;
mod choices;
mod information_schema;
mod ledger;
mod look;
mod mariadb;
mod mysql;
mod postgres;
mod routines;
mod sessions;
mod sqlite;
mod waiting;

use std::{borrow::Cow, collections::BTreeMap, fmt::Write};

use thiserror::Error;
use whimbrel_migration::{Of, Takes, known_option};

use crate::{
    connection::Row,
    schema::{ColumnType, Database, Direction, Name, Nulls, Setting},
};

pub(crate) use self::look::said;
pub use self::{
    auto_update::auto_update_name,
    built_in::BuiltIn,
    choices::{
        AddColumn, AlterColumn, AlterPrimaryKey, AlterView, AutoUpdate, Charsets, ColumnOptions,
        Comments, Constraints, Defaults, DropColumn, Enums, ForeignKeys, Generation, Identities,
        Indexes, Keeping, Looking, Methods, Namespaces, Numbering, Packing, RenameIndex,
        RenameTable, RowWords, SayColumnOptions, SayOptions, SetAside, TableOptions, Types,
        Uniques, Upserting, Views,
    },
    information_schema::InformationSchema,
    ledger::{Catalog, Ledger, Lock, Unenforced},
    look::{After, ColumnFacts, Look, Object, TableFacts},
    mariadb::MARIADB,
    mysql::MYSQL,
    postgres::POSTGRES,
    routines::{AlterRoutine, Routines},
    sessions::Sessions,
    sqlite::SQLITE,
    waiting::{Limit, Session, Waiting},
};

/// Every dialect, in the order the documentation lists them.
pub const ALL: &[&Dialect] = &[&POSTGRES, &MYSQL, &SQLITE, &MARIADB];

/// A change that this database cannot make, said in the user's words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{what} is not possible: {because}")]
pub struct Unsupported {
    /// What was asked for: "an index with a method".
    pub what: String,
    /// Why it can't be had here, and what can be had instead.
    pub because: String,
}

impl Unsupported {
    /// What was asked for, and why it can't be had here.
    pub fn new(what: impl Into<String>, because: impl Into<String>) -> Self {
        Self { what: what.into(), because: because.into() }
    }
}

/// What is true of a database.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    /// What the user calls it: `postgres`, `mysql`, `sqlite`.
    pub name: &'static str,
    /// Other words for it that users and the reference's configuration write.
    pub aliases: &'static [&'static str],
    /// The dialect that this one was written as a difference from.
    pub like: Option<&'static str>,
    /// What a server of this kind calls itself, as in `Server::product`.
    pub product: &'static str,
    /// Which texts of a `PerDatabase` are meant for it: its own first, then those it is like.
    pub databases: &'static [Database],
    /// The characters around a name; inside a name the closing one is doubled.
    pub quotes: (char, char),
    /// The longest name, and how it is counted.
    pub longest_name: LongestName,
    /// Which names are one that differ only in the case of their letters.
    pub case: Case,
    /// How its text is read.
    pub lexical: Lexical,
    /// Whether a failed migration takes its schema changes back.
    pub ddl: Ddl,
    /// Whether `DROP TABLE` of several tables drops all of them or none.
    pub drops_together: bool,
    /// How whimbrel's own tables are written here.
    pub ledger: Ledger,
    /// Where the database says which tables it has.
    pub catalog: Catalog,
    /// How one run keeps another out.
    pub lock: Lock,
    /// What it tells of the sessions of other clients.
    pub sessions: Sessions,
    /// How a session waits for locks that other programs hold.
    pub waiting: Waiting,
    /// How a table can be rebuilt that others point at; `None` where that is never needed.
    pub unenforced: Option<Unenforced>,
    /// What puts a session back to how it was after a script has set something in it.
    pub reset_session: &'static [&'static str],
    /// What drops a temporary table, up to its quoted name.
    pub drop_temporary: &'static str,
    /// What ends acting as another role, where `reset_session` doesn't.
    pub reset_role: Option<&'static str>,
    /// What puts away or finishes what a dead statement left half done: by the look at it, what
    /// was there before the statement began, and what is there now.
    pub half_done: Option<Cures>,
    /// What a namespace is beside the connection's own.
    pub namespaces: Namespaces,
    /// How it spells the types of columns.
    pub types: Types,
    /// How it spells the defaults of columns.
    pub defaults: Defaults,
    /// How a column is computed by the database.
    pub generation: Generation,
    /// How a column gets the moment whenever its row is changed.
    pub auto_update: AutoUpdate,
    /// What stands behind the closing parenthesis of `CREATE TABLE`.
    pub table_suffix: &'static str,
    /// What a table can be told that other databases have no word for.
    pub table_options: TableOptions,
    /// What a column can be told that other databases have no word for.
    pub column_options: ColumnOptions,
    /// The sets of characters that texts are written in, where tables and columns have their own.
    pub charsets: Option<Charsets>,
    /// Where the comments of tables and columns stand.
    pub comments: Comments,
    /// How a column is added to a table.
    pub add_column: AddColumn,
    /// How a column is changed.
    pub alter_column: AlterColumn,
    /// How a column is dropped.
    pub drop_column: DropColumn,
    /// How the primary key of a table that is there becomes another one.
    pub alter_primary_key: AlterPrimaryKey,
    /// How a table gets another name.
    pub rename_table: RenameTable,
    /// Where a table goes that is set aside instead of being dropped.
    pub set_aside: SetAside,
    /// How a foreign key of an existing table comes and goes.
    pub foreign_keys: ForeignKeys,
    /// How rows are written that a migration holds.
    pub rows: RowWords,
    /// How another constraint of an existing table comes and goes.
    pub constraints: Constraints,
    /// What a unique constraint is.
    pub uniques: Uniques,
    /// What views it has.
    pub views: Views,
    /// What it does with triggers, functions and procedures.
    pub routines: Routines,
    /// What indexes it has.
    pub indexes: Indexes,
    /// What it makes of what it is told.
    pub keeping: Keeping,
    /// How its catalog is asked.
    pub looking: Looking,
    /// What a refusal says of the object that a statement is about, where it says just that.
    pub existence: fn(&crate::connection::DatabaseError) -> Option<Existence>,
}

/// What a refusal says of the object that a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    /// It is there already.
    There,
    /// It is not there.
    Missing,
}

/// The statements that put away or finish what a dead statement left half done.
pub type Cures = fn(&Dialect, &Look, &[Row], &[Row]) -> Vec<String>;

/// Which names are one that differ only in the case of their letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// None: `Users` and `users` may stand side by side.
    Told,
    /// Those of a table's columns and indexes; tables are told apart, where their files are.
    InTables,
    /// All of them.
    Ignored,
}

/// How long a name may be before the database cuts or refuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongestName {
    /// So many bytes.
    Bytes(usize),
    /// So many characters, each of Unicode's first 65,536 and the last no blank (MySQL's manual,
    /// "Schema Object Names").
    Characters(usize),
    /// No limit.
    Unlimited,
}

/// Whether schema changes can be rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ddl {
    /// They belong to the transaction like rows do.
    Transactional,
    /// Each statement commits what is open, and itself; so each is journalled by itself.
    Autocommit,
}

/// Which signs begin a place for a value, or a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// `$1`; all other signs are operators.
    Numbered,
    /// `?`, `?1`, `:name`, `@name` and `$name`.
    Named,
    /// `?`, and the variables `@name` and `@@name`; a name may begin with a digit or `$`.
    Variables,
}

/// How a database reads SQL text.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, true or not")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lexical {
    /// `'it\'s'`: a backslash escapes in every string.
    pub backslash_escapes: bool,
    /// `E'…'` strings, in which a backslash escapes.
    pub escape_strings: bool,
    /// `$tag$ … $tag$`.
    pub dollar_quotes: bool,
    /// `` `name` ``.
    pub backtick_names: bool,
    /// `[name]`.
    pub bracket_names: bool,
    /// `"…"` is a name; otherwise it is a string.
    pub double_quoted_names: bool,
    /// `/* /* */ */`.
    pub nested_comments: bool,
    /// `# …` to the end of the line.
    pub hash_comments: bool,
    /// `--` begins a comment only before a space, a control character or the end.
    pub dashes_need_space: bool,
    /// `/*! … */` and `/*+ … */` are read as text of the statement.
    pub executable_comments: bool,
    /// `/*M! … */` is read as text of the statement too.
    pub mariadb_comments: bool,
    /// A lone carriage return ends a `--` comment, as a newline does.
    pub return_ends_comment: bool,
    /// A name without quotes is folded to lower case.
    pub folds_names: bool,
    /// Which signs begin a place for a value.
    pub parameters: Parameters,
    /// `KEY name (…)` stands among the columns of `CREATE TABLE`.
    pub keys_in_tables: bool,
    /// `CHARACTER SET` and `COLLATE` can be said of columns of text types only.
    pub collations_of_text: bool,
    /// `DELIMITER //` lines of the client program.
    pub delimiter_command: bool,
    /// `BEGIN ATOMIC … END` bodies of functions.
    pub atomic_bodies: bool,
    /// `BEGIN … END` bodies of triggers, procedures and events.
    pub compound_bodies: bool,
}

/// Whether a cell holds the text that was wanted, where one was; an empty one is none.
fn says(wanted: Option<&Option<String>>, cell: Option<&Option<String>>) -> bool {
    let found = cell.and_then(Option::as_deref).filter(|it| !it.is_empty());
    wanted.is_none_or(|it| it.as_deref() == found)
}

/// Whether a cell with a line for each option (`fillfactor=70`) says what is wanted.
fn options_agree(
    wanted: &BTreeMap<String, Option<String>>,
    cell: Option<&Option<String>>,
    kept: impl Fn(&str, &str) -> Option<String>,
) -> bool {
    let found = |wanted: &str| {
        let lines = cell.and_then(Option::as_deref).unwrap_or_default().lines();
        let mut said = lines.filter_map(|it| it.split_once('='));
        let value = said.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?.1;
        kept(wanted, value)
    };
    wanted.iter().all(|(name, wanted)| found(name) == *wanted)
}

/// What a look says of an object that somebody is working on.
const BEING_BUILT: &str = "being built";

/// What a look says of an object that is there, can't be used, and that nobody is working on.
const UNUSABLE: &str = "unusable";

impl Dialect {
    /// The query that looks at an object in the catalog; it has no rows where there is none.
    pub fn look_query(&self, object: &Object) -> String {
        (self.looking.look)(self, object)
    }

    /// Whether the rows that [`Self::look_query`] returned are those of an object that is as it
    /// should be afterwards.
    pub fn landed(&self, after: &After, rows: &[Row]) -> bool {
        match (after, rows.first()) {
            (After::Absent, row) => row.is_none(),
            (After::Present | After::Column(_) | After::Table(_) | After::Key(_), None) => false,
            (After::Key(columns), Some(_)) => {
                let found = rows.iter().map(|it| it.first().and_then(Option::as_deref));
                let same = |(found, column): (Option<&str>, &String)| {
                    found.is_some_and(|it| it.eq_ignore_ascii_case(column))
                };
                found.len() == columns.len() && found.zip(columns).all(same)
            }
            // What a concurrent build leaves that died: it is there, and yet it isn't.
            (After::Present, Some(row)) => {
                !matches!(row.get(1).and_then(Option::as_deref), Some(UNUSABLE | BEING_BUILT))
            }
            (After::Column(facts), Some(row)) => self.facts_agree(facts, row),
            (After::Table(facts), Some(row)) => {
                let kept = |name: &str, value: &str| self.kept_option(name, value);
                says(facts.comment.as_ref(), row.get(2))
                    && options_agree(&facts.options, row.get(3), kept)
            }
        }
    }

    /// The value of a table's option as it is compared; `None` where it goes without saying, or
    /// where there is no such option.
    pub fn kept_option(&self, name: &str, value: &str) -> Option<String> {
        let same = self.compared_option(Of::Table, name, value)?;
        let usual = self.usual_option(name);
        (!usual.is_some_and(|it| it.eq_ignore_ascii_case(&same))).then_some(same)
    }

    /// The same of an option of a column of this type.
    pub fn kept_column_option(
        &self,
        name: &str,
        value: &str,
        data_type: &ColumnType,
    ) -> Option<String> {
        let same = self.compared_option(Of::Column, name, value)?;
        let usual = (self.column_options.usual)(name, data_type);
        (usual != Some(same.as_str())).then_some(same)
    }

    fn compared_option(&self, of: Of, name: &str, value: &str) -> Option<String> {
        let known = self.databases.iter().find_map(|it| known_option(of, *it, name))?;
        Some(match (known.takes, known.takes.read(value)?) {
            (Takes::Nothing, Setting::Flag(false)) => return None,
            (Takes::Fraction(..), Setting::Text(it)) => it.parse::<f64>().ok()?.to_string(),
            (Takes::Word(_), Setting::Text(it)) => it.to_ascii_lowercase(),
            (Takes::Name, Setting::Text(it)) if self.table_options.folds_names => {
                it.to_ascii_lowercase()
            }
            (_, it) => it.to_string(),
        })
    }

    /// Whether a table is written anew where this option changes.
    pub fn rewrites_for(&self, option: &str) -> bool {
        match self.table_options.said {
            SayOptions::Parameters => {
                matches!(option, "unlogged" | "tablespace" | "access_method")
            }
            SayOptions::Assignments | SayOptions::Words => true,
        }
    }

    /// The value of a table's option that goes without saying, where there is one.
    pub fn usual_option(&self, name: &str) -> Option<&'static str> {
        self.table_options.usual.iter().find(|(it, _)| *it == name).map(|(_, value)| *value)
    }

    fn facts_agree(&self, facts: &ColumnFacts, row: &Row) -> bool {
        let cell = |position: usize| row.get(position).and_then(Option::as_deref);
        let data_type = facts.data_type.as_deref().is_none_or(|wanted| {
            let spelled = self.looking.type_name;
            cell(0).is_some_and(|it| spelled(it) == spelled(wanted))
        });
        let nullable =
            facts.nullable.is_none_or(|wanted| cell(1) == Some(if wanted { "yes" } else { "no" }));
        let default = facts.default.as_ref().is_none_or(|wanted| {
            // A default of null is none at all, and catalogs say it either way.
            let data_type = cell(0).map(self.types.read);
            let spelled = |it: &str| {
                let text = (self.looking.default)(it);
                let kept = |it| (self.keeping.default)(&text, it);
                Some(data_type.as_ref().map_or_else(|| text.clone(), kept))
                    .filter(|it| it != "null")
            };
            cell(2).and_then(spelled) == wanted.as_deref().and_then(spelled)
        });
        let generated = facts.generated.as_ref().is_none_or(|wanted| {
            let spelled = |it: &str| match it.split_once(' ') {
                Some((word, text)) => format!("{word} {}", (self.generation.expression)(text)),
                None => it.to_owned(),
            };
            match (cell(3), wanted.as_deref()) {
                (Some(found), Some(wanted)) => {
                    let clause =
                        wanted.split_once(' ').map(|(word, text)| format!("({text}) {word}"));
                    // SQLite tells it in the text of the whole table only.
                    spelled(found) == spelled(wanted)
                        || clause.is_some_and(|it| found.contains(&it.replace('"', "")))
                }
                (found, wanted) => found.is_none() && wanted.is_none(),
            }
        });
        let comment = says(facts.comment.as_ref(), row.get(4));
        let values =
            facts.values.as_ref().is_none_or(|wanted| match (cell(5), wanted.as_deref()) {
                (Some(found), Some(wanted)) => found.starts_with(wanted),
                (found, wanted) => found.is_none() && wanted.is_none(),
            });
        let collation = facts.collation.as_ref().is_none_or(|wanted| {
            let kept = |it| cell(it).and_then(self.keeping.collation);
            match wanted {
                Some(wanted) => kept(6).as_deref() == Some(wanted),
                // What holds no texts any more has none at all.
                None => kept(6).is_none() || kept(6) == kept(7),
            }
        });
        let identity = facts.identity.as_ref().is_none_or(|it| cell(8) == it.as_deref());
        // Which values go without saying the catalog's answer knows.
        let kept = |name: &str, value: &str| self.compared_option(Of::Column, name, value);
        let options = options_agree(&facts.options, row.get(9), kept);
        let said = comment && values && collation && identity && options;
        data_type && nullable && default && generated && said
    }

    /// The queries that read a table as it stands in the database.
    pub fn live_queries(&self, table: &Name) -> Vec<String> {
        (self.looking.live)(self, table)
    }

    /// Refuses a name that the database would cut or refuse, with the reason.
    pub fn check_name(&self, name: &str) -> Result<(), Unsupported> {
        let (longest, length, unit) = match self.longest_name {
            LongestName::Bytes(longest) => (longest, name.len(), "bytes"),
            LongestName::Characters(longest) => (longest, name.chars().count(), "characters"),
            LongestName::Unlimited => return Ok(()),
        };
        if matches!(self.longest_name, LongestName::Characters(_)) {
            let refused = |why: String| {
                let because = format!("{} takes no name {why}; choose another one", self.product);
                Err(Unsupported::new(format!("the name `{name}`"), because))
            };
            if let Some(high) = name.chars().find(|it| *it > '\u{ffff}') {
                return refused(format!("with `{high}` in it"));
            }
            if name.ends_with(' ') {
                return refused("with a blank at its end".to_owned());
            }
        }
        if length <= longest {
            return Ok(());
        }
        Err(Unsupported::new(
            format!("the name `{name}`"),
            format!(
                "{} keeps {longest} {unit} of a name and this one has {length}; shorten it",
                self.product
            ),
        ))
    }

    /// The type that a column of `data_type` has here: where it is spelled out for this database,
    /// the type that the spelling means.
    pub fn own_type<'a>(&self, data_type: &'a ColumnType) -> Cow<'a, ColumnType> {
        match data_type {
            ColumnType::Spelled { of, spelled } => match self.text(spelled) {
                Some(text) => Cow::Owned((self.types.read)(text)),
                None => self.own_type(of),
            },
            other => Cow::Borrowed(other),
        }
    }

    /// The type as it stands in a definition; two types that are spelled alike are one here.
    pub fn type_text(&self, data_type: &ColumnType) -> Result<String, Unsupported> {
        (self.types.name)(&self.own_type(data_type))
    }

    /// Which text of `texts` is meant for this database.
    pub fn text<'a>(&self, texts: &'a crate::schema::PerDatabase) -> Option<&'a str> {
        texts.text(self.databases.iter().copied())
    }

    /// The dialect called `name`, or by one of its aliases.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|it| {
            it.name.eq_ignore_ascii_case(name)
                || it.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
        })
    }

    /// The dialect of a server that calls itself `product`.
    pub fn of_product(product: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|it| it.product == product)
    }

    /// Where rows without a value stand in an index, unless something else is said.
    pub fn own_nulls(&self, direction: Direction) -> Nulls {
        if (direction == Direction::Ascending) == self.indexes.null_is_greatest {
            Nulls::Last
        } else {
            Nulls::First
        }
    }

    /// The statements that put away what a dead statement left where `look` looks, or finish it:
    /// by what was there before it began, and what is there now.
    pub fn cures(&self, look: &Look, before: &[Row], now: &[Row]) -> Vec<String> {
        self.half_done.map(|cures| cures(self, look, before, now)).unwrap_or_default()
    }

    /// `name` as this database wants it written: quoted, always.
    pub fn quote(&self, name: &str) -> String {
        let (open, close) = self.quotes;
        let mut quoted = String::with_capacity(name.len() + 2);
        quoted.push(open);
        for (part, letters) in name.split(close).enumerate() {
            if part > 0 {
                quoted.extend([close, close]);
            }
            quoted.push_str(letters);
        }
        quoted.push(close);
        quoted
    }

    /// `text` as a string literal: the one place where a value enters SQL text.
    ///
    /// Standard strings double the quote; MySQL's default mode reads backslashes too (manual,
    /// "String Literals").
    pub fn literal(&self, text: &str) -> String {
        let text = text.replace('\'', "''");
        if self.lexical.backslash_escapes {
            format!("'{}'", text.replace('\\', "\\\\"))
        } else {
            format!("'{text}'")
        }
    }

    /// `text` as a literal that means the same whatever a script has told its session of
    /// backslashes (MySQL's mode `NO_BACKSLASH_ESCAPES`): one that has any is written in bytes.
    pub fn verbatim(&self, text: &str) -> String {
        if !self.lexical.backslash_escapes || !text.contains('\\') {
            return self.literal(text);
        }
        let mut bytes = String::with_capacity(text.len() * 2);
        for byte in text.bytes() {
            let _ = write!(bytes, "{byte:02x}");
        }
        format!("_utf8mb4 x'{bytes}'")
    }

    /// A table's name with its namespace, if it has one.
    pub fn quote_name(&self, name: &Name) -> String {
        match &name.namespace {
            Some(namespace) => format!("{}.{}", self.quote(namespace), self.quote(&name.name)),
            None => self.quote(&name.name),
        }
    }

    /// Names in a row: `"a", "b"`.
    pub fn quote_all<'a>(&self, names: impl IntoIterator<Item = &'a String>) -> String {
        let mut quoted = String::new();
        for name in names {
            if !quoted.is_empty() {
                quoted.push_str(", ");
            }
            quoted.push_str(&self.quote(name));
        }
        quoted
    }
}

fn unknown_type(data_type: &ColumnType) -> Unsupported {
    Unsupported::new(
        format!("the type {data_type}"),
        "it stands for another type, which is to be put in its place first",
    )
}

/// A type as a database writes it, in lower case and with single spaces: its words before the
/// parentheses, the numbers in them, and the words behind.
pub(crate) fn taken_apart(spelled: &str) -> (String, Vec<u32>, String) {
    let text = spelled.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let Some((before, rest)) = text.split_once('(') else { return (text, vec![], String::new()) };
    let Some((inside, behind)) = rest.split_once(')') else { return (text, vec![], String::new()) };
    let numbers: Result<Vec<u32>, _> = inside.split(',').map(|it| it.trim().parse()).collect();
    match numbers {
        Ok(numbers) => (before.trim_end().to_owned(), numbers, behind.trim().to_owned()),
        Err(_) => (text, vec![], String::new()),
    }
}

/// Whether SQL text is one literal: a number, a string, `NULL`, `TRUE`, `FALSE`.
pub(crate) fn is_constant(expression: &str) -> bool {
    let text = expression.trim();
    let word = ["null", "true", "false"].iter().any(|it| it.eq_ignore_ascii_case(text));
    word || is_number(text) || is_string(text)
}

/// Whether SQL text is a number: `-12`, `0.10`, `1e3`.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|it: char| it.is_ascii_digit() || it == '.')
        && digits.ends_with(|it: char| it.is_ascii_digit())
        && digits.parse::<f64>().is_ok()
}

fn is_string(text: &str) -> bool {
    let inner = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    inner.is_some_and(|it| !it.replace("''", "").contains(['\'', '\\']))
}
