//! Laws of operations: what any list of them holds to, whatever is in it.

mod common;

use common::schemas::schema;
use proptest::{prelude::*, sample};
use whimbrel::{
    operation::{Inverse, Operation, as_change, reduce_all},
    schema::{Schema, Table},
};
use whimbrel_migration::*;

const TABLES: [&str; 4] = ["a", "b", "c", "x"];
const COLUMNS: [&str; 5] = ["id", "name", "ref", "size", "y"];
const INDEXES: [&str; 3] = ["a_one", "one", "two"];
const ENUMS: [&str; 2] = ["mood", "state"];
const VALUES: [&str; 3] = ["high", "low", "mid"];

/// Any operation, fitting or not: most lists have some that do and some that don't.
fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        20 => step(),
        2 => proptest::collection::vec(step(), 1..3)
            .prop_map(|operations| StateOnly { operations }.into()),
        1 => Just(NeedsReview { why: "it is new".into() }.into()),
        2 => (proptest::collection::vec(step(), 1..3), 0..3_u8).prop_map(|(operations, undo)| {
            let changes = Changes { operations };
            let script = match undo {
                0 => sql("SELECT 1").state(changes),
                1 => sql("SELECT 1").undo_nothing().state(changes),
                _ => sql("SELECT 1").undo("SELECT 2").state(changes),
            };
            RunSql { script }.into()
        }),
    ]
}

fn step() -> impl Strategy<Value = Operation> {
    let table = || sample::select(TABLES.to_vec());
    let column = || sample::select(COLUMNS.to_vec());
    let index_name = || sample::select(INDEXES.to_vec());
    prop_oneof![
        2 => (table(), column(), proptest::option::of(table())).prop_map(|(name, other, target)| {
            let made = whimbrel_migration::table(name).column("id", bigserial().primary_key());
            let made = match target {
                Some(target) => made.column("ref", key_of(target).references(target)),
                None => made,
            };
            let made = if other == "id" || other == "ref" { made } else { made.column(other, text()) };
            CreateTable { table: made.into() }.into()
        }),
        1 => table().prop_map(|it| DropTable { table: it.into() }.into()),
        1 => (table(), table()).prop_map(|(from, to)| {
            RenameTable { from: from.into(), to: to.into() }.into()
        }),
        4 => (table(), column(), new_column()).prop_map(|(table, name, column)| {
            AddColumn { table: table.into(), name: name.into(), column }.into()
        }),
        2 => (table(), column()).prop_map(|(table, column)| {
            DropColumn { table: table.into(), column: column.into() }.into()
        }),
        4 => (table(), column(), change()).prop_map(|(table, column, change)| {
            AlterColumn { table: table.into(), column: column.into(), change }.into()
        }),
        2 => (table(), column(), column()).prop_map(|(table, from, to)| {
            RenameColumn { table: table.into(), from: from.into(), to: to.into() }.into()
        }),
        3 => (table(), index_name(), column(), any::<bool>()).prop_map(|(table, name, on, part)| {
            let made = index(name).on(on);
            let index = if part { made.filter("name IS NOT NULL") } else { made };
            AddIndex { table: table.into(), index }.into()
        }),
        2 => (table(), index_name(), column(), column()).prop_map(|(table, name, on, other)| {
            let made = index(name).on(expr(format!("lower({on})"))).include(other);
            AddIndex { table: table.into(), index: made }.into()
        }),
        2 => (table(), index_name(), index_name()).prop_map(|(table, from, to)| {
            RenameIndex { table: table.into(), from: from.into(), to: to.into() }.into()
        }),
        2 => (table(), index_name()).prop_map(|(table, index)| {
            DropIndex { table: table.into(), index: index.into() }.into()
        }),
        2 => (table(), column(), table()).prop_map(|(table, column, target)| {
            let foreign_key = to(target).of(&table.into(), vec![column.into()]);
            AddForeignKey { table: table.into(), foreign_key }.into()
        }),
        2 => (table(), column()).prop_map(|(table, column)| {
            let foreign_key = foreign_key_name(&table.into(), &[column.to_owned()]);
            DropForeignKey { table: table.into(), foreign_key }.into()
        }),
        1 => sample::select(vec!["0", "1"]).prop_map(|it| {
            SetNamedDefault { name: "unknown".into(), value: PerDatabase::all(it) }.into()
        }),
        1 => Just(DropNamedDefault { name: "unknown".into() }.into()),
        6 => naming_step(),
        1 => Just(RunSql { script: sql("SELECT 1").undo_nothing() }.into()),
        8 => constraint_step(),
        6 => enum_step(),
        5 => namespace_step(),
        4 => view_step(),
    ]
}

