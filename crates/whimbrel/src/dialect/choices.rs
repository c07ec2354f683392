//! The behaviours among which each dialect chooses; whoever writes SQL asks for the choice.

use super::{BuiltIn, Dialect, InformationSchema, Object, Unsupported};
use crate::{
    connection::Version,
    schema::{Action, ColumnType, Name},
};

/// How a database spells the types of columns.
#[derive(Clone, Copy, Debug)]
pub struct Types {
    /// The type as it stands in a definition; two types that are spelled alike are one here.
    pub name: fn(&ColumnType) -> Result<String, Unsupported>,
    /// The type that a spelling means, as a definition or the catalog writes it; one that there is
    /// no word for is [`ColumnType::Other`]. What `name` spells is read as the type that this
    /// database makes of it: SQLite's `TEXT` is `text`, also where it was written for a `uuid`.
    pub read: fn(&str) -> ColumnType,
    /// What an enum is.
    pub enums: Enums,
    /// How a column is numbered by the database.
    pub numbering: Numbering,
    /// Why a column of this type can't have a collation, where it can't and the type is one of text
    /// elsewhere.
    pub no_collation: fn(&ColumnType) -> Option<&'static str>,
    /// How a column is numbered whose type doesn't say so.
    pub identities: Identities,
    /// Whether a column of this type is `NOT NULL` by itself on some servers, so that `NULL` is
    /// to be said.
    pub says_null: fn(&ColumnType) -> bool,
    /// The expression that turns values of the first type into the second, where the database
    /// doesn't convert by itself; its first argument is the quoted column.
    pub conversion: fn(&str, &ColumnType, &ColumnType) -> Option<String>,
}

/// What an enum is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enums {
    /// A type of its own, with a name.
    Types,
    /// The type of each column, with all its values: `ENUM('new', 'paid')`.
    Inline,
    /// A text with a condition at the column that lists the values, in a constraint that is called
    /// like the enum.
    Checks,
}

/// What a namespace is beside the connection's own.
#[derive(Clone, Copy, Debug)]
pub enum Namespaces {
    /// A part of the database, which is dropped only while nothing is in it: `CREATE SCHEMA`.
    Schemas,
    /// A database of the same server, which goes with all that is in it: `CREATE DATABASE`.
    Databases {
        /// The query that lists what is in one, in words.
        inside: fn(&Dialect, &str) -> String,
    },
    /// There is none.
    Unsupported {
        /// Why, and what to do.
        because: &'static str,
    },
}

/// How a column is numbered by the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// Its type says so, in any column.
    ByType,
    /// Its type says so, but only in the first column of a key, and no check may speak of it: the
    /// number comes after checks were looked at (MySQL's error 3818, MariaDB's 1901).
    InKey,
    /// The table's only key column is written as `INTEGER PRIMARY KEY AUTOINCREMENT`.
    AsKey,
}

/// How a column is numbered whose type doesn't say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identities {
    /// By a sequence of its own: `GENERATED … AS IDENTITY`.
    Sequence,
    /// As one whose type says so.
    AsNumbered {
        /// Why a row can't be kept from bringing a number of its own.
        no_always: &'static str,
        /// Why numbers go up by 1.
        no_increment: &'static str,
    },
}

/// How a database spells the defaults of columns.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// False and true.
    pub booleans: [&'static str; 2],
    /// An expression as it may stand behind `DEFAULT` without parentheses in a column of this
    /// type; `None` where it needs them.
    pub bare: fn(&str, &ColumnType) -> Option<String>,
    /// Functions that it refuses in the default of a column that is added to a table, as its
    /// replicas would find other values.
    pub unlogged: &'static [&'static str],
    /// What it has for a default that every database knows.
    pub built_in: fn(BuiltIn, &ColumnType) -> String,
}

/// How a column gets the moment whenever its row is changed.
#[derive(Clone, Copy, Debug)]
pub enum AutoUpdate {
    /// Its definition says so: `ON UPDATE …` for this type; `None` where the type can't.
    Clause(fn(&ColumnType) -> Option<String>),
    /// A trigger with a function of its own, before the row is written.
    Function,
    /// A trigger that writes the row again.
    Trigger,
}

/// How a column is computed by the database.
#[derive(Clone, Copy, Debug)]
pub struct Generation {
    /// Why its values can't be computed when they are read, where they can't.
    pub no_virtual: Option<&'static str>,
    /// Why it can't be `NOT NULL`, where it can't.
    pub always_nullable: Option<&'static str>,
    /// Whether a column that others are computed from gets another name only together with them.
    pub tied_names: bool,
    /// Whether a column keeps its type while others are computed from it.
    pub pins_types: bool,
    /// An expression, written so that equal texts are equal expressions.
    pub expression: fn(&str) -> String,
}

