//! Any migration that the builder can make, for laws that hold for all of them.

use proptest::{collection::vec, option, prelude::*};
use whimbrel_migration::{
    Action, AddCheck, AddColumn, AddEnumValue, AddForeignKey, AddIndex, AddUnique, AlterColumn,
    AlterPrimaryKey, AlterRoutine, AlterTable, AlterView, Backfill, Cell, Check, CollationChange,
    Column, ColumnChange, ColumnType, CommentChange, CreateEnum, CreateNamespace, CreateRoutine,
    CreateTable, CreateView, Database, DatabaseOnly, DefaultChange, DefaultValue, Deferral,
    Direction, DropCheck, DropColumn, DropEnum, DropForeignKey, DropIndex, DropNamedDefault,
    DropNamespace, DropRoutine, DropTable, DropUnique, DropView, Enumeration, ForeignKey,
    Generated, GeneratedChange, Identity, IdentityChange, IgnoreErrors, Index, IndexColumn,
    Irreversible, Migration, Name, NamedColumn, NeedsReview, Nulls, Of, Operation, Options,
    OptionsChange, PerDatabase, Reference, RenameColumn, RenameConstraint, RenameEnum,
    RenameEnumValue, RenameIndex, RenameTable, Routine, RoutineName, RunSql, Script, SetEnumValues,
    SetNamedDefault, Setting, StateOnly, Table, TableChange, Takes, Undo, Unique, Upsert, View,
    known_options, to,
};

/// What things are called: mostly words, now and then whatever a text can hold.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-z][a-z_]{0,24}",
        1 => "[a-z]{20,60}",
        1 => "[a-zé字 \"'\\\\{}#.-]{0,20}",
    ]
}

/// SQL text: a line, several lines, quotes of all kinds.
fn sql() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z_ =']{0,40}",
        1 => "[a-z_ =']{60,140}",
        2 => "[a-z \"#\n]{0,60}",
        1 => "[ -~\n\r\té\u{200e}\u{0}]{0,40}",
    ]
}

fn name() -> impl Strategy<Value = Name> {
    (option::weighted(0.2, word()), word()).prop_map(|(namespace, name)| Name { namespace, name })
}

fn per_database() -> impl Strategy<Value = PerDatabase> {
    let database = proptest::sample::select(Database::ALL.to_vec());
    prop_oneof![
        sql().prop_map(PerDatabase::all),
        (vec((database, sql()), 1..4), option::of(sql()))
            .prop_map(|(texts, otherwise)| PerDatabase { texts, otherwise }),
    ]
}

fn data_type() -> impl Strategy<Value = ColumnType> {
    let simple = proptest::sample::select(vec![
        ColumnType::Text { length: None },
        ColumnType::Smallint,
        ColumnType::Integer,
        ColumnType::Bigint,
        ColumnType::Serial,
        ColumnType::Bigserial,
        ColumnType::Float,
        ColumnType::Double,
        ColumnType::Boolean,
        ColumnType::Date,
        ColumnType::Time,
        ColumnType::Timestamp,
        ColumnType::Timestamptz,
        ColumnType::Uuid,
        ColumnType::Json,
        ColumnType::Jsonb,
        ColumnType::Bytes,
    ]);
    let leaf = prop_oneof![
        simple,
        any::<u32>().prop_map(|length| ColumnType::Varchar { length }),
        any::<u32>().prop_map(|it| ColumnType::Text { length: Some(it) }),
        any::<(u32, u32)>().prop_map(|(precision, scale)| ColumnType::Decimal { precision, scale }),
        name().prop_map(|table| ColumnType::KeyOf { table: Box::new(table) }),
        sql().prop_map(|spelled| ColumnType::Other { spelled }),
        name().prop_map(|name| ColumnType::Enum { name: Box::new(name), values: vec![] }),
    ];
    let plain = leaf.prop_recursive(2, 3, 1, |inner| {
        inner.prop_map(|of| ColumnType::Array { of: Box::new(of) })
    });
    (plain, option::weighted(0.1, per_database())).prop_map(|(of, spelled)| match spelled {
        Some(spelled) => ColumnType::Spelled { of: Box::new(of), spelled: Box::new(spelled) },
        None => of,
    })
}