/// Namespaces, and tables and enums that come into them or go from them.
fn namespace_step() -> impl Strategy<Value = Operation> {
    let namespace = || sample::select(&["s", "t"][..]).prop_map(str::to_owned);
    let name = || {
        (proptest::option::of(namespace()), sample::select(&["a", "mood"][..]))
            .prop_map(|(namespace, name)| Name { namespace, name: name.to_owned() })
    };
    prop_oneof![
        4 => namespace().prop_map(|namespace| CreateNamespace { namespace }.into()),
        2 => namespace().prop_map(|namespace| DropNamespace { namespace }.into()),
        2 => name().prop_map(|it| CreateTable { table: table(it).column("id", bigint().primary_key()).into() }.into()),
        1 => name().prop_map(|table| DropTable { table }.into()),
        2 => (name(), name()).prop_map(|(from, to)| RenameTable { from, to }.into()),
        1 => name().prop_map(|name| {
            CreateEnum { enumeration: Enumeration { name, values: vec!["low".to_owned()] } }.into()
        }),
        1 => name().prop_map(|enumeration| DropEnum { enumeration }.into()),
        1 => (name(), name()).prop_map(|(from, to)| RenameEnum { from, to }.into()),
    ]
}

/// Keys, conditions, and what is said of a table itself.
fn constraint_step() -> impl Strategy<Value = Operation> {
    let table = || sample::select(TABLES.to_vec());
    let column = || sample::select(COLUMNS.to_vec());
    let constraint = || sample::select(&["ck_one", "ck_two", "fk_a_ref"][..]);
    let key = sample::select(vec![vec![], vec!["id"], vec!["size"], vec!["id", "size"]]);
    prop_oneof![
        3 => (table(), constraint(), column()).prop_map(|(table, name, column)| {
            let condition = PerDatabase::all(format!("{column} > 0"));
            AddCheck { table: table.into(), check: Check { name: name.into(), condition } }.into()
        }),
        2 => (table(), constraint()).prop_map(|(table, check)| {
            DropCheck { table: table.into(), check: check.into() }.into()
        }),
        2 => (table(), constraint(), constraint()).prop_map(|(table, from, to)| {
            RenameConstraint { table: table.into(), from: from.into(), to: to.into() }.into()
        }),
        4 => (table(), key).prop_map(|(table, columns)| {
            let columns = columns.into_iter().map(str::to_owned).collect();
            AlterPrimaryKey { table: table.into(), columns }.into()
        }),
        2 => (table(), sample::select(&[None, Some("one"), Some("two")][..])).prop_map(
            |(table, comment)| {
                let comment = Some(CommentChange::to(comment.map(str::to_owned).as_ref()));
                AlterTable { table: table.into(), change: TableChange { comment, ..Default::default() } }.into()
            }
        ),
    ]
}

fn view_step() -> impl Strategy<Value = Operation> {
    let name = || sample::select(vec!["v_a", "v_b", "b"]).prop_map(Name::from);
    let query = || {
        let some =
            sample::select(vec!["SELECT id FROM a", "SELECT name FROM b", "SELECT id FROM v_a"]);
        some.prop_map(PerDatabase::all)
    };
    prop_oneof![
        3 => (name(), query()).prop_map(|(name, query)| {
            CreateView { view: View::new(name, query) }.into()
        }),
        2 => (name(), query()).prop_map(|(view, query)| AlterView { view, query }.into()),
        1 => name().prop_map(|view| DropView { view }.into()),
    ]
}

