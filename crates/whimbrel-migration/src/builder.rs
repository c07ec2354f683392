//! What a migration file can write: each function once, from which come the function itself,
//! the interpreter's dispatch table, its suggestions and the reference page.

use crate::{
    Action, AddCheck, AddColumn, AddEnumValue, AddForeignKey, AddIndex, AddUnique, AlterColumn,
    AlterPrimaryKey, AlterTable, AlterView, Backfill, Cell, Cells, Changes, Check, CollationChange,
    Column, ColumnChange, ColumnOption, ColumnType, CommentChange, CreateEnum, CreateNamespace,
    CreateTable, CreateView, Database, DatabaseOnly, DefaultChange, DefaultValue, Deferral,
    Direction, DropCheck, DropColumn, DropEnum, DropForeignKey, DropIndex, DropNamedDefault,
    DropNamespace, DropTable, DropUnique, DropView, Enumeration, ForeignKey, Generated,
    GeneratedChange, Identity, IdentityChange, IgnoreErrors, Index, IndexColumn, IndexColumns,
    Irreversible, Migration, Name, NamedColumn, Names, NeedsReview, Nulls, Parents, PerDatabase,
    Reference, RenameColumn, RenameConstraint, RenameEnum, RenameEnumValue, RenameIndex,
    RenameTable, Rows, Run, RunSql, Script, SetEnumValues, SetNamedDefault, SharedOption, Sql,
    StateOnly, Table, TableChange, TableOption, Undo, Unique, Upsert, View,
    dispatch::{Entry, Refused, take},
    rows::USUAL_BATCH,
    run::{UndoRun, Values},
};

/// What may be written where a `T` is wanted.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't stand where a `{T}` is wanted",
    note = "one name or several are written \"a\" or [\"a\", \"b\"]",
    note = "a column is a type such as `text()`, with `.not_null()` and the like behind it"
)]
pub trait Argument<T>: sealed::Sealed<T> {
    #[doc(hidden)]
    fn argument(self) -> T;
}

mod sealed {
    pub trait Sealed<T> {}
}

macro_rules! argument {
    ($($target:ty { $($(const $n:ident;)? $from:ty: |$it:ident| $into:expr),* $(,)? })*) => {
        $($(
            impl $(<const $n: usize>)? sealed::Sealed<$target> for $from {}
            impl $(<const $n: usize>)? Argument<$target> for $from {
                fn argument(self) -> $target {
                    let $it = self;
                    $into
                }
            }
        )*)*
    };
}

argument! {
    String { &str: |it| it.to_owned(), String: |it| it, &String: |it| it.clone() }
    Name {
        &str: |it| it.into(),
        String: |it| it.into(),
        &String: |it| it.as_str().into(),
        Name: |it| it,
    }
    Names {
        &str: |it| Names(vec![it.to_owned()]),
        String: |it| Names(vec![it]),
        &String: |it| Names(vec![it.clone()]),
        const N; [&str; N]: |it| Names(it.map(str::to_owned).to_vec()),
        const N; [String; N]: |it| Names(it.to_vec()),
        Vec<&str>: |it| Names(it.into_iter().map(str::to_owned).collect()),
        Vec<String>: |it| Names(it),
        &[&str]: |it| Names(it.iter().map(|it| (*it).to_owned()).collect()),
        &[String]: |it| Names(it.to_vec()),
        const N; &[&str; N]: |it| Names(it.map(str::to_owned).to_vec()),
        const N; &[String; N]: |it| Names(it.to_vec()),
        &Vec<&str>: |it| Names(it.iter().map(|it| (*it).to_owned()).collect()),
        &Vec<String>: |it| Names(it.clone()),
        Names: |it| it,
    }
    Parents {
        &str: |it| Parents(vec![it.to_owned()]),
        String: |it| Parents(vec![it]),
        const N; [&str; N]: |it| Parents(it.map(str::to_owned).to_vec()),
        Vec<&str>: |it| Parents(it.into_iter().map(str::to_owned).collect()),
        Vec<String>: |it| Parents(it),
        &String: |it| Parents(vec![it.clone()]),
        &[&str]: |it| Parents(it.iter().map(|it| (*it).to_owned()).collect()),
        &[String]: |it| Parents(it.to_vec()),
        const N; &[&str; N]: |it| Parents(it.map(str::to_owned).to_vec()),
        const N; &[String; N]: |it| Parents(it.to_vec()),
        &Vec<&str>: |it| Parents(it.iter().map(|it| (*it).to_owned()).collect()),
        &Vec<String>: |it| Parents(it.clone()),
        Parents: |it| it,
    }
    IndexColumns {
        &str: |it| IndexColumns(vec![asc(it)]),
        String: |it| IndexColumns(vec![asc(it)]),
        IndexColumn: |it| IndexColumns(vec![it]),
        const N; [&str; N]: |it| IndexColumns(it.map(asc).to_vec()),
        const N; [String; N]: |it| IndexColumns(it.map(asc).to_vec()),
        const N; [IndexColumn; N]: |it| IndexColumns(it.to_vec()),
        Vec<&str>: |it| IndexColumns(it.into_iter().map(asc).collect()),
        Vec<String>: |it| IndexColumns(it.into_iter().map(asc).collect()),
        Vec<IndexColumn>: |it| IndexColumns(it),
        &String: |it| IndexColumns(vec![asc(it)]),
        &[&str]: |it| IndexColumns(it.iter().map(|it| asc(*it)).collect()),
        &[String]: |it| IndexColumns(it.iter().map(asc).collect()),
        const N; &[&str; N]: |it| IndexColumns(it.map(asc).to_vec()),
        const N; &[String; N]: |it| IndexColumns(it.iter().map(asc).collect()),
        &Vec<&str>: |it| IndexColumns(it.iter().map(|it| asc(*it)).collect()),
        &Vec<String>: |it| IndexColumns(it.iter().map(asc).collect()),
        IndexColumns: |it| it,
    }
    Column { ColumnType: |it| it.into(), Column: |it| it }
    TableOption { SharedOption: |it| it.into(), TableOption: |it| it }
    ColumnOption { SharedOption: |it| it.into(), ColumnOption: |it| it }
    DefaultValue {
        &str: |it| DefaultValue::Text(it.to_owned()),
        String: |it| DefaultValue::Text(it),
        &String: |it| DefaultValue::Text(it.clone()),
        i64: |it| DefaultValue::Integer(it),
        bool: |it| DefaultValue::Boolean(it),
        Sql: |it| DefaultValue::Sql(PerDatabase::all(it.0)),
        PerDatabase: |it| DefaultValue::Sql(it),
        DefaultValue: |it| it,
    }
    Cell {
        &str: |it| Cell::Value(it.argument()),
        String: |it| Cell::Value(it.argument()),
        &String: |it| Cell::Value(it.argument()),
        i64: |it| Cell::Value(it.argument()),
        bool: |it| Cell::Value(it.argument()),
        Sql: |it| Cell::Value(it.argument()),
        PerDatabase: |it| Cell::Value(it.argument()),
        DefaultValue: |it| Cell::Value(it),
        Cell: |it| it,
    }
    Cells { Cells: |it| it }
    Reference {
        &str: |it| to(it),
        String: |it| to(it),
        &String: |it| to(it),
        Name: |it| to(it),
        Reference: |it| it,
    }
    PerDatabase {
        &str: |it| PerDatabase::all(it),
        String: |it| PerDatabase::all(it),
        &String: |it| PerDatabase::all(it),
        Sql: |it| PerDatabase::all(it.0),
        PerDatabase: |it| it,
    }
    Script {
        &str: |it| Script::of(PerDatabase::all(it)),
        String: |it| Script::of(PerDatabase::all(it)),
        &String: |it| Script::of(PerDatabase::all(it)),
        Sql: |it| Script::of(PerDatabase::all(it.0)),
        PerDatabase: |it| Script::of(it),
        Script: |it| it,
    }
}

