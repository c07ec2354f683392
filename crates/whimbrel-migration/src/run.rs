//! Changes of rows that are written in Rust: the code itself, and what it works with.
//!
//! A migration only holds the code. Whoever applies it hands over a [`Handle`] to a database; the
//! methods of [`Db`] and [`Row`] are made once here, for rustc and, as [`METHODS`], for the
//! interpreter.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, Location, catch_unwind},
    sync::Arc,
};

use crate::{
    Argument, Cell, Database, Name, Names, PerDatabase, Run,
    dispatch::{Entry, Refused, Value, take},
};

/// The code of a data migration.
///
/// As data it is its text and what the text hangs on; two are equal if these are. A closure that
/// rustc compiled has no text.
#[derive(Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Program {
    /// The closure or the function's name as it stands in its file; empty where it was compiled.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "String::is_empty"))]
    pub source: String,
    /// What it means, by which it is told whether it was edited: its tokens, then those of the
    /// functions and constants that it uses, and the values that it captured.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub meaning: Vec<String>,
    /// What runs.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub code: Runnable,
}

/// A closure that rustc compiled.
pub type Compiled = dyn Fn(&mut Db<'_>) -> Result<(), Failure> + Send + Sync;

/// What runs where a [`Program`] does.
#[derive(Clone, Default)]
pub enum Runnable {
    /// Nothing: only its text was kept.
    #[default]
    Missing,
    /// A closure that rustc compiled.
    Compiled(Arc<Compiled>),
    /// A closure of a file that is interpreted.
    Interpreted(Arc<[SourceText]>, usize),
}

/// A file that code is interpreted from. The first of several is the migration itself, the others
/// are what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SourceText {
    /// How the migration names it: `helpers.rs`; empty for the migration itself.
    pub path: String,
    /// What it is called where people are told of it.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Program {
    /// A closure that rustc compiled.
    pub fn compiled(
        code: impl Fn(&mut Db<'_>) -> Result<(), Failure> + Send + Sync + 'static,
    ) -> Self {
        Self { code: Runnable::Compiled(Arc::new(code)), ..Self::default() }
    }

    /// Whether its text says all there is to say of it: it uses no function and no constant of its
    /// file and captures nothing.
    pub fn stands_alone(&self) -> bool {
        !self.source.is_empty() && self.meaning.len() == 1
    }
}

/// Calls a compiled closure; a panic is a failure of its own.
pub fn call(code: &Compiled, handle: &mut dyn Handle) -> Result<(), Failure> {
    let outcome = catch_unwind(AssertUnwindSafe(|| code(&mut Db::new(handle))));
    outcome
        .unwrap_or_else(|panic| Err(Failure::new(format!("the code {}", words_of_panic(&*panic)))))
}

/// What a panic that was caught said: `panicked: no such user`.
pub fn words_of_panic(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied();
    match words.or_else(|| panic.downcast_ref::<String>().map(String::as_str)) {
        Some(words) => format!("panicked: {words}"),
        None => "panicked".to_owned(),
    }
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.meaning == other.meaning
    }
}

impl Eq for Program {}

impl fmt::Debug for Program {
    /// The text is no part of it: so compiled and interpreted code can be compared.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Program")
    }
}

/// How a data migration is taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum UndoRun {
    /// Nobody has said how.
    #[default]
    Unknown,
    /// There is nothing to take back.
    Nothing,
    /// By this code.
    Code(Program),
}