/// Where the comments of tables and columns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// In statements of their own: `COMMENT ON …`.
    Statement,
    /// In the definitions, of so many characters at the most.
    InDefinition {
        /// The longest of a column.
        column: usize,
        /// The longest of a table.
        table: usize,
    },
    /// Nowhere: they are left out.
    LeftOut,
}

/// What a table can be told that other databases have no word for.
#[derive(Clone, Copy, Debug)]
pub struct TableOptions {
    /// How it is told.
    pub said: SayOptions,
    /// The values that go without saying, by the names of the options.
    pub usual: &'static [(&'static str, &'static str)],
    /// What the catalog says of tables that nobody has told so.
    pub unsaid: &'static [&'static str],
    /// Whether the names that are values may be written in any case.
    pub folds_names: bool,
    /// The options that only newer servers change of a table that is there, and since when.
    pub since: &'static [(&'static str, Version)],
}

/// What a column can be told that other databases have no word for.
#[derive(Clone, Copy, Debug)]
pub struct ColumnOptions {
    /// How it is told.
    pub said: SayColumnOptions,
    /// The value of an option that goes without saying of a column of this type.
    pub usual: fn(&str, &ColumnType) -> Option<&'static str>,
    /// Why a column of this type can't be told so: the option, its value, the type.
    pub refused: fn(&str, &str, &ColumnType) -> Option<&'static str>,
    /// The options that only newer servers have, and since when.
    pub since: &'static [(&'static str, Version)],
}

/// How a column is told its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SayColumnOptions {
    /// By `ALTER COLUMN c SET …`, also of a table that was just made.
    Clauses,
    /// Not at all: it has none.
    Nowhere,
}

/// The sets of characters that texts are written in, each with collations of its own.
#[derive(Clone, Copy, Debug)]
pub struct Charsets {
    /// The collation of a set where none is named.
    pub usual_collation: fn(&str) -> String,
    /// The set of a collation.
    pub of_collation: fn(&str) -> &str,
    /// Whether values of a type, as a definition spells it, are texts in such a set.
    pub writes: fn(&str) -> bool,
}

/// How a table is told its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SayOptions {
    /// Storage parameters in `WITH (…)`, `UNLOGGED` and `TABLESPACE`, and by `SET` and `RESET`.
    Parameters,
    /// `ENGINE=InnoDB ROW_FORMAT=DYNAMIC`, in a definition and behind `ALTER TABLE`.
    Assignments,
    /// `STRICT, WITHOUT ROWID` behind a definition, and by building the table anew.
    Words,
}

/// How a column is added to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddColumn {
    /// By `ALTER TABLE`, whatever the column.
    Clause,
    /// By `ALTER TABLE` where existing rows need no computed value and no check, and else by
    /// building the table anew.
    ClauseOrRebuild,
}

/// How a column is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterColumn {
    /// By `ALTER COLUMN` clauses that each say one thing.
    Clauses,
    /// By saying the whole column again, from what it is in the database.
    Restate,
    /// By building the table anew.
    Rebuild,
}

/// How a column is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropColumn {
    /// By `ALTER TABLE`.
    Clause,
    /// By building the table anew, which keeps what else its definition says.
    Rebuild,
}

/// How the primary key of a table that is there becomes another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterPrimaryKey {
    /// As a constraint, which goes by its name.
    Constraint,
    /// `DROP PRIMARY KEY` and `ADD PRIMARY KEY`.
    Clauses,
    /// By building the table anew.
    Rebuild,
}

/// How a table gets another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenameTable {
    /// `RENAME TABLE a TO b`, also into another namespace.
    Statement,
    /// `ALTER TABLE a RENAME TO b` and `ALTER TABLE b SET SCHEMA n`.
    RenameAndSetSchema,
    /// `ALTER TABLE a RENAME TO b`, within its namespace.
    Rename,
}

/// Where a table goes that is set aside instead of being dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetAside {
    /// Into a namespace of its own, with everything that hangs on it: all names are free again.
    Namespace,
    /// To another name. Names of indexes belong to the table; foreign keys, whose names do not,
    /// are dropped and come again.
    Name,
    /// Its rows to a table of another name; itself it goes, and is made again from its own text.
    Copy,
}

/// How a foreign key of an existing table comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignKeys {
    /// `ADD CONSTRAINT`, and these words before its name to drop it.
    Clauses {
        /// `DROP CONSTRAINT`, `DROP FOREIGN KEY`.
        drop: &'static str,
        /// Why `ON DELETE SET DEFAULT` can't be had, where it can't.
        no_set_default: Option<&'static str>,
        /// Why looking at a key can't be put off to the end of the transaction, where it can't.
        no_deferral: Option<&'static str>,
        /// Whether both ends of a key keep their types while the key is there.
        pins_types: bool,
        /// Whether a key rests on one index of those over the columns it points at, so that just
        /// this one can't go while the key is there.
        pins_index: bool,
    },
    /// By building the table anew.
    Rebuild,
}