fn default() -> impl Strategy<Value = DefaultValue> {
    prop_oneof![
        word().prop_map(DefaultValue::Text),
        any::<i64>().prop_map(DefaultValue::Integer),
        any::<bool>().prop_map(DefaultValue::Boolean),
        per_database().prop_map(DefaultValue::Sql),
        word().prop_map(DefaultValue::Named),
        Just(DefaultValue::Now),
        Just(DefaultValue::NewUuid),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    proptest::sample::select(Action::ALL.to_vec())
}

fn reference() -> impl Strategy<Value = Reference> {
    let deferral = proptest::sample::select(Deferral::ALL.to_vec());
    (option::of(word()), name(), vec(word(), 0..3), action(), action(), deferral).prop_map(
        |(name, table, columns, on_delete, on_update, deferral)| Reference {
            name,
            columns,
            on_delete,
            on_update,
            deferral,
            ..to(table)
        },
    )
}

fn foreign_key(columns: impl Strategy<Value = Vec<String>>) -> impl Strategy<Value = ForeignKey> {
    (reference(), word(), columns).prop_map(|(reference, name, columns)| ForeignKey {
        name,
        ..reference.of(&Name::new("t"), columns)
    })
}

fn index() -> impl Strategy<Value = Index> {
    let direction = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    let nulls = prop_oneof![Just(Nulls::First), Just(Nulls::Last)];
    let more = (
        option::of(nulls),
        option::of(any::<u32>()),
        option::of(per_database()),
        option::of(per_database()),
    );
    let column = (word(), option::of(per_database()), direction, option::of(more)).prop_map(
        |(name, expression, direction, more)| {
            let name = if expression.is_some() { String::new() } else { name };
            let (nulls, prefix, collation, operator_class) = more.unwrap_or_default();
            IndexColumn { name, expression, direction, nulls, prefix, collation, operator_class }
        },
    );
    let more = (option::of(word()), option::of(sql()), vec(word(), 0..3), any::<bool>());
    (word(), vec(column, 0..5), any::<bool>(), more).prop_map(
        |(name, columns, unique, (method, filter, include, nulls_not_distinct))| Index {
            name,
            columns,
            unique,
            nulls_not_distinct,
            method,
            include,
            filter,
        },
    )
}

fn unique() -> impl Strategy<Value = Unique> {
    let more = (any::<bool>(), vec(word(), 0..2), proptest::sample::select(Deferral::ALL.to_vec()));
    (word(), vec(word(), 0..4), more).prop_map(
        |(name, columns, (nulls_not_distinct, include, deferral))| Unique {
            name,
            columns,
            nulls_not_distinct,
            include,
            deferral,
        },
    )
}

fn check() -> impl Strategy<Value = Check> {
    (word(), per_database()).prop_map(|(name, condition)| Check { name, condition })
}

/// A column as a table holds it: keys and references are the table's.
fn plain_column() -> impl Strategy<Value = Column> {
    let collation = option::weighted(0.2, per_database());
    let numbered = option::weighted(0.2, identity());
    let told = (comment(), options(Of::Column));
    let more = (any::<bool>(), option::of(generated()), collation, told, numbered);
    (data_type(), any::<bool>(), option::of(default()), more).prop_map(
        |(data_type, nullable, default, more)| {
            let (auto_update, generated, collation, (comment, options), identity) = more;
            Column {
                nullable,
                default,
                auto_update,
                generated,
                collation,
                comment,
                identity,
                options,
                ..data_type.into()
            }
        },
    )
}

fn comment() -> impl Strategy<Value = Option<String>> {
    option::weighted(0.2, prop_oneof![word(), sql()])
}

/// Options of tables or columns, as the builder has them.
fn options(of: Of) -> impl Strategy<Value = Options> {
    let known: Vec<_> = known_options().filter(|it| it.of == of).collect();
    vec((proptest::sample::select(known), any::<bool>(), word()), 0..3).prop_map(|all| {
        let mut options = Options::default();
        for (known, flag, word) in all {
            let setting = match known.takes {
                Takes::Nothing => Setting::Flag(true),
                Takes::Flag => Setting::Flag(flag),
                Takes::Whole(least, greatest) => {
                    Setting::Number(if flag { least } else { greatest })
                }
                Takes::Fraction(..) | Takes::Word(_) | Takes::Name => Setting::Text(word),
            };
            options.set(known.database, known.name, setting);
        }
        options
    })
}

fn comment_change() -> impl Strategy<Value = Option<CommentChange>> {
    option::of(comment().prop_map(|it| CommentChange::to(it.as_ref())))
}

fn identity() -> impl Strategy<Value = Identity> {
    (any::<bool>(), option::of(any::<i64>()), option::of(any::<i64>()))
        .prop_map(|(always, start, increment)| Identity { always, start, increment })
}

fn generated() -> impl Strategy<Value = Box<Generated>> {
    (per_database(), any::<bool>())
        .prop_map(|(expression, stored)| Box::new(Generated { expression, stored }))
}

fn column() -> impl Strategy<Value = Column> {
    (plain_column(), option::of(reference()), any::<bool>()).prop_map(
        |(column, references, primary_key)| Column {
            references: references.map(Box::new),
            primary_key,
            ..column
        },
    )
}

fn table() -> impl Strategy<Value = Table> {
    let columns = vec((word(), plain_column()), 0..6);
    (name(), columns).prop_flat_map(|(name, columns)| {
        let known: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        let some = prop_oneof![
            3 => proptest::sample::subsequence(known.clone(), 0..=known.len()),
            1 => vec(word(), 0..3),
        ];
        let pointing = prop_oneof![
            3 => proptest::sample::subsequence(known.clone(), 0..=known.len().min(1)),
            1 => proptest::sample::subsequence(known.clone(), 0..=known.len()),
        ];
        let checks = (vec(check(), 0..3), vec(unique(), 0..3));
        (
            some,
            vec(foreign_key(pointing), 0..4),
            vec(index(), 0..3),
            checks,
            (comment(), options(Of::Table)),
        )
            .prop_map(
                move |(
                    primary_key,
                    foreign_keys,
                    indexes,
                    (checks, uniques),
                    (comment, options),
                )| Table {
                    // The builder keeps them by name, and nothing else makes a table.
                    foreign_keys: by_name(foreign_keys, |it| &it.name),
                    indexes: by_name(indexes, |it| &it.name),
                    checks: by_name(checks, |it| &it.name),
                    uniques: by_name(uniques, |it| &it.name),
                    columns: columns
                        .iter()
                        .map(|(name, column)| NamedColumn {
                            name: name.clone(),
                            column: column.clone(),
                        })
                        .collect(),
                    primary_key,
                    comment,
                    options,
                    ..Table::new(name.clone())
                },
            )
    })
}

fn by_name<T>(mut items: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    items.sort_by(|a, b| name(a).cmp(name(b)));
    items.dedup_by(|a, b| name(a) == name(b));
    items
}

fn change() -> impl Strategy<Value = ColumnChange> {
    let default = prop_oneof![default().prop_map(DefaultChange::Set), Just(DefaultChange::Drop)];
    let parts = (
        option::of(data_type()),
        option::of(per_database()),
        option::of(any::<bool>()),
        option::of(default),
        option::of(any::<bool>()),
        option::of(prop_oneof![
            generated().prop_map(GeneratedChange::Set),
            Just(GeneratedChange::Drop)
        ]),
        option::of(option::of(per_database()).prop_map(|it| CollationChange::to(it.as_ref()))),
        comment_change(),
        option::of(prop_oneof![
            identity().prop_map(IdentityChange::Set),
            Just(IdentityChange::Drop)
        ]),
        (options(Of::Column), options(Of::Column)),
    );
    parts.prop_map(
        |(
            data_type,
            using,
            nullable,
            default,
            auto_update,
            generated,
            collation,
            comment,
            identity,
            (before, after),
        )| {
            ColumnChange {
                data_type,
                using,
                nullable,
                default,
                auto_update,
                generated,
                collation,
                comment,
                identity,
                options: OptionsChange::between(&before, &after),
            }
        },
    )
}

fn script() -> impl Strategy<Value = Script> {
    let undo =
        prop_oneof![Just(Undo::Unknown), Just(Undo::Nothing), per_database().prop_map(Undo::Sql),];
    (per_database(), undo, option::weighted(0.3, per_database()))
        .prop_map(|(up, undo, done_when)| Script { undo, done_when, ..Script::of(up) })
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        1 => Just(Cell::Null),
        1 => "[0-9a-f]{0,8}".prop_map(Cell::Bytes),
        4 => default().prop_map(Cell::Value),
    ]
}

