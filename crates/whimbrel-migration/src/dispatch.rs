//! The builder, callable by name: what the interpreter of migration files stands on.
//!
//! The table [`ENTRIES`] comes from the same text as the functions themselves, so a file means
//! the same whether rustc compiles it or whimbrel interprets it.

use std::fmt;

use crate::{
    Action, Backfill, Cell, Cells, Changes, Column, ColumnChange, ColumnOption, ColumnType,
    Database, DefaultValue, Failure, Identity, Index, IndexColumn, IndexColumns, Migration, Name,
    Names, Parents, PerDatabase, Reference, Row, Rows, Run, Script, SharedOption, Sql, Table,
    TableChange, TableOption, Unique, Upsert,
    builder::PARTS,
    rows::WIDEST_TUPLE,
    run::{Program, Values},
};

/// Everything that a migration file can call.
pub const ENTRIES: &[Entry] = &joined::<{ length() }>();

const fn length() -> usize {
    let (mut part, mut length) = (0, 0);
    while part < PARTS.len() {
        length += PARTS[part].len();
        part += 1;
    }
    length
}

const fn joined<const N: usize>() -> [Entry; N] {
    let mut all = [PARTS[0][0]; N];
    let (mut part, mut to) = (0, 0);
    while part < PARTS.len() {
        let mut from = 0;
        while from < PARTS[part].len() {
            all[to] = PARTS[part][from];
            from += 1;
            to += 1;
        }
        part += 1;
    }
    all
}

/// A function of the builder, or a method of one of its types.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The type whose method it is; `None` for a free function.
    pub receiver: Option<&'static str>,
    /// The function's name; `Migration::after` is a free function of that whole name.
    pub name: &'static str,
    /// Its parameters without the receiver: name and type, as the reference page shows them.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The type it returns.
    pub returns: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Calls it. The receiver, where there is one, is the first argument.
    pub call: fn(Vec<Value>) -> Result<Object, Refused>,
}

/// A value that a migration file can hand to the builder.
#[expect(
    clippy::large_enum_variant,
    reason = "a file has few values at a time, most of them objects"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer of any width.
    Integer(i128),
    /// A truth value.
    Boolean(bool),
    /// An array or a vector.
    List(Vec<Value>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A value of the builder's own types.
    Object(Object),
    /// Code for a data migration.
    Program(Program),
}

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The wrong number of arguments.
    Arity {
        /// How many are wanted, without the receiver.
        wanted: usize,
    },
    /// An argument that isn't what is wanted there.
    Argument {
        /// Its position, counted from 0 with the receiver, where there is one, as the first.
        position: usize,
        /// What is wanted there, in the user's words.
        wanted: &'static str,
        /// What was found.
        found: String,
    },
}

macro_rules! objects {
    ($($name:ident),* $(,)?) => {
        /// A value of one of the builder's own types.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Object {
            $(#[doc = concat!("A `", stringify!($name), "`.")] $name($name),)*
        }

        impl Object {
            /// The name of its type.
            pub fn type_name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }
        }

        $(
            impl From<$name> for Object {
                fn from(it: $name) -> Self {
                    Self::$name(it)
                }
            }
        )*

        /// The names of the builder's types, as a file may write them.
        pub const TYPES: &[&str] = &[$(stringify!($name),)* "Db"];
    };
}

objects!(
    Action,
    Backfill,
    Cell,
    Changes,
    Column,
    ColumnChange,
    ColumnOption,
    ColumnType,
    Database,
    DefaultValue,
    Failure,
    Identity,
    Index,
    IndexColumn,
    Migration,
    Name,
    PerDatabase,
    Reference,
    Row,
    Rows,
    Run,
    Script,
    SharedOption,
    Sql,
    Table,
    TableChange,
    TableOption,
    Unique,
    Upsert,
);

/// The values that a file may name without a path: `Cascade`, `Postgres`, ….
pub fn constant(name: &str) -> Option<Object> {
    let action = Action::ALL.into_iter().find(|it| format!("{it:?}") == name).map(Object::Action);
    action.or_else(|| {
        Database::ALL.into_iter().find(|it| format!("{it:?}") == name).map(Object::Database)
    })
}