macro_rules! rows {
    ($($first:ident $($other:ident)*)?) => {
        $(
            impl<$first: Argument<Cell>, $($other: Argument<Cell>),*> sealed::Sealed<Cells>
                for ($first, $($other,)*) {}
            impl<$first: Argument<Cell>, $($other: Argument<Cell>),*> Argument<Cells>
                for ($first, $($other,)*)
            {
                #[expect(non_snake_case, reason = "the types' names serve as the values'")]
                fn argument(self) -> Cells {
                    let ($first, $($other,)*) = self;
                    Cells(vec![$first.argument() $(, $other.argument())*])
                }
            }
            rows! { $($other)* }
        )?
    };
}

// As many as `rows::WIDEST_TUPLE`.
rows! { A B C D E F G H I J K L M N O P Q R S T U V W X }

impl<T: Argument<Cell>, const N: usize> sealed::Sealed<Cells> for [T; N] {}
impl<T: Argument<Cell>, const N: usize> Argument<Cells> for [T; N] {
    fn argument(self) -> Cells {
        Cells(self.into_iter().map(Argument::argument).collect())
    }
}

impl<T: Argument<Cell>> sealed::Sealed<Cells> for Vec<T> {}
impl<T: Argument<Cell>> Argument<Cells> for Vec<T> {
    fn argument(self) -> Cells {
        Cells(self.into_iter().map(Argument::argument).collect())
    }
}

impl<T: Argument<Cell>> sealed::Sealed<Cell> for Option<T> {}
impl<T: Argument<Cell>> Argument<Cell> for Option<T> {
    fn argument(self) -> Cell {
        self.map_or(Cell::Null, Argument::argument)
    }
}

impl sealed::Sealed<Values> for () {}
impl Argument<Values> for () {
    fn argument(self) -> Values {
        Values(vec![])
    }
}

impl sealed::Sealed<Values> for Values {}
impl Argument<Values> for Values {
    fn argument(self) -> Values {
        self
    }
}

impl<T: Argument<Cells>> sealed::Sealed<Values> for T {}
impl<T: Argument<Cells>> Argument<Values> for T {
    fn argument(self) -> Values {
        Values(self.argument().0)
    }
}

/// A parameter's Rust type: a type as it is, or `impl Argument<T>` for `(T)`.
macro_rules! parameter {
    (($ty:ty)) => { impl Argument<$ty> };
    ($ty:ty) => { $ty };
}

/// An argument as the function's body wants it.
macro_rules! argument_value {
    ($value:ident, ($ty:ty)) => {
        <_ as Argument<$ty>>::argument($value)
    };
    ($value:ident, $ty:ty) => {
        $value
    };
}

/// The type that the dispatch table asks for.
macro_rules! accepted {
    (($ty:ty)) => {
        $ty
    };
    ($ty:ty) => {
        $ty
    };
}

macro_rules! count {
    ($($it:ident)*) => { <[&str]>::len(&[$(stringify!($it)),*]) };
}

macro_rules! entry {
    (@free $path:expr, $call:path, $doc:expr, ($($arg:ident: $kind:tt),*) -> $ret:ty) => {
        Entry {
            receiver: None,
            name: $path,
            parameters: &[$((stringify!($arg), stringify!($kind))),*],
            returns: stringify!($ret),
            doc: $doc,
            call: |arguments| {
                let wanted = count!($($arg)*);
                if arguments.len() != wanted {
                    return Err(Refused::Arity { wanted });
                }
                #[allow(unused_mut, unused_variables)]
                let mut arguments = arguments.into_iter();
                #[allow(unused_variables, unused_mut)]
                let mut position = 0..;
                $(let $arg: accepted!($kind) = take(&mut arguments, position.next().expect("endless"))?;)*
                Ok($call($($arg),*).into())
            },
        }
    };
    (@method $receiver:ident, $name:ident, $doc:expr, ($($arg:ident: $kind:tt),*) -> $ret:ty) => {
        Entry {
            receiver: Some(stringify!($receiver)),
            name: stringify!($name),
            parameters: &[$((stringify!($arg), stringify!($kind))),*],
            returns: stringify!($ret),
            doc: $doc,
            call: |arguments| {
                let wanted = count!($($arg)*);
                if arguments.len() != wanted + 1 {
                    return Err(Refused::Arity { wanted });
                }
                let mut arguments = arguments.into_iter();
                #[allow(unused_mut)]
                let mut position = 0..;
                let receiver: $receiver = take(&mut arguments, position.next().expect("endless"))?;
                $(let $arg: accepted!($kind) = take(&mut arguments, position.next().expect("endless"))?;)*
                Ok(receiver.$name($($arg),*).into())
            },
        }
    };
}

