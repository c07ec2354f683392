//! Every type to every other one, on every engine and with rows: it runs and keeps them, or it is
//! refused in words before anything runs.

use std::thread;

use whimbrel::{
    connection::Connection,
    dialect::Dialect,
    operation::{Operation, Span, as_change},
    schema::Schema,
    sql::{Body, LiveTable, Statement, Transaction, rewrite},
};
use whimbrel_migration::*;
use whimbrel_test::engines::{self, Engine, dialect_of};

const UUID: &str = "7f4a2c1e-8d3b-4a6f-9c2d-1e5b7a9d3f60";

/// All types; in a normal run one of those that databases treat alike.
fn types() -> Vec<ColumnType> {
    let mut types = vec![
        varchar(50),
        text(),
        integer(),
        bigint(),
        decimal(8, 2),
        boolean(),
        date(),
        time(),
        timestamp(),
        uuid(),
        json(),
        bytes(),
        array(integer()),
        one_of("state", ["abc", "new"]),
        one_of("mood", ["glad", "abc"]),
    ];
    if std::env::var_os("WHIMBREL_TEST_LONG").is_some() {
        types.extend([smallint(), float(), double(), timestamptz(), jsonb(), array(text())]);
    }
    types
}

fn one_of(name: &str, values: [&str; 2]) -> ColumnType {
    ColumnType::Enum { name: Box::new(name.into()), values: values.map(str::to_owned).to_vec() }
}

/// The enums among the types.
fn enumerations() -> Vec<Operation> {
    let types = types();
    let enums = types.iter().filter_map(ColumnType::enumeration);
    let enums = enums.map(|(name, values)| {
        let enumeration = Enumeration { name: name.clone(), values: values.to_vec() };
        CreateEnum { enumeration }.into()
    });
    enums.collect()
}

fn is_text(it: &ColumnType) -> bool {
    matches!(it, ColumnType::Varchar { .. } | ColumnType::Text { .. })
}

/// A value of a type, as SQL: of a text one that the other type understands.
fn value(dialect: &Dialect, of: &ColumnType, other: &ColumnType) -> String {
    use ColumnType as T;
    match of {
        T::Varchar { .. } | T::Text { .. } if is_text(other) => "'abc'".to_owned(),
        T::Varchar { .. } | T::Text { .. } => match value(dialect, other, of).as_str() {
            "TRUE" => "'1'".to_owned(),
            // Bytes are written in another way on each database.
            it if it.contains("616263") => "'abc'".to_owned(),
            it if it.starts_with('\'') => it.to_owned(),
            it => format!("'{it}'"),
        },
        T::Boolean => "TRUE".to_owned(),
        T::Date => "'2024-01-02'".to_owned(),
        T::Time => "'10:11:12'".to_owned(),
        T::Timestamp | T::Timestamptz => "'2024-01-02 10:11:12'".to_owned(),
        T::Uuid => format!("'{UUID}'"),
        T::Json | T::Jsonb => "'{\"a\": 1}'".to_owned(),
        T::Bytes if dialect.name == "postgres" => "'\\x616263'::BYTEA".to_owned(),
        T::Bytes => "x'616263'".to_owned(),
        T::Array { .. } if dialect.name == "postgres" => "'{1,2}'".to_owned(),
        T::Array { .. } => "'[1,2]'".to_owned(),
        T::Enum { .. } => "'abc'".to_owned(),
        _ => "1".to_owned(),
    }
}

fn texts(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    statement: &Statement,
) -> Result<Vec<String>, String> {
    match &statement.body {
        Body::Text(text) => Ok(vec![text.clone()]),
        Body::Live(change) => {
            let ask = |it: &String| connection.query(it).expect("it can be asked");
            let answers = dialect.live_queries(&change.table).iter().map(ask).collect();
            let live = LiveTable::from_rows(dialect, &change.table, answers).expect("it is there");
            rewrite(dialect, &live, change).map_err(|it| it.to_string())
        }
        Body::Batches(_) | Body::Code(_) => Err("a change of type has no batches".to_owned()),
    }
}

fn run(
    connection: &mut dyn Connection,
    dialect: &Dialect,
    before: &Schema,
    operation: &Operation,
) -> Result<Result<Schema, String>, String> {
    let mut after = before.clone();
    as_change(operation).apply(&mut after).expect("it fits");
    let span = Span { before, after: &after };
    let statements = match as_change(operation).sql(dialect, span) {
        Ok(statements) => statements,
        Err(unsupported) => return Ok(Err(unsupported.to_string())),
    };
    for statement in statements {
        let alone = statement.transaction == Transaction::WithoutForeignKeys;
        if alone {
            connection.begin().map_err(|it| it.to_string())?;
        }
        for text in texts(connection, dialect, &statement)? {
            if let Err(error) = connection.execute(&text) {
                let _ = connection.rollback();
                return Err(format!("{error}: {text}"));
            }
        }
        if alone {
            connection.commit().map_err(|it| it.to_string())?;
        }
    }
    Ok(Ok(after))
}

fn alter(to: &ColumnType) -> Operation {
    let change = set().data_type(to.clone());
    AlterColumn { table: "t".into(), column: "v".into(), change }.into()
}

/// The table whose column changes; with a unique index over that.
fn made(of: &ColumnType, is_unique: bool) -> Table {
    let made = table("t").column("id", integer().primary_key()).column("v", of.clone());
    if is_unique { made.index(index("t_v_uq").on("v").unique()) } else { made }
}