fn enum_step() -> impl Strategy<Value = Operation> {
    let name = || sample::select(ENUMS.to_vec()).prop_map(Name::from);
    let values = || {
        let some = sample::subsequence(VALUES.to_vec(), 1..=3).prop_shuffle();
        some.prop_map(|it| it.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let value = || sample::select(VALUES.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        3 => (name(), values()).prop_map(|(name, values)| {
            CreateEnum { enumeration: Enumeration { name, values } }.into()
        }),
        1 => name().prop_map(|enumeration| DropEnum { enumeration }.into()),
        2 => (name(), value(), proptest::option::of(value())).prop_map(
            |(enumeration, value, before)| AddEnumValue { enumeration, value, before }.into()
        ),
        3 => (name(), values()).prop_map(|(enumeration, values)| {
            SetEnumValues { enumeration, values }.into()
        }),
    ]
}

/// Enums and values that get other names, and conditions that speak of them.
fn naming_step() -> impl Strategy<Value = Operation> {
    let name = || sample::select(ENUMS.to_vec()).prop_map(Name::from);
    let value = || sample::select(VALUES.to_vec()).prop_map(str::to_owned);
    let column = || sample::select(COLUMNS.to_vec());
    let condition =
        (column(), value(), name(), 0..4_usize).prop_map(|(column, value, name, way)| match way {
            0 => format!("{column} <> '{value}'"),
            1 => format!("'{value}'::{name} = {column}"),
            2 => format!("{column} IN ('low', '{value}')"),
            _ => format!("coalesce({column}, '{value}') = 'low'"),
        });
    let table = sample::select(TABLES.to_vec());
    prop_oneof![
        3 => (name(), name()).prop_map(|(from, to)| RenameEnum { from, to }.into()),
        4 => (name(), value(), value()).prop_map(|(enumeration, from, to)| {
            RenameEnumValue { enumeration, from, to }.into()
        }),
        3 => (table, sample::select(&["ck_one", "ck_two"][..]), condition).prop_map(
            |(table, name, condition)| {
                let check = Check { name: name.into(), condition: PerDatabase::all(condition) };
                AddCheck { table: table.into(), check }.into()
            }
        ),
    ]
}

fn new_column() -> impl Strategy<Value = Column> {
    prop_oneof![
        Just(integer().not_null()),
        Just(varchar(9).default("it's")),
        Just(integer().default(named("unknown"))),
        sample::select(TABLES.to_vec()).prop_map(|it| key_of(it).references(it)),
        Just(varchar(9).collation("C").comment("told")),
        Just(bigint().identity()),
        Just(bigint().primary_key()),
        Just(integer().stored_as("size + 1")),
        sample::select(ENUMS.to_vec()).prop_map(|it| enumeration(it).into()),
        sample::select(ENUMS.to_vec()).prop_map(|it| enumeration(it).not_null().default("low")),
    ]
}

fn change() -> impl Strategy<Value = ColumnChange> {
    prop_oneof![
        Just(set().not_null()),
        Just(set().nullable()),
        Just(set().data_type(bigint())),
        Just(set().data_type(text()).default("a")),
        Just(set().no_default()),
        Just(set().default(named("unknown"))),
        Just(set().collation("C")),
        Just(set().no_collation()),
        Just(set().comment("told")),
        Just(set().no_comment()),
        Just(set().identity()),
        Just(set().identity_as(always().start(5))),
        Just(set().no_identity()),
        Just(set().stored_as("size + 1")),
        Just(set().not_generated()),
        sample::select(ENUMS.to_vec()).prop_map(|it| set().data_type(enumeration(it))),
        Just(set().default("low")),
    ]
}

/// Those of the operations that fit, in their order, and the schema they lead to.
fn fitting(operations: &[Operation], before: &Schema) -> (Vec<Operation>, Schema) {
    let mut schema = before.clone();
    let fits = |it: &&Operation| as_change(it).apply(&mut schema).is_ok();
    let operations = operations.iter().filter(fits).cloned().collect();
    (operations, schema)
}

/// A schema that operations have made, so that it is settled as they settle one.
fn settled(schema: &Schema) -> Schema {
    let mut made = Schema::default();
    made.defaults.clone_from(&schema.defaults);
    made.enums.clone_from(&schema.enums);
    made.namespaces.clone_from(&schema.namespaces);
    made.views.clone_from(&schema.views);
    made.routines.clone_from(&schema.routines);
    let (mut tables, mut keys) = (vec![], vec![]);
    for table in schema.tables() {
        let mut table = table.clone();
        for foreign_key in table.foreign_keys.drain(..) {
            keys.push(AddForeignKey { table: table.name.clone(), foreign_key }.into());
        }
        tables.push(CreateTable { table: table.into() }.into());
    }
    for operation in tables.iter().chain(&keys) {
        as_change(operation).apply(&mut made).expect("a whole schema can be made");
    }
    made
}

/// The schema with every table's columns in the order of their names.
fn without_order(schema: &Schema) -> Schema {
    let sorted = |table: &Table| {
        let mut table = table.clone();
        table.columns.sort_by(|one, other| one.name.cmp(&other.name));
        table
    };
    let mut whole: Schema = schema.tables().map(sorted).collect();
    whole.defaults.clone_from(&schema.defaults);
    whole.enums.clone_from(&schema.enums);
    whole.namespaces.clone_from(&schema.namespaces);
    whole.views.clone_from(&schema.views);
    whole.routines.clone_from(&schema.routines);
    whole
}

proptest! {
    #![proptest_config(common::cases::cases(512))]

    #[test]
    fn an_inverse_restores_the_schema(before in schema(), operation in operation()) {
        let before = settled(&before);
        let mut after = before.clone();
        if as_change(&operation).apply(&mut after).is_err() {
            prop_assert_eq!(after, before, "a refused operation changes nothing");
            return Ok(());
        }
        match as_change(&operation).inverse(&before).expect("what fits has an inverse") {
            Inverse::Unknown | Inverse::Impossible(_) => {
                prop_assert!(false, "{operation:?} has no inverse");
            }
            Inverse::Operations(back) => {
                for it in &back {
                    as_change(it).apply(&mut after).expect("an inverse fits");
                }
                prop_assert_eq!(without_order(&after), without_order(&before));
            }
        }
    }

    #[test]
    fn a_reduced_list_reaches_the_same_schema(
        before in schema(),
        operations in proptest::collection::vec(operation(), 0..14),
    ) {
        let before = settled(&before);
        let (operations, wanted) = fitting(&operations, &before);
        let reduced = reduce_all(operations.clone());
        prop_assert!(reduced.len() <= operations.len());
        let mut reached = before.clone();
        for it in &reduced {
            let applied = as_change(it).apply(&mut reached);
            prop_assert!(applied.is_ok(), "{applied:?}\n{operations:#?}\nbecame {reduced:#?}");
        }
        prop_assert_eq!(&reached, &wanted, "{:#?}\nbecame {:#?}", operations, reduced);
        prop_assert_eq!(reduce_all(reduced.clone()), reduced, "a reduced list stays as it is");
    }
}

#[test]
fn a_migration_of_one_table_reduces_to_its_creation() {
    let migration = Migration::first()
        .create_table(table("users").column("id", bigserial().primary_key()))
        .add_column("users", "mail", text())
        .rename_column("users", "mail", "email")
        .alter_column("users", "email", set().data_type(varchar(255)).not_null())
        .add_index("users", index("users_email").on("email").unique())
        .add_column("users", "mistake", integer())
        .drop_column("users", "mistake")
        .rename_table("users", "people");
    let wanted = table("people")
        .column("id", bigserial().primary_key())
        .column("email", varchar(255).not_null())
        .index(index("users_email").on("email").unique());
    assert_eq!(reduce_all(migration.operations), vec![CreateTable { table: wanted.into() }.into()]);
}

#[test]
fn a_key_that_goes_and_comes_again_is_not_folded_into_what_is_there() {
    let mut before = Schema::default();
    let made = table("users").column("id", bigint().primary_key()).column("name", text());
    as_change(&CreateTable { table: made.into() }.into()).apply(&mut before).unwrap();
    for between in [vec![], vec!["name".to_owned()]] {
        let key = |columns| AlterPrimaryKey { table: "users".into(), columns }.into();
        let there = vec!["id".to_owned()];
        let mut schema = before.clone();
        for operation in reduce_all(vec![key(between), key(there)]) {
            as_change(&operation).apply(&mut schema).expect("what is reduced still fits");
        }
        assert_eq!(schema.table(&"users".into()).unwrap().primary_key, ["id"]);
    }
}

#[test]
fn a_default_that_fills_rows_is_not_folded_away() {
    let migration = Migration::first()
        .add_column("users", "kind", text().not_null().default("plain"))
        .alter_column("users", "kind", set().no_default());
    assert_eq!(reduce_all(migration.operations.clone()), migration.operations);
}