/// Functions, constructors and methods of the builder. A parameter's type in parentheses takes
/// whatever implements [`Argument`] for it. What stands under `steps` is a method of `Migration` and
/// of `Changes`, and returns what it was called on.
macro_rules! builder {
    (
        functions { $($(#[doc = $fdoc:literal])* fn $f:ident($($fa:ident: $fk:tt),*) -> $fr:ty $fb:block)* }
        $(constructors $ct:ident {
            $($(#[doc = $cdoc:literal])* fn $c:ident($($ca:ident: $ck:tt),*) -> $cr:ty $cb:block)*
        })*
        $(columns {
            $($(#[doc = $ldoc:literal])* fn $l:ident($lself:ident $(, $la:ident: $lk:tt)*) $lb:block)*
        })?
        $(methods $mt:ident {
            $($(#[doc = $mdoc:literal])* fn $m:ident($mself:ident $(, $ma:ident: $mk:tt)*) -> $mr:ty $mb:block)*
        })*
        steps {
            $($(#[doc = $sdoc:literal])* fn $s:ident($sself:ident $(, $sa:ident: $sk:tt)*) -> $sr:ty $sb:block)*
        }
        of Migration {
            $($(#[doc = $odoc:literal])* fn $o:ident($oself:ident $(, $oa:ident: $ok:tt)*) -> $or:ty $ob:block)*
        }
    ) => {
        $(
            $(#[doc = $fdoc])*
            pub fn $f($($fa: parameter!($fk)),*) -> $fr {
                $(let $fa = argument_value!($fa, $fk);)*
                $fb
            }
        )*
        $(impl $ct { $(
            $(#[doc = $cdoc])*
            pub fn $c($($ca: parameter!($ck)),*) -> $cr {
                $(let $ca = argument_value!($ca, $ck);)*
                $cb
            }
        )* })*
        $(
            impl Column { $(
                $(#[doc = $ldoc])*
                #[allow(unused_mut)]
                pub fn $l(mut $lself $(, $la: parameter!($lk))*) -> Column {
                    $(let $la = argument_value!($la, $lk);)*
                    $lb
                    $lself
                }
            )* }
            impl ColumnType { $(
                $(#[doc = $ldoc])*
                pub fn $l(self $(, $la: parameter!($lk))*) -> Column {
                    Column::from(self).$l($($la),*)
                }
            )* }
        )?
        $(impl $mt { $(
            $(#[doc = $mdoc])*
            #[allow(unused_mut)]
            pub fn $m(mut $mself $(, $ma: parameter!($mk))*) -> $mr {
                $(let $ma = argument_value!($ma, $mk);)*
                $mb
            }
        )* })*
        impl Migration {
            $(
                $(#[doc = $sdoc])*
                #[allow(unused_mut)]
                pub fn $s(mut $sself $(, $sa: parameter!($sk))*) -> Migration {
                    $(let $sa = argument_value!($sa, $sk);)*
                    $sb
                }
            )*
            $(
                $(#[doc = $odoc])*
                #[allow(unused_mut)]
                pub fn $o(mut $oself $(, $oa: parameter!($ok))*) -> Migration {
                    $(let $oa = argument_value!($oa, $ok);)*
                    $ob
                }
            )*
        }
        impl Changes { $(
            $(#[doc = $sdoc])*
            #[allow(unused_mut)]
            pub fn $s(mut $sself $(, $sa: parameter!($sk))*) -> Changes {
                $(let $sa = argument_value!($sa, $sk);)*
                $sb
            }
        )* }

        /// Everything that a migration file can call, beside the options of databases.
        pub(crate) const ENTRIES: &[Entry] = &[
            crate::run::RUN,
            crate::run::FAILURE,
            $(entry!(@free stringify!($f), $f, concat!($($fdoc, "\n"),*), ($($fa: $fk),*) -> $fr),)*
            $($(entry!(@free concat!(stringify!($ct), "::", stringify!($c)), $ct::$c,
                concat!($($cdoc, "\n"),*), ($($ca: $ck),*) -> $cr),)*)*
            $($(entry!(@method Column, $l, concat!($($ldoc, "\n"),*), ($($la: $lk),*) -> Column),)*
              $(entry!(@method ColumnType, $l, concat!($($ldoc, "\n"),*), ($($la: $lk),*) -> Column),)*)?
            $($(entry!(@method $mt, $m, concat!($($mdoc, "\n"),*), ($($ma: $mk),*) -> $mr),)*)*
            crate::run::UNDO,
            $(entry!(@method Migration, $s, concat!($($sdoc, "\n"),*), ($($sa: $sk),*) -> Migration),)*
            $(entry!(@method Migration, $o, concat!($($odoc, "\n"),*), ($($oa: $ok),*) -> Migration),)*
            $(entry!(@method Changes, $s, concat!($($sdoc, "\n"),*), ($($sa: $sk),*) -> Changes),)*
        ];
    };
}

builder! {
    functions {
        /// Text of at most `length` characters.
        fn varchar(length: u32) -> ColumnType { ColumnType::Varchar { length } }
        /// Text of any length.
        fn text() -> ColumnType { ColumnType::Text { length: None } }
        /// Text of at most `length` characters, kept as short text where the database tells the two apart.
        fn bounded_text(length: u32) -> ColumnType { ColumnType::Text { length: Some(length) } }
        /// A whole number of 16 bits.
        fn smallint() -> ColumnType { ColumnType::Smallint }
        /// A whole number of 32 bits.
        fn integer() -> ColumnType { ColumnType::Integer }
        /// A whole number of 64 bits.
        fn bigint() -> ColumnType { ColumnType::Bigint }
        /// A whole number of 32 bits that the database counts up by itself.
        fn serial() -> ColumnType { ColumnType::Serial }
        /// A whole number of 64 bits that the database counts up by itself.
        fn bigserial() -> ColumnType { ColumnType::Bigserial }
        /// A floating point number of single precision.
        fn float() -> ColumnType { ColumnType::Float }
        /// A floating point number of double precision.
        fn double() -> ColumnType { ColumnType::Double }
        /// An exact number of `precision` digits, `scale` of them behind the point.
        fn decimal(precision: u32, scale: u32) -> ColumnType { ColumnType::Decimal { precision, scale } }
        /// True or false.
        fn boolean() -> ColumnType { ColumnType::Boolean }
        /// A day.
        fn date() -> ColumnType { ColumnType::Date }
        /// A time of day.
        fn time() -> ColumnType { ColumnType::Time }
        /// A day and a time, without a time zone.
        fn timestamp() -> ColumnType { ColumnType::Timestamp }
        /// A moment: a day and a time with its time zone, where the database has such a type.
        fn timestamptz() -> ColumnType { ColumnType::Timestamptz }
        /// A universally unique identifier.
        fn uuid() -> ColumnType { ColumnType::Uuid }
        /// JSON as text, where the database tells the two apart.
        fn json() -> ColumnType { ColumnType::Json }
        /// JSON in the database's binary form.
        fn jsonb() -> ColumnType { ColumnType::Jsonb }
        /// Bytes of any length.
        fn bytes() -> ColumnType { ColumnType::Bytes }
        /// A list of values, where the database has such a type.
        fn array(of: ColumnType) -> ColumnType { of.listed() }
        /// The type of the primary key of `table`, as it is at that point of the graph.
        fn key_of(table: (Name)) -> ColumnType { ColumnType::KeyOf { table: Box::new(table) } }
        /// One of the values of an enum: `enumeration("order_status")`.
        fn enumeration(name: (Name)) -> ColumnType { ColumnType::Enum { name: Box::new(name), values: vec![] } }
        /// A type that whimbrel has no word for, as the database spells it: `other_type("citext")`.
        fn other_type(spelled: (String)) -> ColumnType { ColumnType::Other { spelled } }

        /// Numbers that a row gets which brings none of its own: `GENERATED BY DEFAULT AS IDENTITY`.
        fn by_default() -> Identity { <Identity as Default>::default() }
        /// Numbers that every row gets, and none can bring one of its own: `GENERATED ALWAYS AS
        /// IDENTITY`.
        fn always() -> Identity { Identity { always: true, ..<Identity as Default>::default() } }

        /// A default that the schema defines by name.
        fn named(name: (String)) -> DefaultValue { DefaultValue::Named(name) }
        /// The moment the row is written.
        fn now() -> DefaultValue { DefaultValue::Now }
        /// A new random UUID.
        fn new_uuid() -> DefaultValue { DefaultValue::NewUuid }

        /// No value, in a row.
        fn null() -> Cell { Cell::Null }
        /// Bytes in a row, as hexadecimal digits: `hex("00ff")`.
        fn hex(digits: (String)) -> Cell { Cell::Bytes(digits) }
        /// A value in a row that is written as a list, so that all are of one type:
        /// `[value("AU"), value(1), null()]`.
        fn value(of: (Cell)) -> Cell { of }

        /// SQL that means the same on every database.
        fn sql(text: (String)) -> Sql { Sql(text) }
        /// SQL for one database; further ones follow with `.on(…)`.
        fn on(database: Database, text: (String)) -> PerDatabase {
            PerDatabase { texts: vec![(database, text)], otherwise: None }
        }

        /// The name of a table in a namespace: a PostgreSQL schema, a MySQL database.
        fn qualified(namespace: (String), name: (String)) -> Name {
            Name { namespace: Some(namespace), name }
        }
        /// A new table, as yet without columns.
        fn table(name: (Name)) -> Table { Table::new(name) }
        /// A new index, as yet over nothing.
        fn index(name: (String)) -> Index {
            Index { name, ..Index::default() }
        }
        /// A new unique constraint, as yet over nothing.
        fn unique(name: (String)) -> Unique { Unique::new(name, vec![]) }
        /// A column of an index, the least value first.
        fn asc(name: (String)) -> IndexColumn { IndexColumn::new(name) }
        /// A column of an index, the greatest value first.
        fn desc(name: (String)) -> IndexColumn { IndexColumn::new(name).descending() }
        /// An expression in an index, in a column's place: `expr("lower(email)")`.
        fn expr(expression: (PerDatabase)) -> IndexColumn {
            IndexColumn { expression: Some(expression), ..IndexColumn::default() }
        }
        /// The table that a foreign key points at.
        fn to(table: (Name)) -> Reference {
            Reference {
                name: None,
                table,
                columns: vec![],
                on_delete: Action::NoAction,
                on_update: Action::NoAction,
                deferral: Deferral::Never,
            }
        }
        /// The rows of a table, which are to be written.
        fn rows(table: (Name)) -> Rows { Rows { table } }
        /// A change of a column; what isn't named stays as it is.
        fn set() -> ColumnChange { <ColumnChange as Default>::default() }
        /// A change of a table itself, for `alter_table`; what isn't named stays as it is.
        fn set_table() -> TableChange { <TableChange as Default>::default() }
        /// Changes for `state_only` and `database_only`, as yet none.
        fn changes() -> Changes { <Changes as Default>::default() }
    }

    constructors Migration {
        /// A migration that comes after none.
        fn first() -> Migration { Migration::default() }
        /// A migration that comes after `parents`: one of them, or several that it merges.
        fn after(parents: (Parents)) -> Migration {
            Migration { parents: parents.0, ..Migration::default() }
        }
    }

    columns {
        /// Every row must have a value.
        fn not_null(self) { self.nullable = false; }
        /// A row may have no value; so it is unless something else is said.
        fn nullable(self) { self.nullable = true; }
        /// What a row gets that names no value.
        fn default(self, value: (DefaultValue)) { self.default = Some(value); }
        /// The column is the table's primary key.
        fn primary_key(self) { self.primary_key = true; self.nullable = false; }
        /// The column's values are to be found in the key of another table.
        fn references(self, target: (Reference)) { self.references = Some(Box::new(target)); }
        /// The column, a timestamp, gets the moment whenever a row is changed and no other value is
        /// given to it.
        fn auto_update(self) { self.auto_update = true; }
        /// The database computes it from other columns of the row when the row is written.
        fn stored_as(self, expression: (PerDatabase)) {
            self.generated = Some(Box::new(Generated { expression, stored: true }));
        }
        /// The database computes it from other columns of the row when it is read.
        fn virtual_as(self, expression: (PerDatabase)) {
            self.generated = Some(Box::new(Generated { expression, stored: false }));
        }
        /// The collation that its texts are compared and ordered by:
        /// `on(Postgres, "C").on(Mysql, "utf8mb4_bin")`. A database that is not named has its usual one.
        fn collation(self, collation: (PerDatabase)) { self.collation = Some(collation); }
        /// What is told of it in the database, for people; SQLite keeps no comments.
        fn comment(self, comment: (String)) { self.comment = Some(comment); }
        /// What one database is to make of it: `.with(postgres::storage("external"))`; the others
        /// have no use for it.
        fn with(self, option: (ColumnOption)) {
            self.options.set(option.database, option.name, option.setting);
        }
        /// The database numbers it, where a row brings no number of its own; so it is never null.
        fn identity(self) {
            self.identity = Some(<Identity as Default>::default());
            self.nullable = false;
        }
        /// The database numbers it like this: `bigint().identity_as(always().start(1000))`.
        fn identity_as(self, identity: Identity) {
            self.identity = Some(identity);
            self.nullable = false;
        }
    }

    methods Identity {
        /// The first number that is given.
        fn start(self, number: i64) -> Identity { self.start = Some(number); self }
        /// By how much each number is greater than the one before; less than 0 where they go down.
        fn increment(self, number: i64) -> Identity { self.increment = Some(number); self }
    }

    methods ColumnType {
        /// The type that databases are to keep it as, in their own words:
        /// `float().spelled(on(Postgres, "DOUBLE PRECISION"))`.
        fn spelled(self, spelled: (PerDatabase)) -> ColumnType {
            let of = match self {
                ColumnType::Spelled { of, .. } => of,
                other => Box::new(other),
            };
            ColumnType::Spelled { of, spelled: Box::new(spelled) }
        }
    }

    methods Table {
        /// Adds a column.
        fn column(self, name: (String), column: (Column)) -> Table {
            let mut column = column;
            if std::mem::take(&mut column.primary_key) {
                self.primary_key.push(name.clone());
            }
            if let Some(reference) = column.references.take() {
                let key = reference.of(&self.name, vec![name.clone()]);
                self.add_foreign_key(key);
            }
            self.columns.push(NamedColumn { name, column });
            self
        }
        /// The columns of the primary key, in the key's order.
        fn primary_key(self, columns: (Names)) -> Table {
            self.primary_key = columns.0;
            let key = &self.primary_key;
            for column in self.columns.iter_mut().filter(|it| key.contains(&it.name)) {
                column.column.nullable = false;
            }
            self
        }
        /// Adds a foreign key over `columns`.
        fn foreign_key(self, columns: (Names), target: (Reference)) -> Table {
            let key = target.of(&self.name, columns.0);
            self.add_foreign_key(key);
            self
        }
        /// Adds an index.
        fn index(self, index: Index) -> Table {
            let at = self.indexes.partition_point(|it| it.name <= index.name);
            self.indexes.insert(at, index);
            self
        }
    }

    methods Table {
        /// Adds a unique constraint: `.unique(unique("uq_users_email").on("email"))`.
        fn unique(self, unique: Unique) -> Table {
            let at = self.uniques.partition_point(|it| it.name <= unique.name);
            self.uniques.insert(at, unique);
            self
        }
        /// Adds a condition that must hold of every row, in SQL: `.check("price_is_positive", "price > 0")`.
        /// It may differ by database, and one with an empty text goes without.
        fn check(self, name: (String), condition: (PerDatabase)) -> Table {
            let at = self.checks.partition_point(|it| it.name <= name);
            self.checks.insert(at, Check { name, condition });
            self
        }
        /// What is told of it in the database, for people; SQLite keeps no comments.
        fn comment(self, comment: (String)) -> Table { self.comment = Some(comment); self }
        /// What one database is to make of it: `.with(postgres::fillfactor(70))`; the others have no
        /// use for it.
        fn with(self, option: (TableOption)) -> Table {
            self.options.set(option.database, option.name, option.setting);
            self
        }
    }

    methods TableChange {
        /// Another comment.
        fn comment(self, comment: (String)) -> TableChange {
            self.comment = Some(CommentChange::Set(comment));
            self
        }
        /// No comment any more.
        fn no_comment(self) -> TableChange { self.comment = Some(CommentChange::Drop); self }
        /// What one database is to make of it from then on: `.with(mysql::engine("InnoDB"))`.
        fn with(self, option: (TableOption)) -> TableChange {
            self.options.set(option.database, option.name, Some(option.setting));
            self
        }
        /// What one database is told no more, by its name: `.without(Postgres, "fillfactor")`.
        fn without(self, database: Database, option: (String)) -> TableChange {
            self.options.set(database, option, None);
            self
        }
    }

    methods Index {
        /// What it orders by, first things first.
        fn on(self, columns: (IndexColumns)) -> Index { self.columns = columns.0; self }
        /// No two rows may be equal in all its columns.
        fn unique(self) -> Index { self.unique = true; self }
        /// The access method: `gin`, `hash`, ….
        fn method(self, method: (String)) -> Index { self.method = Some(method); self }
        /// The rows it holds, as a condition in SQL.
        fn filter(self, condition: (String)) -> Index { self.filter = Some(condition); self }
        /// The columns whose values it carries along without ordering by them.
        fn include(self, columns: (Names)) -> Index { self.include = columns.0; self }
        /// Rows without a value count as equal where it is unique.
        fn nulls_not_distinct(self) -> Index { self.nulls_not_distinct = true; self }
    }

    methods Unique {
        /// The columns of which no two rows may have the same values.
        fn on(self, columns: (Names)) -> Unique { self.columns = columns.0; self }
        /// Rows without a value count as equal.
        fn nulls_not_distinct(self) -> Unique { self.nulls_not_distinct = true; self }
        /// The columns whose values its index carries along.
        fn include(self, columns: (Names)) -> Unique { self.include = columns.0; self }
        /// A transaction may put off looking at it to its end: `SET CONSTRAINTS`.
        fn deferrable(self) -> Unique { self.deferral = Deferral::Allowed; self }
        /// It is looked at when the transaction ends, unless that wants it sooner.
        fn initially_deferred(self) -> Unique { self.deferral = Deferral::Deferred; self }
    }

    methods IndexColumn {
        /// The greatest value comes first.
        fn descending(self) -> IndexColumn { self.direction = Direction::Descending; self }
        /// Rows without a value come before all others.
        fn nulls_first(self) -> IndexColumn { self.nulls = Some(Nulls::First); self }
        /// Rows without a value come behind all others.
        fn nulls_last(self) -> IndexColumn { self.nulls = Some(Nulls::Last); self }
        /// Only so many characters of each value count; of bytes, so many bytes.
        fn prefix(self, length: u32) -> IndexColumn { self.prefix = Some(length); self }
        /// The collation that texts are ordered by: `"C"`, or `on(Sqlite, "nocase")`.
        fn collation(self, collation: (PerDatabase)) -> IndexColumn {
            self.collation = Some(collation);
            self
        }
        /// The operator class, such as `text_pattern_ops`.
        fn operator_class(self, class: (PerDatabase)) -> IndexColumn {
            self.operator_class = Some(class);
            self
        }
    }

    methods Reference {
        /// The foreign key's own name; `fk_<table>_<columns>` where it has none.
        fn name(self, name: (String)) -> Reference { self.name = Some(name); self }
        /// The columns pointed at, where they aren't the primary key's.
        fn columns(self, columns: (Names)) -> Reference { self.columns = columns.0; self }
        /// What becomes of a row whose target is deleted.
        fn on_delete(self, action: Action) -> Reference { self.on_delete = action; self }
        /// What becomes of a row whose target's key changes.
        fn on_update(self, action: Action) -> Reference { self.on_update = action; self }
        /// A transaction may put off looking at it to its end: `SET CONSTRAINTS`.
        fn deferrable(self) -> Reference { self.deferral = Deferral::Allowed; self }
        /// It is looked at when the transaction ends, unless that wants it sooner.
        fn initially_deferred(self) -> Reference { self.deferral = Deferral::Deferred; self }
    }

    methods ColumnChange {
        /// A new type.
        fn data_type(self, data_type: ColumnType) -> ColumnChange {
            self.data_type = Some(data_type);
            self
        }
        /// How old values become new ones, as an expression in SQL.
        fn using(self, expression: (PerDatabase)) -> ColumnChange {
            self.using = Some(expression);
            self
        }
        /// Every row must have a value from now on.
        fn not_null(self) -> ColumnChange { self.nullable = Some(false); self }
        /// A row may have no value from now on.
        fn nullable(self) -> ColumnChange { self.nullable = Some(true); self }
        /// A new default.
        fn default(self, value: (DefaultValue)) -> ColumnChange {
            self.default = Some(DefaultChange::Set(value));
            self
        }
        /// No default any more.
        fn no_default(self) -> ColumnChange { self.default = Some(DefaultChange::Drop); self }
        /// From now on it gets the moment whenever a row is changed.
        fn auto_update(self) -> ColumnChange { self.auto_update = Some(true); self }
        /// A change of a row doesn't touch it any more.
        fn no_auto_update(self) -> ColumnChange { self.auto_update = Some(false); self }
        /// From now on the database computes it when a row is written.
        fn stored_as(self, expression: (PerDatabase)) -> ColumnChange {
            let generated = Box::new(Generated { expression, stored: true });
            self.generated = Some(GeneratedChange::Set(generated));
            self
        }
        /// From now on the database computes it when it is read.
        fn virtual_as(self, expression: (PerDatabase)) -> ColumnChange {
            let generated = Box::new(Generated { expression, stored: false });
            self.generated = Some(GeneratedChange::Set(generated));
            self
        }
        /// It isn't computed any more, and keeps its values.
        fn not_generated(self) -> ColumnChange { self.generated = Some(GeneratedChange::Drop); self }
        /// Another collation.
        fn collation(self, collation: (PerDatabase)) -> ColumnChange {
            self.collation = Some(CollationChange::Set(collation));
            self
        }
        /// The database's usual collation from now on.
        fn no_collation(self) -> ColumnChange { self.collation = Some(CollationChange::Drop); self }
        /// Another comment.
        fn comment(self, comment: (String)) -> ColumnChange {
            self.comment = Some(CommentChange::Set(comment));
            self
        }
        /// No comment any more.
        fn no_comment(self) -> ColumnChange { self.comment = Some(CommentChange::Drop); self }
        /// What one database is to make of it from then on: `.with(postgres::statistics(500))`.
        fn with(self, option: (ColumnOption)) -> ColumnChange {
            self.options.set(option.database, option.name, Some(option.setting));
            self
        }
        /// What one database is told no more, by its name: `.without(Postgres, "storage")`.
        fn without(self, database: Database, option: (String)) -> ColumnChange {
            self.options.set(database, option, None);
            self
        }
        /// From now on the database numbers it, where a row brings no number of its own.
        fn identity(self) -> ColumnChange {
            self.identity = Some(IdentityChange::Set(<Identity as Default>::default()));
            self
        }
        /// From now on the database numbers it like this.
        fn identity_as(self, identity: Identity) -> ColumnChange {
            self.identity = Some(IdentityChange::Set(identity));
            self
        }
        /// The database doesn't number it any more, and it keeps its values.
        fn no_identity(self) -> ColumnChange { self.identity = Some(IdentityChange::Drop); self }
    }

    methods Rows {
        /// The columns by which a row is known: those of the primary key, of a unique constraint or of a unique index.
        fn key(self, columns: (Names)) -> Upsert {
            let key = columns.0;
            Upsert { table: self.table, columns: key.clone(), key, rows: vec![] }
        }
        /// What a column gets, in batches of rows: a value, or `sql(…)` over the row's columns.
        fn set(self, column: (String), value: (Cell)) -> Backfill {
            let set = vec![(column, value)];
            let (filter, batch, undo) = (None, USUAL_BATCH, Undo::Nothing);
            Backfill { table: self.table, set, filter, batch, undo }
        }
    }

    methods Backfill {
        /// What a further column gets.
        fn set(self, column: (String), value: (Cell)) -> Backfill {
            self.set.push((column, value));
            self
        }
        /// Which rows get it, as a condition in SQL.
        fn filter(self, condition: (PerDatabase)) -> Backfill {
            self.filter = Some(condition);
            self
        }
        /// How many rows a transaction changes at the most; 1000 where nothing is said.
        fn batch(self, rows: u32) -> Backfill { self.batch = rows; self }
        /// How it is taken back; without it there is nothing to take back.
        fn undo(self, undo: (PerDatabase)) -> Backfill { self.undo = Undo::Sql(undo); self }
        /// There is nothing to take back; so it is unless something else is said.
        fn undo_nothing(self) -> Backfill { self.undo = Undo::Nothing; self }
    }

    methods Upsert {
        /// The columns that are written, the key's among them; the key's alone where nothing is
        /// said.
        fn columns(self, columns: (Names)) -> Upsert { self.columns = columns.0; self }
        /// A row: a value for each column, as a tuple of up to 24 or as a list of `value(…)`.
        fn row(self, values: (Cells)) -> Upsert { self.rows.push(values.0); self }
    }

    methods Sql {
        /// A query that answers whether the first statement has had its effect, where nobody can
        /// tell otherwise after a crash.
        fn done_when(self, query: (PerDatabase)) -> Script {
            Script { done_when: Some(query), ..Script::of(PerDatabase::all(self.0)) }
        }
        /// How it is taken back.
        fn undo(self, undo: (PerDatabase)) -> Script {
            Script { undo: Undo::Sql(undo), ..Script::of(PerDatabase::all(self.0)) }
        }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Script {
            Script { undo: Undo::Nothing, ..Script::of(PerDatabase::all(self.0)) }
        }
        /// What it changes of the schema, which the migrations follow: `sql("ALTER TABLE …")
        /// .state(changes().add_column("users", "age", integer()))`. Without `undo` it is taken back
        /// by the inverse of these changes; an empty `changes()` says that the schema stays.
        fn state(self, changes: Changes) -> Script {
            Script { state: Some(changes.operations), ..Script::of(PerDatabase::all(self.0)) }
        }
    }

    methods Script {
        /// A query that answers whether the first statement has had its effect, where nobody can
        /// tell otherwise after a crash.
        fn done_when(self, query: (PerDatabase)) -> Script {
            self.done_when = Some(query);
            self
        }
        /// How it is taken back.
        fn undo(self, undo: (PerDatabase)) -> Script { self.undo = Undo::Sql(undo); self }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Script { self.undo = Undo::Nothing; self }
        /// What it changes of the schema, which the migrations follow. Without `undo` it is taken
        /// back by the inverse of these changes.
        fn state(self, changes: Changes) -> Script { self.state = Some(changes.operations); self }
    }

    methods PerDatabase {
        /// A query that answers whether the first statement has had its effect, where nobody can
        /// tell otherwise after a crash.
        fn done_when(self, query: (PerDatabase)) -> Script {
            Script { done_when: Some(query), ..Script::of(self) }
        }
        /// The text for a further database.
        fn on(self, database: Database, text: (String)) -> PerDatabase {
            self.texts.push((database, text));
            self
        }
        /// The text for every database that isn't named.
        fn otherwise(self, text: (String)) -> PerDatabase { self.otherwise = Some(text); self }
        /// How it is taken back.
        fn undo(self, undo: (PerDatabase)) -> Script {
            Script { undo: Undo::Sql(undo), ..Script::of(self) }
        }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Script { Script { undo: Undo::Nothing, ..Script::of(self) } }
        /// What it changes of the schema, which the migrations follow. Without `undo` it is taken
        /// back by the inverse of these changes.
        fn state(self, changes: Changes) -> Script {
            Script { state: Some(changes.operations), ..Script::of(self) }
        }
    }

    methods Run {
        /// The tables that it reads and writes, so that a branch that changes others may be merged
        /// beside it; without it, nobody knows.
        fn touches(self, tables: (Names)) -> Run { self.touching(tables) }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Run { self.undo = UndoRun::Nothing; self }
    }

    steps {
        /// Creates a table with its indexes and foreign keys.
        fn create_table(self, table: Table) -> Migration { self.with(CreateTable { table }) }
        /// Drops a table and its rows.
        fn drop_table(self, table: (Name)) -> Migration { self.with(DropTable { table }) }
        /// Gives a table another name.
        fn rename_table(self, from: (Name), to: (Name)) -> Migration {
            self.with(RenameTable { from, to })
        }
        /// Changes what is said of a table itself, such as its comment; what isn't named stays.
        fn alter_table(self, table: (Name), change: TableChange) -> Migration {
            self.with(AlterTable { table, change })
        }
        /// Adds a column behind the others.
        fn add_column(self, table: (Name), name: (String), column: (Column)) -> Migration {
            self.with(AddColumn { table, name, column })
        }
        /// Drops a column and its values.
        fn drop_column(self, table: (Name), column: (String)) -> Migration {
            self.with(DropColumn { table, column })
        }
        /// Changes what is said of a column; what isn't named stays.
        fn alter_column(self, table: (Name), column: (String), change: ColumnChange) -> Migration {
            self.with(AlterColumn { table, column, change })
        }
        /// Gives a column another name.
        fn rename_column(self, table: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameColumn { table, from, to })
        }
        /// Adds an index.
        fn add_index(self, table: (Name), index: Index) -> Migration {
            self.with(AddIndex { table, index })
        }
        /// Drops an index.
        fn drop_index(self, table: (Name), index: (String)) -> Migration {
            self.with(DropIndex { table, index })
        }
        /// Gives an index another name.
        fn rename_index(self, table: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameIndex { table, from, to })
        }
        /// Adds a foreign key over `columns`.
        fn add_foreign_key(self, table: (Name), columns: (Names), target: (Reference)) -> Migration {
            let foreign_key: ForeignKey = target.of(&table, columns.0);
            self.with(AddForeignKey { table, foreign_key })
        }
        /// Drops a foreign key.
        fn drop_foreign_key(self, table: (Name), foreign_key: (String)) -> Migration {
            self.with(DropForeignKey { table, foreign_key })
        }
        /// Adds a unique constraint.
        fn add_unique(self, table: (Name), unique: Unique) -> Migration {
            self.with(AddUnique { table, unique })
        }
        /// Drops a unique constraint.
        fn drop_unique(self, table: (Name), unique: (String)) -> Migration {
            self.with(DropUnique { table, unique })
        }
        /// Adds a condition that must hold of every row, in SQL.
        fn add_check(self, table: (Name), name: (String), condition: (PerDatabase)) -> Migration {
            self.with(AddCheck { table, check: Check { name, condition } })
        }
        /// Drops a check.
        fn drop_check(self, table: (Name), check: (String)) -> Migration {
            self.with(DropCheck { table, check })
        }
        /// Gives a check, a unique constraint or a foreign key another name.
        fn rename_constraint(self, table: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameConstraint { table, from, to })
        }
        /// Makes these columns the primary key, in place of the one that there may be; they are
        /// never null from then on.
        fn alter_primary_key(self, table: (Name), columns: (Names)) -> Migration {
            self.with(AlterPrimaryKey { table, columns: columns.0 })
        }
        /// Drops the primary key; its columns stay as they are.
        fn drop_primary_key(self, table: (Name)) -> Migration {
            self.with(AlterPrimaryKey { table, columns: vec![] })
        }
        /// Creates an enum, a type of its own where the database has such: its values in the order
        /// in which they compare.
        fn create_enum(self, name: (Name), values: (Names)) -> Migration {
            self.with(CreateEnum { enumeration: Enumeration { name, values: values.0 } })
        }
        /// Gives an enum another name, which its columns have then.
        fn rename_enum(self, from: (Name), to: (Name)) -> Migration { self.with(RenameEnum { from, to }) }
        /// Gives a value of an enum another name, in rows and defaults too.
        fn rename_enum_value(self, enumeration: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameEnumValue { enumeration, from, to })
        }
        /// Adds a value to an enum, behind its others.
        fn add_enum_value(self, enumeration: (Name), value: (String)) -> Migration {
            self.with(AddEnumValue { enumeration, value, before: None })
        }
        /// Adds a value to an enum, before another one.
        fn add_enum_value_before(self, enumeration: (Name), value: (String), before: (String)) -> Migration {
            self.with(AddEnumValue { enumeration, value, before: Some(before) })
        }
        /// Gives an enum these values, in this order. No row may have a value that goes.
        fn set_enum_values(self, enumeration: (Name), values: (Names)) -> Migration {
            self.with(SetEnumValues { enumeration, values: values.0 })
        }
        /// Drops an enum that no column uses.
        fn drop_enum(self, enumeration: (Name)) -> Migration { self.with(DropEnum { enumeration }) }
        /// Creates a namespace: a PostgreSQL schema, a MySQL database.
        fn create_namespace(self, namespace: (String)) -> Migration { self.with(CreateNamespace { namespace }) }
        /// Drops a namespace in which nothing stands any more.
        fn drop_namespace(self, namespace: (String)) -> Migration { self.with(DropNamespace { namespace }) }
        /// Creates a view: a query that is read like a table. It comes behind all that it names, and
        /// the query is the database's own SQL; with an empty text a database goes without.
        fn create_view(self, name: (Name), query: (PerDatabase)) -> Migration {
            self.with(CreateView { view: View::new(name, query) })
        }
        /// Creates a view whose rows are kept, as they were when they were last refreshed
        /// (PostgreSQL).
        fn create_materialized_view(self, name: (Name), query: (PerDatabase)) -> Migration {
            self.with(CreateView { view: View { materialized: true, ..View::new(name, query) } })
        }
        /// Gives a view another query. Where the database can't put it in the old one's place, the
        /// view is dropped and created again, with those that rest on it.
        fn alter_view(self, view: (Name), query: (PerDatabase)) -> Migration {
            self.with(AlterView { view, query })
        }
        /// Drops a view, materialized or not; the rows that it shows stay where they are.
        fn drop_view(self, view: (Name)) -> Migration { self.with(DropView { view }) }
        /// Defines a default by name, or defines it anew; columns that use it follow.
        fn set_named_default(self, name: (String), value: (PerDatabase)) -> Migration {
            self.with(SetNamedDefault { name, value })
        }
        /// Forgets a default that was defined by name.
        fn drop_named_default(self, name: (String)) -> Migration {
            self.with(DropNamedDefault { name })
        }
        /// Runs SQL of your own; the schema is taken to stay as it is, unless `.state(…)` says what
        /// changes.
        fn run_sql(self, script: (Script)) -> Migration { self.with(RunSql { script }) }
    }

    of Migration {
        /// Writes rows: those whose key is there get these values, the others are added. Taken
        /// back, what was there before is there again.
        fn upsert(self, rows: Upsert) -> Migration { self.with(rows) }
        /// Changes rows in batches of a transaction each, so that a run that is stopped goes on
        /// with the next batch.
        fn backfill(self, rows: Backfill) -> Migration { self.with(rows) }
        /// Changes rows by code in Rust, in one transaction with the mark that it has run.
        fn run(self, change: Run) -> Migration { self.with(change) }
        /// Stops `up` before it runs anything, until somebody has looked and taken this out.
        fn needs_review(self, why: (String)) -> Migration { self.with(NeedsReview { why }) }
        /// The migration can't be taken back; `down` says why and does nothing.
        fn irreversible(self, why: (String)) -> Migration { self.with(Irreversible { why }) }
        /// Changes the schema that the migrations know and leaves the database alone:
        /// `state_only(changes().drop_column("users", "legacy"))`.
        fn state_only(self, changes: Changes) -> Migration {
            self.with(StateOnly { operations: changes.operations })
        }
        /// Changes the database and leaves the schema that the migrations know alone.
        fn database_only(self, changes: Changes) -> Migration {
            self.with(DatabaseOnly { operations: changes.operations })
        }
        /// Makes changes of which a part may be made already: what is there is not made again, and
        /// what is not there is not dropped. Each such step is told; whatever else the database
        /// refuses stops `up` as always.
        fn ignore_errors(self, changes: Changes) -> Migration {
            self.with(IgnoreErrors { operations: changes.operations })
        }
        /// Stands in the place of these migrations, all of which it does in one, as
        /// `generate --squash` writes it. Where some of them have run, the others go on instead.
        fn replaces(self, migrations: (Names)) -> Migration {
            self.replaces = migrations.0;
            self
        }
        /// Runs only once the programs that need what it takes away are gone:
        /// `up --phase before-deploy` leaves it out, `up --phase after-deploy` runs it.
        fn after_deploy(self) -> Migration { self.after_deploy = true; self }
        /// Every statement runs outside of a transaction. Rarely needed: statements that can't
        /// run in one are recognised.
        fn no_transaction(self) -> Migration { self.no_transaction = true; self }
    }
}

impl Table {
    /// Keys are kept by name: where one is written, at its column or behind all of them, makes no
    /// other table.
    fn add_foreign_key(&mut self, key: ForeignKey) {
        let at = self.foreign_keys.partition_point(|it| it.name <= key.name);
        self.foreign_keys.insert(at, key);
    }
}

impl Changes {
    fn with(mut self, operation: impl Into<crate::Operation>) -> Self {
        self.operations.push(operation.into());
        self
    }
}

impl Migration {
    fn with(mut self, operation: impl Into<crate::Operation>) -> Self {
        self.operations.push(operation.into());
        self
    }
}
