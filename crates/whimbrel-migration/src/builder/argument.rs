//! What may be written where a value of the language is wanted: `"a"` for a name, `["a", "b"]` for several.

use crate::{
    Cell, Cells, Column, ColumnOption, ColumnType, DefaultValue, IndexColumn, IndexColumns, Name,
    Names, Parents, PerDatabase, Reference, Script, SharedOption, Sql, TableOption, asc,
    run::Values, to,
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