fn upsert() -> impl Strategy<Value = Upsert> {
    let row = prop_oneof![9 => vec(cell(), 1..6), 1 => vec(cell(), 23..27)];
    (name(), vec(word(), 1..3), vec(word(), 0..6), vec(row, 0..4))
        .prop_map(|(table, key, columns, rows)| Upsert { table, key, columns, rows })
}

fn backfill() -> impl Strategy<Value = Backfill> {
    let undo = prop_oneof![Just(Undo::Nothing), per_database().prop_map(Undo::Sql)];
    let batch = prop_oneof![Just(1_000), any::<u32>()];
    (name(), vec((word(), cell()), 1..4), option::of(per_database()), batch, undo)
        .prop_map(|(table, set, filter, batch, undo)| Backfill { table, set, filter, batch, undo })
}

/// Every kind of operation.
pub(super) fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        16 => step(),
        2 => upsert().prop_map(Operation::Upsert),
        2 => backfill().prop_map(Operation::Backfill),
        1 => words().prop_map(|why| NeedsReview { why }.into()),
        1 => words().prop_map(|why| Irreversible { why }.into()),
        1 => vec(step(), 0..3).prop_map(|operations| StateOnly { operations }.into()),
        1 => vec(step(), 0..3).prop_map(|operations| DatabaseOnly { operations }.into()),
        1 => vec(step(), 0..3).prop_map(|operations| IgnoreErrors { operations }.into()),
        1 => declared_script(),
    ]
}