/// How rows are written that a migration holds.
#[derive(Clone, Copy, Debug)]
pub struct RowWords {
    /// How a row is added, or changed where its key is there.
    pub upserting: Upserting,
    /// Bytes as a literal, from hexadecimal digits.
    pub bytes: fn(&str) -> String,
    /// The text of a quoted column of this type, as a migration writes it; bytes digit by digit.
    pub shown: fn(&str, &ColumnType) -> String,
    /// How values are kept in a text.
    pub packing: Packing,
    /// What keeps others from writing to a quoted table until the transaction ends, where reading
    /// the rows of some keys doesn't keep them from adding those that aren't there.
    pub hold: Option<fn(&str) -> String>,
    /// What is said before and behind statements in which 0 is to be a number like any other, where a
    /// numbered column takes it for a wish for the next one.
    pub zero: Option<[&'static str; 2]>,
}

/// How a row is added, or changed where its key is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserting {
    /// `ON CONFLICT (key) DO UPDATE`.
    OnConflict,
    /// `ON DUPLICATE KEY UPDATE`, which takes whichever unique key a row meets.
    OnDuplicateKey,
}

/// How values of any type are kept in a text, and come out of it as they were.
#[derive(Clone, Copy, Debug)]
pub enum Packing {
    /// As a JSON object, which `json_populate_record` reads as a row of the table.
    Record,
    /// As a JSON array of texts.
    List {
        /// The text of a quoted column of this type.
        pack: fn(&str, &ColumnType) -> String,
        /// The value at this position of an array, for a column of this type.
        unpack: fn(&str, usize, &ColumnType) -> String,
        /// Whether other tables are joined before `SET`, and not behind `FROM`.
        joined: bool,
    },
}

/// How a constraint that is no foreign key comes to an existing table, and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraints {
    /// `ADD CONSTRAINT` and `DROP CONSTRAINT`.
    Clauses {
        /// Whether a column that gets another name keeps it in the checks that speak of it;
        /// otherwise the name can't be changed while they are there.
        follow_renames: bool,
        /// Whether no two tables of a namespace may have a check of one name.
        shared_names: bool,
        /// `RENAME CONSTRAINT`; otherwise one goes and comes again under its new name.
        renamed: bool,
    },
    /// By building the table anew.
    Rebuild,
}

/// What a unique constraint is.
#[derive(Clone, Copy, Debug)]
pub struct Uniques {
    /// Whether it is a unique index and nothing beside.
    pub are_indexes: bool,
    /// Why looking at it can't be put off to the end of the transaction, where it can't.
    pub no_deferral: Option<&'static str>,
    /// Why nulls can't count as equal, where they can't.
    pub no_equal_nulls: Option<&'static str>,
}

/// What views a database has.
#[derive(Clone, Copy, Debug)]
pub struct Views {
    /// How one gets another query.
    pub alter: AlterView,
    /// Why the rows of one can't be kept, where they can't.
    pub no_rows: Option<&'static str>,
    /// Whether a query is kept as it was written, and understood only when the view is read.
    pub as_written: bool,
}

/// How a view gets another query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterView {
    /// `CREATE OR REPLACE VIEW`.
    Replace,
    /// `CREATE OR REPLACE VIEW` where it has the columns that it had before its others, and else by
    /// dropping and creating it.
    ReplaceWithColumns,
    /// By dropping and creating it.
    Anew,
}

/// What indexes a database has.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, true or not")]
#[derive(Clone, Copy, Debug)]
pub struct Indexes {
    /// Whether they stand in `CREATE TABLE`, so that a table never lacks them.
    pub in_create_table: bool,
    /// Whether their names belong to the table, and not to its namespace.
    pub of_table: bool,
    /// Where `USING method` stands, or why it doesn't.
    pub methods: Methods,
    /// How one gets another name.
    pub rename: RenameIndex,
    /// Why an index of some rows only can't be had, where it can't.
    pub no_filter: Option<&'static str>,
    /// Why a column of this type can't be indexed, as a whole or in this part, where it can't.
    pub refused: fn(&ColumnType, Option<u32>) -> Option<&'static str>,
    /// Why an expression can't be indexed, where it can't.
    pub no_expressions: Option<&'static str>,
    /// Why only the beginning of each value can't be indexed, where it can't.
    pub no_prefix: Option<&'static str>,
    /// Why a part can't have a collation of its own, where it can't.
    pub no_collation: Option<&'static str>,
    /// Why a part can't have an operator class, where it can't.
    pub no_operator_class: Option<&'static str>,
    /// Whether null counts as more than all values, and not as less.
    pub null_is_greatest: bool,
    /// Why nulls can't stand at the other end, where they can't.
    pub no_nulls: Option<&'static str>,
    /// Why an index can't carry columns along, where it can't.
    pub no_include: Option<&'static str>,
    /// Why nulls can't count as equal, where they can't.
    pub no_equal_nulls: Option<&'static str>,
    /// Whether a column keeps its name while an indexed expression speaks of it, so that the index
    /// has to go and to come again.
    pub expressions_pin_names: bool,
}