/// Why a pair is refused, if it is, without a database; `None` where it has no such types.
#[expect(clippy::option_option, reason = "no such types, no refusal, a refusal")]
fn refused(
    dialect: &Dialect,
    (from, to): (&ColumnType, &ColumnType),
    is_unique: bool,
) -> Option<Option<String>> {
    let made = |of: &ColumnType| {
        let mut schema = Schema::from_iter([made(of, is_unique)]);
        for create in &enumerations() {
            as_change(create).apply(&mut schema).expect("it is new");
        }
        schema
    };
    for it in [from, to] {
        dialect.type_text(it).ok()?;
    }
    let (before, after) = (made(from), made(to));
    let span = Span { before: &before, after: &after };
    Some(as_change(&alter(to)).sql(dialect, span).err().map(|it| it.to_string()))
}

/// How a pair of types went; `None` where the database has no such types.
fn pair(
    engine: &Engine,
    connection: &mut dyn Connection,
    enums: &Schema,
    (from, to): (&ColumnType, &ColumnType),
    is_unique: bool,
) -> Option<String> {
    let dialect = dialect_of(connection);
    if let Some(words) = refused(dialect, (from, to), is_unique)? {
        return Some(format!("refused: {words}"));
    }
    let mut empty = enums.clone();
    let create = CreateTable { table: made(from, is_unique).into() }.into();
    match run(connection, dialect, &empty, &create) {
        Ok(Ok(schema)) => empty = schema,
        Ok(Err(_)) => return None,
        Err(error) => panic!("{}: {from}: {error}", engine.name),
    }
    let row = value(dialect, from, to);
    connection
        .execute(&format!("INSERT INTO t (id, v) VALUES (1, {row}), (2, NULL)"))
        .unwrap_or_else(|error| panic!("{}: {from}: {row}: {error}", engine.name));
    let outcome = match run(connection, dialect, &empty, &alter(to)) {
        Ok(Ok(_)) => {
            let rows = connection.query("SELECT v FROM t ORDER BY id").expect("it is there");
            match (&rows[0][0], &rows[1][0]) {
                (Some(value), None) => format!("`{value}`"),
                other => format!("LOST {other:?}"),
            }
        }
        Ok(Err(words)) => format!("refused: {words}"),
        Err(error) => format!("FAILED {error}"),
    };
    connection.execute("DROP TABLE t").expect("it is there");
    Some(outcome)
}

/// How every pair went on one engine.
fn all_pairs(engine: &Engine, is_unique: bool) -> Vec<(String, String)> {
    let database = engine.fresh_database();
    let mut connection = database.connect();
    let dialect = dialect_of(&*connection);
    let mut enums = Schema::default();
    for create in &enumerations() {
        let made = run(connection.as_mut(), dialect, &enums, create).expect("it is made");
        enums = made.expect("every database has enums");
    }
    let mut outcomes = Vec::new();
    for from in types() {
        for to in types().into_iter().filter(|it| *it != from) {
            if let Some(outcome) =
                pair(engine, connection.as_mut(), &enums, (&from, &to), is_unique)
            {
                outcomes.push((format!("{from} -> {to}"), outcome));
            }
        }
    }
    outcomes
}

/// How every pair went on every engine: none failed, and none lost a value.
fn on_all(is_unique: bool) -> Vec<(String, Vec<(String, String)>)> {
    let engines = engines::all();
    let outcomes: Vec<(String, Vec<(String, String)>)> = thread::scope(|scope| {
        let running: Vec<_> = engines
            .iter()
            .map(|it| (&it.name, scope.spawn(move || all_pairs(it, is_unique))))
            .collect();
        let done = running.into_iter();
        done.map(|(name, it)| (name.clone(), it.join().expect("it was all looked at"))).collect()
    });
    let mut failures = Vec::new();
    for (engine, outcomes) in &outcomes {
        for (pair, outcome) in outcomes {
            if outcome.starts_with("FAILED") || outcome.starts_with("LOST") {
                failures.push(format!("{engine}: {pair}: {outcome}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} pairs:\n{}", failures.len(), failures.join("\n"));
    outcomes
}

#[test]
fn every_type_becomes_every_other_one_or_is_refused_in_words() {
    for (engine, outcomes) in on_all(false) {
        let of = |pair: &str| outcomes.iter().find(|(it, _)| it == pair).map(|(_, it)| it.as_str());
        let kept =
            [("text -> integer", "`1`"), ("boolean -> bigint", "`1`"), ("bytes -> text", "`abc`")];
        assert!(of("enum state -> enum mood").is_some(), "{engine}: {outcomes:?}");
        for (pair, wanted) in kept {
            assert_eq!(of(pair), Some(wanted), "{engine}: {pair}");
        }
        for pair in ["date -> integer", "uuid -> boolean", "bytes -> decimal(8,2)"] {
            assert!(of(pair).is_some_and(|it| it.contains("mean nothing")), "{engine}: {pair}");
        }
    }
}

/// What can't be indexed is told before the database stumbles over it.
#[test]
fn every_type_under_a_unique_index_becomes_every_other_one_or_is_refused_in_words() {
    for (engine, outcomes) in on_all(true) {
        assert!(outcomes.iter().any(|(_, it)| it == "`1`"), "{engine}: {outcomes:?}");
    }
}