impl fmt::Display for Value {
    /// What it is, for "found …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("a string"),
            Self::Integer(value) => write!(f, "the integer {value}"),
            Self::Boolean(_) => f.write_str("a bool"),
            Self::List(_) => f.write_str("a list"),
            Self::Tuple(_) => f.write_str("a tuple"),
            Self::Object(object) => write!(f, "a `{}`", object.type_name()),
            Self::Program(_) => f.write_str("a closure"),
        }
    }
}

/// What a parameter takes when a file is interpreted; `Argument` says the same to rustc.
pub(crate) trait Accept: Sized {
    const WANTED: &'static str;
    fn accept(value: Value) -> Result<Self, Value>;
}

pub(crate) fn take<T: Accept>(
    arguments: &mut impl Iterator<Item = Value>,
    position: usize,
) -> Result<T, Refused> {
    let value = arguments.next().expect("the number of arguments was checked");
    T::accept(value).map_err(|found| Refused::Argument {
        position,
        wanted: T::WANTED,
        found: found.to_string(),
    })
}

impl Accept for u32 {
    const WANTED: &'static str = "a whole number from 0 to 4294967295";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Integer(number) => Self::try_from(number).map_err(|_| value),
            other => Err(other),
        }
    }
}

impl Accept for i64 {
    const WANTED: &'static str = "a whole number of 64 bits";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Integer(number) => Self::try_from(number).map_err(|_| value),
            other => Err(other),
        }
    }
}

impl Accept for bool {
    const WANTED: &'static str = "`true` or `false`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Boolean(value) => Ok(value),
            other => Err(other),
        }
    }
}

impl Accept for String {
    const WANTED: &'static str = "a string";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(other),
        }
    }
}

impl Accept for Name {
    const WANTED: &'static str = "a name: a string, or `qualified(\"namespace\", \"name\")`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Text(text) => Ok(text.into()),
            Value::Object(Object::Name(name)) => Ok(name),
            other => Err(other),
        }
    }
}

fn texts(value: Value) -> Result<Vec<String>, Value> {
    match value {
        Value::Text(text) => Ok(vec![text]),
        Value::List(values) if values.iter().all(|it| matches!(it, Value::Text(_))) => {
            values.into_iter().map(String::accept).collect()
        }
        other => Err(other),
    }
}

impl Accept for Names {
    const WANTED: &'static str = "one name or several: \"a\" or [\"a\", \"b\"]";
    fn accept(value: Value) -> Result<Self, Value> {
        texts(value).map(Self)
    }
}

impl Accept for Parents {
    const WANTED: &'static str = "one migration or several: \"0001_a\" or [\"0002_b\", \"0002_c\"]";
    fn accept(value: Value) -> Result<Self, Value> {
        texts(value).map(Self)
    }
}

impl Accept for IndexColumns {
    const WANTED: &'static str =
        "a column or several: \"a\", [\"a\", \"b\"] or [asc(\"a\"), desc(\"b\")]";
    fn accept(value: Value) -> Result<Self, Value> {
        let one = |value| match value {
            Value::Text(name) => Ok(crate::asc(name)),
            Value::Object(Object::IndexColumn(column)) => Ok(column),
            other => Err(other),
        };
        match value {
            Value::List(values) => {
                let same = values.windows(2).all(|pair| {
                    matches!(pair[0], Value::Text(_)) == matches!(pair[1], Value::Text(_))
                });
                if same {
                    values.into_iter().map(one).collect::<Result<_, _>>().map(Self)
                } else {
                    Err(Value::List(values))
                }
            }
            single => one(single).map(|it| Self(vec![it])),
        }
    }
}

impl Accept for Column {
    const WANTED: &'static str = "a column: a type such as `text()`, with what else is to be said";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(Object::Column(column)) => Ok(column),
            Value::Object(Object::ColumnType(data_type)) => Ok(data_type.into()),
            other => Err(other),
        }
    }
}

impl Accept for DefaultValue {
    const WANTED: &'static str = "a default: a string, an integer, a bool, `sql(…)`, `on(…)`, `named(…)`, `now()` or `new_uuid()`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Text(text) => Ok(Self::Text(text)),
            Value::Integer(number) => i64::try_from(number).map(Self::Integer).map_err(|_| value),
            Value::Boolean(value) => Ok(Self::Boolean(value)),
            Value::Object(Object::Sql(sql)) => Ok(Self::Sql(PerDatabase::all(sql.0))),
            Value::Object(Object::PerDatabase(texts)) => Ok(Self::Sql(texts)),
            Value::Object(Object::DefaultValue(default)) => Ok(default),
            other => Err(other),
        }
    }
}