/// How an index gets another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenameIndex {
    /// `ALTER INDEX a RENAME TO b`.
    Statement,
    /// `ALTER TABLE t RENAME INDEX a TO b`.
    InTable,
    /// By making it again under the new name and dropping the old one.
    Anew,
}

/// Where an index's method stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Methods {
    /// Before its columns; any word, as extensions bring their own.
    BeforeColumns,
    /// Behind its columns; one of these words.
    BehindColumns(&'static [&'static str]),
    /// Nowhere, as there is only this one.
    One(&'static str),
}

/// What a database makes of what it is told, as far as its catalog later says something else.
#[derive(Clone, Copy, Debug)]
pub struct Keeping {
    /// The method that an index has which was made with this one, or without one; `None` for the
    /// usual one.
    pub method: fn(Option<&str>) -> Option<String>,
    /// A condition, written so that equal texts are equal conditions.
    pub condition: fn(&str) -> String,
    /// An expression in an index, written so that equal texts are equal expressions.
    pub expression: fn(&str) -> String,
    /// The collation of a column or of an index's part as it is kept; `None` where it goes without
    /// saying.
    pub collation: fn(&str) -> Option<String>,
    /// The collation that a column has that says none, where it has a name.
    pub usual_collation: &'static str,
    /// The operator class of an index's part as it is kept; `None` where it goes without saying.
    pub operator_class: fn(&str) -> Option<String>,
    /// A default as [`Looking::default`] writes it, as a column of this type keeps it.
    pub default: fn(&str, &ColumnType) -> String,
    /// What a foreign key does that was told to do this.
    pub action: fn(Action) -> Action,
    /// Whether a foreign key makes an index of its own name over its columns where there is none
    /// that begins with them.
    pub foreign_key_index: bool,
    /// A name as it is kept.
    pub name: fn(&str) -> String,
}

impl Keeping {
    /// Everything is kept as it was said, and an index without a method is a `btree`.
    pub const AS_SAID: Self = Self {
        method: |it| it.map(str::to_ascii_lowercase).filter(|it| it != "btree"),
        condition: |it| it.split_whitespace().collect::<Vec<_>>().join(" "),
        expression: |it| it.split_whitespace().collect::<Vec<_>>().join(" "),
        collation: |it| Some(it.to_owned()),
        usual_collation: "",
        operator_class: |it| Some(it.to_owned()),
        default: |it, _| it.to_owned(),
        action: |it| it,
        foreign_key_index: false,
        name: str::to_owned,
    };
}

/// How a database's catalog is asked.
#[derive(Clone, Copy, Debug)]
pub struct Looking {
    /// The query that looks at an object: no row where there is none. A column's row holds its
    /// type, `yes` or `no` for whether it is nullable, its default, what it is computed from, its
    /// comment, what its definition says of its values, its collation and the usual one; a table's row has
    /// its comment as the third.
    pub look: fn(&Dialect, &Object) -> String,
    /// A type as the catalog spells it, written so that equal texts are equal types.
    pub type_name: fn(&str) -> String,
    /// A default as the catalog spells it, written so that equal texts are equal defaults.
    pub default: fn(&str) -> String,
    /// The queries that read a table as it stands, for changes that start from there.
    pub live: fn(&Dialect, &Name) -> Vec<String>,
    /// The query for how many rows the catalog thinks that a table has; nothing is counted.
    pub estimate: fn(&Dialect, &Name) -> String,
    /// The query for what ties a table to others and isn't told by `live`. Its rows: `points` for
    /// a foreign key of the table, `own` for one that points at the table itself, `pointed` for
    /// one of another table that points at it, `check` for a check of the table; the namespace and the name of the table that has it; its name;
    /// its columns as a JSON array; and its text behind `ADD`.
    pub ties: fn(&Dialect, &Name) -> String,
    /// The query for the tables that no transaction covers, where there can be any. Its rows: the
    /// namespace, the name, and `1` where an unqualified name means this namespace.
    pub uncovered: Option<&'static str>,
    /// The queries for what may write to these unseen: their rows begin alike, with the namespace and
    /// the name of a view, of a table with a trigger or of a function, and end with its text.
    pub speaking: &'static [&'static str],
    /// How its `information_schema` is asked, where it has the one of MySQL's family.
    pub information_schema: Option<InformationSchema>,
}