/// SQL that says what it changes; in a box, as it is large on the stack.
fn declared_script() -> BoxedStrategy<Operation> {
    let script = (script().boxed(), vec(step().boxed(), 0..3)).prop_map(|(script, state)| {
        RunSql { script: Script { state: Some(state), ..script } }.into()
    });
    script.boxed()
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![word(), Just("it drops \"users\",\nand more".to_owned())]
}

/// Every kind of operation that may also stand under a word that says how it is meant.
fn step() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => table().prop_map(|table| CreateTable { table: table.into() }.into()),
        1 => name().prop_map(|table| DropTable { table }.into()),
        1 => (name(), name()).prop_map(|(from, to)| RenameTable { from, to }.into()),
        1 => (name(), comment_change(), options(Of::Table), options(Of::Table)).prop_map(
            |(table, comment, before, after)| {
                let options = OptionsChange::between(&before, &after);
                AlterTable { table, change: TableChange { comment, options } }.into()
            },
        ),
        3 => (name(), word(), column())
            .prop_map(|(table, name, column)| AddColumn { table, name, column }.into()),
        1 => (name(), word()).prop_map(|(table, column)| DropColumn { table, column }.into()),
        3 => (name(), word(), change())
            .prop_map(|(table, column, change)| AlterColumn { table, column, change }.into()),
        1 => (name(), word(), word())
            .prop_map(|(table, from, to)| RenameColumn { table, from, to }.into()),
        2 => (name(), index()).prop_map(|(table, index)| AddIndex { table, index }.into()),
        1 => (name(), word()).prop_map(|(table, index)| DropIndex { table, index }.into()),
        1 => (name(), word(), word())
            .prop_map(|(table, from, to)| RenameIndex { table, from, to }.into()),
        2 => (name(), foreign_key(vec(word(), 0..3)))
            .prop_map(|(table, foreign_key)| AddForeignKey { table, foreign_key }.into()),
        1 => (name(), word())
            .prop_map(|(table, foreign_key)| DropForeignKey { table, foreign_key }.into()),
        1 => (name(), unique()).prop_map(|(table, unique)| AddUnique { table, unique }.into()),
        1 => (name(), word()).prop_map(|(table, unique)| DropUnique { table, unique }.into()),
        1 => (name(), check()).prop_map(|(table, check)| AddCheck { table, check }.into()),
        1 => (name(), word()).prop_map(|(table, check)| DropCheck { table, check }.into()),
        1 => (name(), word(), word())
            .prop_map(|(table, from, to)| RenameConstraint { table, from, to }.into()),
        1 => (name(), vec(word(), 0..3))
            .prop_map(|(table, columns)| AlterPrimaryKey { table, columns }.into()),
        1 => (word(), per_database())
            .prop_map(|(name, value)| SetNamedDefault { name, value }.into()),
        1 => word().prop_map(|name| DropNamedDefault { name }.into()),
        2 => enumeration_step(),
        2 => view_step(),
        2 => routine_step(),
        3 => script().prop_map(|script| RunSql { script }.into()),
    ]
}