impl Accept for Cell {
    const WANTED: &'static str = "a value: a string, an integer, a bool, `null()`, `hex(…)`, `sql(…)`, `on(…)`, `named(…)`, `now()` or `new_uuid()`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(Object::Cell(cell)) => Ok(cell),
            other => DefaultValue::accept(other).map(Self::Value),
        }
    }
}

impl Accept for Cells {
    const WANTED: &'static str =
        "a row: a tuple of up to 24 values, or a list such as [value(\"AU\"), value(1), null()]";
    fn accept(value: Value) -> Result<Self, Value> {
        let values = match &value {
            Value::List(values) => values.clone(),
            Value::Tuple(values) if values.len() <= WIDEST_TUPLE => values.clone(),
            _ => return Err(value),
        };
        let cells: Result<_, _> = values.into_iter().map(Cell::accept).collect();
        cells.map(Self).map_err(|_| value)
    }
}

impl Accept for Values {
    const WANTED: &'static str = "the values of its `?`: a tuple of up to 24 such as `(name, 1)`, a list of values of one type, or `()`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Tuple(values) if values.is_empty() => Ok(Self(vec![])),
            other => Cells::accept(other).map(|it| Self(it.0)),
        }
    }
}

impl Accept for Reference {
    const WANTED: &'static str = "a table: its name, or `to(…)`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(Object::Reference(reference)) => Ok(reference),
            other => Name::accept(other).map(crate::to),
        }
    }
}

impl Accept for PerDatabase {
    const WANTED: &'static str = "SQL: a string, `sql(…)` or `on(…)`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Text(text) => Ok(Self::all(text)),
            Value::Object(Object::Sql(sql)) => Ok(Self::all(sql.0)),
            Value::Object(Object::PerDatabase(texts)) => Ok(texts),
            other => Err(other),
        }
    }
}

impl Accept for Script {
    const WANTED: &'static str = "SQL: a string, `sql(…)` or `on(…)`, with its undo";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(Object::Script(script)) => Ok(script),
            other => PerDatabase::accept(other).map(Self::of),
        }
    }
}

impl Accept for Program {
    const WANTED: &'static str = "a closure over the database: `|db| { … Ok(()) }`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Program(program) => Ok(program),
            other => Err(other),
        }
    }
}

impl Accept for TableOption {
    const WANTED: &'static str = "an option of a table, such as `postgres::fillfactor(70)`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(Object::TableOption(it)) => Ok(it),
            Value::Object(Object::SharedOption(it)) => Ok(it.into()),
            other => Err(other),
        }
    }
}

impl Accept for ColumnOption {
    const WANTED: &'static str = "an option of a column, such as `postgres::storage(\"external\")`";
    fn accept(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(Object::ColumnOption(it)) => Ok(it),
            Value::Object(Object::SharedOption(it)) => Ok(it.into()),
            other => Err(other),
        }
    }
}

macro_rules! accept_itself {
    ($($name:ident: $wanted:literal),* $(,)?) => {
        $(
            impl Accept for $name {
                const WANTED: &'static str = $wanted;
                fn accept(value: Value) -> Result<Self, Value> {
                    match value {
                        Value::Object(Object::$name(it)) => Ok(it),
                        other => Err(other),
                    }
                }
            }
        )*
    };
}

accept_itself! {
    Action: "an action: `Cascade`, `Restrict`, `SetNull`, `SetDefault` or `NoAction`",
    Backfill: "rows and what they get: `rows(…).set(…)`",
    Changes: "changes: `changes()` with what is to change",
    ColumnChange: "a change: `set()` with what is to change",
    ColumnType: "a type, such as `text()` or `varchar(200)`",
    Database: "a database, such as `Postgres`",
    Identity: "how a column is numbered: `by_default()` or `always()`",
    Index: "an index: `index(…)`",
    IndexColumn: "a part of an index: `asc(…)`, `desc(…)` or `expr(…)`",
    Migration: "a migration",
    Rows: "rows of a table: `rows(…)`",
    Run: "changes of rows in Rust: `run(\"title\", |db| { … Ok(()) })`",
    Sql: "SQL: `sql(…)`",
    Table: "a table: `table(…)`",
    TableChange: "a change of a table: `set_table()` with what is to change",
    Unique: "a unique constraint: `unique(…)`",
    Upsert: "rows by their key: `rows(…).key(…)`",
}