/// Changes of rows in Rust: `run("split names", |db| { … Ok(()) })`. The code runs when the
/// migration is applied, and never when its file is read.
pub fn run(
    title: impl Argument<String>,
    code: impl Fn(&mut Db<'_>) -> Result<(), Failure> + Send + Sync + 'static,
) -> Run {
    Run::of(title.argument(), Program::compiled(code))
}

impl Run {
    fn of(title: String, code: Program) -> Self {
        Self { title, code, undo: UndoRun::Unknown, touches: vec![] }
    }

    /// How it is taken back: code that runs on the way down.
    #[must_use]
    pub fn undo(
        self,
        code: impl Fn(&mut Db<'_>) -> Result<(), Failure> + Send + Sync + 'static,
    ) -> Self {
        Self { undo: UndoRun::Code(Program::compiled(code)), ..self }
    }

    /// Whether its closures say all there is to say, so that they can be printed elsewhere.
    pub fn stands_alone(&self) -> bool {
        let undo = if let UndoRun::Code(undo) = &self.undo { Some(undo) } else { None };
        std::iter::once(&self.code).chain(undo).all(Program::stands_alone)
    }

    pub(crate) fn touching(self, tables: Names) -> Self {
        Self { touches: tables.0.into_iter().map(Name::from).collect(), ..self }
    }
}

/// The type of a parameter that takes code, as [`Entry::parameters`] shows it.
pub const CLOSURE: &str = "closure";

/// `run`, for the interpreter.
pub(crate) const RUN: Entry = Entry {
    receiver: None,
    name: "run",
    parameters: &[("title", "(String)"), ("code", CLOSURE)],
    returns: "Run",
    doc: "Changes of rows in Rust: `run(\"split names\", |db| { … Ok(()) })`. The code runs when\n\
          the migration is applied, and never when its file is read.",
    call: |arguments| {
        let Ok([title, code]) = <[Value; 2]>::try_from(arguments) else {
            return Err(Refused::Arity { wanted: 2 });
        };
        let mut arguments = [title, code].into_iter();
        let title = take(&mut arguments, 0)?;
        Ok(Run::of(title, take(&mut arguments, 1)?).into())
    },
};

/// `Run::undo`, for the interpreter.
pub(crate) const UNDO: Entry = Entry {
    receiver: Some("Run"),
    name: "undo",
    parameters: &[("code", CLOSURE)],
    returns: "Run",
    doc: "How it is taken back: code that runs on the way down.",
    call: |arguments| {
        let Ok(arguments) = <[Value; 2]>::try_from(arguments) else {
            return Err(Refused::Arity { wanted: 1 });
        };
        let mut arguments = arguments.into_iter();
        let run: Run = take(&mut arguments, 0)?;
        Ok(Run { undo: UndoRun::Code(take(&mut arguments, 1)?), ..run }.into())
    },
};

/// `failure`, for the interpreter.
pub(crate) const FAILURE: Entry = Entry {
    receiver: None,
    name: "failure",
    parameters: &[("message", "(String)")],
    returns: "Failure",
    doc: "A reason for the code of a `run` to stop: `return Err(failure(\"no such user\"))`.",
    call: |arguments| {
        let Ok(arguments) = <[Value; 1]>::try_from(arguments) else {
            return Err(Refused::Arity { wanted: 1 });
        };
        let message: String = take(&mut arguments.into_iter(), 0)?;
        Ok(Failure::new(message).into())
    },
};

/// Why a data migration can't go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The reason.
    pub message: String,
    /// The call that failed, where rustc compiled it.
    pub place: Option<Place>,
}

/// A place in a file that rustc compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as the compiler was told of it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

impl Failure {
    /// A failure for this reason.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None }
    }

    fn at(self, place: &Location<'_>) -> Self {
        let (file, line, column) = (place.file().to_owned(), place.line(), place.column());
        Self { place: self.place.or(Some(Place { file, line, column })), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<&str> for Failure {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

/// A reason to stop: `return Err(failure("two users have this name"))`.
#[track_caller]
pub fn failure(message: impl Argument<String>) -> Failure {
    Failure::new(message.argument()).at(Location::caller())
}

/// What carries out the calls of a data migration.
pub trait Handle {
    /// Which database this is.
    fn database(&self) -> Database;

    /// Runs one statement and returns its rows. Each `?` in it stands for the next parameter.
    fn query(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<Vec<Row>, Failure>;

    /// Runs one statement and returns how many rows it changed.
    fn execute(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<u64, Failure>;

    /// Tells whoever watches how far the work has come.
    fn say(&mut self, words: &str);
}

/// What the `?` of a statement stand for: a tuple, a list, or `()` for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values(pub Vec<Cell>);

/// The database that a data migration works on.
pub struct Db<'h> {
    handle: &'h mut dyn Handle,
}

impl fmt::Debug for Db<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({:?})", self.handle.database())
    }
}

impl<'h> Db<'h> {
    /// The database behind a handle.
    pub fn new(handle: &'h mut dyn Handle) -> Self {
        Self { handle }
    }
}

/// A row of an answer, its values by the names of their columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Option<String>>,
}

impl Row {
    /// A row: a value or null for each column.
    pub fn new(columns: Arc<[String]>, values: Vec<Option<String>>) -> Self {
        Self { columns, values }
    }

    /// A row of which nothing is known: it has every column, and each value is a one. For trying
    /// code out before there is a database.
    pub fn imagined() -> Self {
        Self::new(Arc::new([]), vec![])
    }

    fn value(&self, column: &str) -> Result<Option<&str>, Failure> {
        if self.columns.is_empty() {
            return Ok(Some("1"));
        }
        let found = |same: &dyn Fn(&str) -> bool| {
            let mut found = self.columns.iter().enumerate().filter(|(_, it)| same(it));
            found.next().map(|(at, _)| (at, found.next().is_some()))
        };
        let folded = || found(&|it| it.eq_ignore_ascii_case(column));
        match found(&|it| it == column).or_else(folded) {
            Some((at, false)) => Ok(self.values.get(at).and_then(Option::as_deref)),
            Some((_, true)) => Err(Failure::new(format!(
                "this row has several columns `{column}`; give them names of their own: `… AS name`"
            ))),
            None => {
                let names: Vec<String> = self.columns.iter().map(|it| format!("`{it}`")).collect();
                Err(Failure::new(format!(
                    "this row has no column `{column}`; it has {}",
                    names.join(", ")
                )))
            }
        }
    }

    fn present(&self, column: &str, kind: &str) -> Result<&str, Failure> {
        self.value(column)?.ok_or_else(|| {
            Failure::new(format!("`{column}` is null in this row; take `optional_{kind}`"))
        })
    }
}

fn whole(column: &str, text: &str) -> Result<i64, Failure> {
    text.trim().parse().map_err(|_| Failure::new(format!("`{column}` holds no integer: {text:?}")))
}

fn truth(column: &str, text: &str) -> Result<bool, Failure> {
    match text {
        "t" | "true" | "TRUE" | "1" => Ok(true),
        "f" | "false" | "FALSE" | "0" => Ok(false),
        _ => Err(Failure::new(format!("`{column}` holds no truth value: {text:?}"))),
    }
}

/// A method of [`Db`] or [`Row`], callable by name.
#[derive(Debug)]
pub struct Method {
    /// The type whose method it is.
    pub receiver: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its parameters: name and type.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The type it returns.
    pub returns: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Calls it.
    pub call: fn(Subject<'_, '_>, Vec<Value>) -> Result<Answer, Refused>,
}

/// What a [`Method`] is called on.
#[derive(Debug)]
pub enum Subject<'s, 'h> {
    /// The database.
    Db(&'s mut Db<'h>),
    /// A row.
    Row(&'s Row),
}

/// What a [`Method`] gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A value.
    Plain(Gift),
    /// A value or a failure.
    Tried(Result<Gift, Failure>),
}

/// A value that a [`Method`] gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Gift {
    /// Nothing.
    Nothing,
    /// A `bool`.
    Boolean(bool),
    /// An `i64`.
    Integer(i64),
    /// A `u64`.
    Count(u64),
    /// A `String`.
    Text(String),
    /// An `Option`.
    Optional(Option<Box<Gift>>),
    /// A `Database`.
    Database(Database),
    /// A `Row`.
    Row(Row),
    /// A `Vec<Row>`.
    Rows(Vec<Row>),
}

macro_rules! gifts {
    ($($from:ty: |$it:ident| $into:expr),* $(,)?) => {
        $(impl From<$from> for Gift {
            fn from($it: $from) -> Self {
                $into
            }
        })*
    };
}

gifts! {
    (): |_it| Self::Nothing,
    bool: |it| Self::Boolean(it),
    i64: |it| Self::Integer(it),
    u64: |it| Self::Count(it),
    String: |it| Self::Text(it),
    Database: |it| Self::Database(it),
    Row: |it| Self::Row(it),
    Vec<Row>: |it| Self::Rows(it),
}

impl<T: Into<Gift>> From<Option<T>> for Gift {
    fn from(it: Option<T>) -> Self {
        Self::Optional(it.map(|it| Box::new(it.into())))
    }
}

impl<T: Into<Gift>> From<Result<T, Failure>> for Answer {
    fn from(it: Result<T, Failure>) -> Self {
        Self::Tried(it.map(Into::into))
    }
}

impl From<()> for Answer {
    fn from((): ()) -> Self {
        Self::Plain(Gift::Nothing)
    }
}

impl From<Database> for Answer {
    fn from(it: Database) -> Self {
        Self::Plain(Gift::Database(it))
    }
}

macro_rules! count {
    ($($it:ident)*) => { <[&str]>::len(&[$(stringify!($it)),*]) };
}

/// Methods, and from the same text what the interpreter calls. Each takes what implements
/// [`Argument`] for its parameters, and a failure is told with the place of the call.
macro_rules! methods {
    ($(
        $receiver:ident as $subject:pat => $on:ident, $(&$mutable:tt)? {
            $($(#[doc = $doc:literal])* fn $name:ident($this:ident $(, $arg:ident: ($ty:ty))*) -> $ret:ty $body:block)*
        }
    )*) => {
        $(methods! { @impl $receiver $($mutable)? {
            $($(#[doc = $doc])* fn $name($this $(, $arg: ($ty))*) -> $ret $body)*
        } })*

        /// Everything that can be called on what a data migration works with.
        pub const METHODS: &[Method] = &[$($(Method {
            receiver: stringify!($receiver),
            name: stringify!($name),
            parameters: &[$((stringify!($arg), stringify!(($ty)))),*],
            returns: stringify!($ret),
            doc: concat!($($doc, "\n"),*),
            call: |subject, arguments| {
                let wanted = count!($($arg)*);
                let $subject = subject else { return Err(Refused::Arity { wanted }) };
                if arguments.len() != wanted {
                    return Err(Refused::Arity { wanted });
                }
                #[allow(unused_mut, unused_variables)]
                let mut arguments = arguments.into_iter();
                #[allow(unused_mut, unused_variables)]
                let mut position = 0..;
                $(let $arg: $ty = take(&mut arguments, position.next().expect("endless"))?;)*
                Ok($on.$name($($arg),*).into())
            },
        },)*)*];
    };
    (@impl Db mut {
        $($(#[doc = $doc:literal])* fn $name:ident($this:ident $(, $arg:ident: ($ty:ty))*) -> $ret:ty $body:block)*
    }) => {
        impl Db<'_> { $(
            $(#[doc = $doc])*
            #[track_caller]
            pub fn $name(&mut $this $(, $arg: impl Argument<$ty>)*) -> $ret {
                $(let $arg = <_ as Argument<$ty>>::argument($arg);)*
                $body
            }
        )* }
    };
    (@impl $receiver:ident {
        $($(#[doc = $doc:literal])* fn $name:ident($this:ident $(, $arg:ident: ($ty:ty))*) -> $ret:ty $body:block)*
    }) => {
        impl $receiver { $(
            $(#[doc = $doc])*
            #[track_caller]
            pub fn $name(&$this $(, $arg: impl Argument<$ty>)*) -> $ret {
                $(let $arg = <_ as Argument<$ty>>::argument($arg);)*
                let place = Location::caller();
                let tried = || -> $ret { $body };
                tried().map_err(|it| it.at(place))
            }
        )* }
    };
}

methods! {
    Db as Subject::Db(db) => db, &mut {
        /// The rows that one statement gives. Each `?` in it stands for the next of the parameters:
        /// `db.query("SELECT id FROM users WHERE name = ?", (name,))?`, `()` for none.
        fn query(self, sql: (PerDatabase), parameters: (Values)) -> Result<Vec<Row>, Failure> {
            let place = Location::caller();
            self.handle.query(&sql, &parameters.0).map_err(|it| it.at(place))
        }
        /// The only row that one statement gives, or none; several are a failure.
        fn query_one(self, sql: (PerDatabase), parameters: (Values)) -> Result<Option<Row>, Failure> {
            let place = Location::caller();
            let mut rows =
                self.handle.query(&sql, &parameters.0).map_err(|it| it.at(place))?.into_iter();
            match (rows.next(), rows.len()) {
                (row, 0) => Ok(row),
                (_, more) => {
                    let message = format!("one row is wanted, and these are {}", more + 1);
                    Err(Failure::new(message).at(place))
                }
            }
        }
        /// Runs one statement. Returns how many rows it changed, as far as the database says: MySQL
        /// counts no row that keeps its values.
        fn execute(self, sql: (PerDatabase), parameters: (Values)) -> Result<u64, Failure> {
            let place = Location::caller();
            self.handle.execute(&sql, &parameters.0).map_err(|it| it.at(place))
        }
        /// Which database this is, for what no `on(…)` can say.
        fn database(self) -> Database { self.handle.database() }
        /// Tells whoever watches the run how far this has come.
        fn say(self, words: (String)) -> () { self.handle.say(&words) }
    }
    Row as Subject::Row(row) => row, {
        /// The text in a column; a failure where it is null. Every value has a text: days, numbers
        /// and JSON as the database writes them.
        fn text(self, column: (String)) -> Result<String, Failure> {
            self.present(&column, "text").map(str::to_owned)
        }
        /// The whole number in a column; a failure where it is null.
        fn integer(self, column: (String)) -> Result<i64, Failure> {
            whole(&column, self.present(&column, "integer")?)
        }
        /// The truth value in a column; a failure where it is null.
        fn boolean(self, column: (String)) -> Result<bool, Failure> {
            truth(&column, self.present(&column, "boolean")?)
        }
        /// The text in a column, or none where it is null.
        fn optional_text(self, column: (String)) -> Result<Option<String>, Failure> {
            Ok(self.value(&column)?.map(str::to_owned))
        }
        /// The whole number in a column, or none where it is null.
        fn optional_integer(self, column: (String)) -> Result<Option<i64>, Failure> {
            self.value(&column)?.map(|it| whole(&column, it)).transpose()
        }
        /// The truth value in a column, or none where it is null.
        fn optional_boolean(self, column: (String)) -> Result<Option<bool>, Failure> {
            self.value(&column)?.map(|it| truth(&column, it)).transpose()
        }
        /// Whether a column is null.
        fn is_null(self, column: (String)) -> Result<bool, Failure> {
            Ok(self.value(&column)?.is_none())
        }
    }
}