fn view_step() -> impl Strategy<Value = Operation> {
    let view = (name(), per_database(), any::<bool>())
        .prop_map(|(name, query, materialized)| View { name, query, materialized });
    prop_oneof![
        2 => view.prop_map(|view| CreateView { view }.into()),
        1 => (name(), per_database()).prop_map(|(view, query)| AlterView { view, query }.into()),
        1 => name().prop_map(|view| DropView { view }.into()),
    ]
}

fn routine_step() -> impl Strategy<Value = Operation> {
    let named = prop_oneof![
        name().prop_map(RoutineName::Function),
        name().prop_map(RoutineName::Procedure),
        (name(), word()).prop_map(|(table, name)| RoutineName::Trigger(table, name)),
    ];
    let routine = (named.boxed(), per_database(), per_database());
    let routine = routine.prop_map(|(name, when, definition)| {
        let when = name.table().map(|_| when);
        Routine { name, when, definition }
    });
    (routine.boxed(), 0..3).prop_map(|(routine, what)| match what {
        0 => CreateRoutine { routine }.into(),
        1 => AlterRoutine { routine }.into(),
        _ => DropRoutine { name: routine.name }.into(),
    })
}

fn enumeration_step() -> impl Strategy<Value = Operation> {
    let enumeration =
        (name(), vec(word(), 1..4)).prop_map(|(name, values)| Enumeration { name, values });
    prop_oneof![
        2 => enumeration.prop_map(|enumeration| CreateEnum { enumeration }.into()),
        1 => name().prop_map(|enumeration| DropEnum { enumeration }.into()),
        1 => word().prop_map(|namespace| CreateNamespace { namespace }.into()),
        1 => word().prop_map(|namespace| DropNamespace { namespace }.into()),
        1 => (name(), word(), option::of(word())).prop_map(|(enumeration, value, before)| {
            AddEnumValue { enumeration, value, before }.into()
        }),
        1 => (name(), name()).prop_map(|(from, to)| RenameEnum { from, to }.into()),
        1 => (name(), word(), word()).prop_map(|(enumeration, from, to)| {
            RenameEnumValue { enumeration, from, to }.into()
        }),
        1 => (name(), vec(word(), 1..4))
            .prop_map(|(enumeration, values)| SetEnumValues { enumeration, values }.into()),
    ]
}

/// A migration of a few operations.
pub(super) fn migration() -> impl Strategy<Value = Migration> {
    (vec(word(), 0..4), vec(operation(), 0..5), any::<bool>()).prop_map(
        |(parents, operations, no_transaction)| {
            let replaces = if no_transaction { parents.clone() } else { vec![] };
            let after_deploy = operations.len() % 2 == 0;
            Migration { parents, operations, no_transaction, replaces, after_deploy }
        },
    )
}
