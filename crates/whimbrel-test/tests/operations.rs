//! Every operation on every engine: its SQL runs, and lands where its looks say.

use whimbrel::{
    connection::{Connection, DatabaseError},
    dialect::{Ddl, Dialect},
    operation::{Inverse, Operation, Span, as_change},
    schema::Schema,
    sql::{Body, LiveTable, Statement, Transaction, rewrite},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    scenario::{self, Scenario},
    shelf::{Desk, Shelf},
};

fn dialect(connection: &dyn Connection) -> &'static Dialect {
    let product = &connection.server().product;
    Dialect::of_product(product).unwrap_or_else(|| panic!("{product} has a dialect"))
}

/// What a statement is as text, from the table as it stands where it starts there.
fn texts(connection: &mut dyn Connection, statement: &Statement) -> Vec<String> {
    let dialect = dialect(connection);
    match &statement.body {
        Body::Text(text) => vec![text.clone()],
        Body::Batches(change) => vec![change.at_once(dialect)],
        Body::Code(code) => panic!("{} has no text", code.title),
        Body::Live(change) => {
            let queries = dialect.live_queries(&change.table);
            let answers = queries.iter().map(|it| rows(connection, it)).collect();
            let live = LiveTable::from_rows(dialect, &change.table, answers).expect("it is there");
            rewrite(dialect, &live, change).expect("it can be rewritten")
        }
    }
}

fn rows(connection: &mut dyn Connection, sql: &str) -> Vec<whimbrel::connection::Row> {
    connection.query(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"))
}

fn execute(connection: &mut dyn Connection, statement: &Statement) -> Result<(), DatabaseError> {
    let texts = texts(connection, statement);
    let run = |connection: &mut dyn Connection| {
        texts.iter().try_for_each(|it| {
            connection.execute(it).map(drop).map_err(|mut error| {
                error.message = format!("{}\nin {it}", error.message);
                error
            })
        })
    };
    if statement.transaction != Transaction::WithoutForeignKeys {
        return run(connection);
    }
    connection.execute("PRAGMA foreign_keys = OFF")?;
    connection.begin()?;
    let done = run(connection);
    if done.is_ok() {
        assert!(rows(connection, "PRAGMA foreign_key_check").is_empty(), "{texts:#?}");
        connection.commit()?;
    } else {
        connection.rollback()?;
    }
    connection.execute("PRAGMA foreign_keys = ON")?;
    connection.execute("PRAGMA legacy_alter_table = OFF")?;
    done
}

fn has_landed(connection: &mut dyn Connection, statement: &Statement) -> bool {
    let dialect = dialect(connection);
    statement.looks.iter().all(|look| {
        let rows = rows(connection, &dialect.look_query(&look.object));
        dialect.landed(&look.after, &rows)
    })
}

/// Makes the change in the schema and in the database.
fn make(connection: &mut dyn Connection, schema: &mut Schema, operation: &Operation) {
    let dialect = dialect(connection);
    let (change, before) = (as_change(operation), schema.clone());
    change.apply(schema).unwrap_or_else(|error| panic!("{error}: {}", change.describe()));
    let span = Span { before: &before, after: schema };
    let statements = change
        .sql(dialect, span)
        .unwrap_or_else(|error| panic!("{error}: {} on {}", change.describe(), dialect.name));
    for statement in statements {
        let what = format!("{} on {}: {:?}", change.describe(), dialect.name, statement.body);
        let looked_at = !statement.looks.is_empty();
        assert!(!(looked_at && has_landed(connection, &statement)), "landed before: {what}");
        execute(connection, &statement).unwrap_or_else(|error| panic!("{error}\n{what}"));
        assert!(has_landed(connection, &statement), "not landed: {what}");
    }
}

fn make_all(connection: &mut dyn Connection, schema: &mut Schema, migration: &Migration) {
    migration.operations.iter().for_each(|it| make(connection, schema, it));
}

fn everything() -> Migration {
    Migration::first()
        .set_named_default("answer", "42")
        .create_enum("order_status", ["new", "it's paid"])
        .create_table(
            table("tenants")
                .column("id", bigserial().primary_key())
                .column("name", varchar(100).not_null().default("it's \\ here"))
                .column("made", timestamp().not_null().default(now()))
                .column("seen", timestamptz().default(now()))
                .column("day", date().default(now()))
                .column("hour", time().default(now()))
                .column("bio", text().default("it's"))
                .column("price", decimal(10, 2).not_null().default("0.10"))
                .column("ok", boolean().not_null().default(true))
                .column("token", uuid().default(new_uuid()))
                .column("data", jsonb().default("{}"))
                .column("raw", bytes())
                .column("rate", double().default("1.5"))
                .column("answer", integer().default(named("answer")))
                .column("made_up", integer().default(sql("1 + 1")))
                .column("tags", array(text()).default(named("array")))
                .column("status", enumeration("order_status").not_null().default("new"))
                .column("was", array(enumeration("order_status")))
                .index(index("tenants_name").on([asc("name"), desc("id")]).unique()),
        )
        .create_table(
            table("orders")
                .column("id", serial().primary_key())
                .column("tenant_id", key_of("tenants").not_null().references("tenants"))
                .column("parent_id", key_of("orders").references(to("orders").on_delete(SetNull)))
                .column("note", varchar(20).default("0"))
                .index(index("orders_tenant").on("tenant_id")),
        )
        .create_table(
            table("members")
                .column("tenant_id", bigint())
                .column("order_id", integer())
                .primary_key(["tenant_id", "order_id"]),
        )
}

fn changes() -> Migration {
    Migration::first()
        .add_column("orders", "state", varchar(10).not_null().default("new"))
        .add_column("orders", "code", uuid().not_null().default(new_uuid()))
        .add_column("orders", "at", timestamp().default(now()))
        .add_column(
            "orders",
            "other_id",
            key_of("tenants").references(to("tenants").on_delete(Cascade)),
        )
        .add_column("orders", "doomed", integer())
        .alter_column("orders", "note", set().data_type(varchar(40)).not_null())
        .alter_column("orders", "note", set().default("1"))
        .alter_column("orders", "note", set().no_default())
        .alter_column("orders", "note", set().nullable())
        .alter_column("orders", "note", set().data_type(integer()).default(7))
        .alter_column("orders", "note", set().data_type(bigint()))
        .drop_foreign_key("orders", "fk_orders_parent_id")
        .alter_column("orders", "id", set().data_type(bigserial()))
        .alter_column("orders", "parent_id", set().data_type(key_of("orders")))
        .add_foreign_key("orders", ["parent_id"], to("orders").on_delete(SetNull))
        .set_named_default("answer", "43")
        .rename_column("orders", "note", "remark")
        .add_index("orders", index("orders_remark").on([desc("remark"), asc("state")]))
        .rename_index("orders", "orders_remark", "orders_by_remark")
        .drop_index("orders", "orders_by_remark")
        .add_foreign_key("members", ["tenant_id"], to("tenants").name("members_tenant"))
        .drop_foreign_key("members", "members_tenant")
        .rename_table("orders", "purchases")
        .drop_column("purchases", "doomed")
        .add_enum_value("order_status", "sent")
        .add_enum_value_before("order_status", "draft", "new")
        .alter_column("tenants", "status", set().default("draft"))
        .set_enum_values("order_status", ["it's paid", "new", "draft"])
        .rename_enum_value("order_status", "it's paid", "it's off")
        .rename_enum_value("order_status", "draft", "it's a draft")
        .rename_column("tenants", "id", "key")
        .drop_foreign_key("purchases", "fk_orders_other_id")
        .drop_column("purchases", "other_id")
        .drop_table("members")
        .create_view("statuses", "SELECT status FROM tenants")
        .alter_view("statuses", "SELECT status, 'it''s' AS one FROM tenants")
        .create_view("over", "SELECT status AS state FROM statuses")
        .alter_view("statuses", "SELECT 1 AS one, status FROM tenants")
        .drop_view("over")
}

#[test]
fn every_operation_runs_and_lands_where_it_says() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut schema = Schema::default();
        make_all(&mut *connection, &mut schema, &everything());
        connection.execute("INSERT INTO tenants (id) VALUES (5)").expect("a row with defaults");
        connection
            .execute("INSERT INTO orders (tenant_id, parent_id, note) VALUES (5, NULL, '12')")
            .expect("a row that points");
        make_all(&mut *connection, &mut schema, &changes());
        let kept = rows(&mut *connection, "SELECT id, tenant_id, remark, state FROM purchases");
        let wanted = ["1", "5", "12", "new"].map(|it| Some(it.to_owned()));
        assert_eq!(kept, [wanted.to_vec()], "{}", engine.name);
        connection.execute("INSERT INTO purchases (tenant_id) VALUES (5)").expect("a second row");
        let found = rows(&mut *connection, "SELECT name, answer, made_up, ok, price FROM tenants");
        let name = found[0][0].clone();
        assert_eq!(name.as_deref(), Some("it's \\ here"), "{}", engine.name);
    }
}

#[test]
fn every_operation_can_be_taken_back() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut schema = Schema::default();
        let operations = [everything().operations, changes().operations].concat();
        let mut undo = vec![];
        for operation in &operations {
            match as_change(operation).inverse(&schema).expect("it fits") {
                Inverse::Operations(back) => undo.push(back),
                Inverse::Unknown | Inverse::Impossible(_) => panic!("{operation:?} has no inverse"),
            }
            make(&mut *connection, &mut schema, operation);
        }
        for back in undo.iter().rev().flatten() {
            make(&mut *connection, &mut schema, back);
        }
        assert_eq!(schema, Schema::default(), "{}", engine.name);
    }
}

/// What a foreign key points at was unique before it became the primary key, and is afterwards: the
/// key may come and go, whichever of the two the database has let it rest on.
#[test]
fn a_key_goes_from_columns_that_are_unique_beside_it() {
    for engine in engines::all() {
        for is_constraint in [false, true] {
            let people = table("people").column("id", integer().not_null().primary_key());
            let people = people.column("code", varchar(20).not_null());
            let people = if is_constraint {
                people.unique(unique("people_code").on("code"))
            } else {
                people.index(index("people_code").on("code").unique())
            };
            let friends = table("friends").column("id", integer().primary_key());
            let friends = friends.column("person", varchar(20));
            let to_code = |name: &str| to("people").columns("code").name(name);
            let first = Migration::first().create_table(people).create_table(friends);
            let second = Migration::after("0001_first")
                .add_foreign_key("friends", "person", to_code("before_key"))
                .alter_primary_key("people", "code");
            // By now it may rest on the key as well.
            let third = Migration::after("0002_second")
                .drop_foreign_key("friends", "before_key")
                .add_foreign_key("friends", "person", to_code("behind_key"))
                .alter_primary_key("people", "id");
            let shelf =
                Shelf::new([("0001_first", first), ("0002_second", second), ("0003_third", third)]);
            let database = engine.fresh_database();
            let mut connection = database.connect();
            let mut desk = Desk::new(&mut *connection, shelf);
            let words = format!("{}, a constraint: {is_constraint}", engine.name);
            desk.up();
            desk.run("INSERT INTO people (id, code) VALUES (1, 'a'), (2, 'b')");
            desk.run("INSERT INTO friends (id, person) VALUES (1, 'b')");
            for _ in 0..2 {
                desk.up();
                desk.up();
                let orphan = "INSERT INTO friends (id, person) VALUES (2, 'c')";
                if dialect(&*desk.connection).ddl == Ddl::Transactional {
                    let _ = desk.connection.query("PRAGMA foreign_keys = ON");
                }
                assert!(desk.connection.execute(orphan).is_err(), "{words}");
                desk.down(2);
            }
        }
    }
}

/// Nobody but the looks can tell where schema changes commit by themselves.
#[test]
fn every_statement_of_every_scenario_lands_where_its_looks_say() {
    let (scenarios, engines) = (scenario::all(), engines::mysql_family());
    let all = std::env::var_os("WHIMBREL_TEST_LONG").is_some() || scenarios.len() < 40;
    for (place, engine) in engines.iter().enumerate() {
        // What one of them is not asked another one is.
        let some =
            scenarios.iter().enumerate().filter(|(at, _)| all || at % engines.len() == place);
        let some: Vec<&Scenario> = some.map(|(_, it)| it).collect();
        scenario::on_each(some, vec![engine.clone()], lands_and_goes_back);
    }
}

fn lands_and_goes_back(scenario: &Scenario, database: &Throwaway) -> bool {
    let mut connection = database.connect();
    let is_code = |it: &Operation| matches!(it, Operation::Run(_));
    if scenario.unsupported(dialect(&*connection)).is_some()
        || scenario.operations.iter().any(is_code)
    {
        return false;
    }
    let mut schema = Schema::default();
    for operation in &scenario.preparation() {
        make(&mut *connection, &mut schema, operation);
    }
    for row in &scenario.rows {
        connection.execute(row).unwrap_or_else(|error| panic!("{error}\n{row}"));
    }
    let mut undo = vec![];
    for operation in &scenario.operations {
        match as_change(operation).inverse(&schema).expect("it fits") {
            Inverse::Operations(back) => undo.push(back),
            Inverse::Unknown | Inverse::Impossible(_) => undo.push(vec![]),
        }
        make(&mut *connection, &mut schema, operation);
    }
    for back in undo.iter().rev().flatten() {
        make(&mut *connection, &mut schema, back);
    }
    true
}

/// What SQLite's rebuild must not lose: all that the migrations know nothing of.
#[test]
fn a_rebuilt_table_keeps_what_no_migration_made() {
    for engine in engines::sqlite() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut schema = Schema::default();
        let tables = Migration::first()
            .create_table(table("logs").column("id", serial().primary_key()))
            .create_table(
                table("items")
                    .column("id", serial().primary_key())
                    .column("name", text().not_null()),
            )
            .create_table(
                table("parts")
                    .column("id", serial().primary_key())
                    .column("item_id", key_of("items").references(to("items").on_delete(Cascade))),
            );
        tables.operations.iter().for_each(|it| as_change(it).apply(&mut schema).expect("fits"));
        for statement in [
            "CREATE TABLE logs (id INTEGER PRIMARY KEY, what TEXT)",
            "CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, \
             name TEXT NOT NULL COLLATE NOCASE CHECK (length(name) < 9), /* kept */ \
             size INT AS (length(name)) STORED, extra BLOB)",
            "CREATE TABLE parts (id INTEGER PRIMARY KEY, \
             item_id INTEGER CONSTRAINT fk REFERENCES items(id) ON DELETE CASCADE)",
            "CREATE UNIQUE INDEX items_lower ON items (lower(name)) WHERE name <> ''",
            "CREATE TRIGGER items_log AFTER INSERT ON items BEGIN \
             INSERT INTO logs (what) VALUES (new.name); END",
            "CREATE TRIGGER logs_back AFTER DELETE ON logs BEGIN \
             DELETE FROM items WHERE name = old.what; END",
            "CREATE VIEW long_items AS SELECT id, name FROM items WHERE size > 3",
            "INSERT INTO items (name, extra) VALUES ('bolt', x'00'), ('nut', NULL), ('gone', 'x')",
            "INSERT INTO parts (item_id) VALUES (1)",
            "DELETE FROM items WHERE id = 3",
        ] {
            connection.execute(statement).unwrap_or_else(|error| panic!("{error}\n{statement}"));
        }
        let change = Migration::first()
            .alter_column("items", "name", set().nullable().default("it's"))
            .add_column("items", "made", timestamp().not_null().default(now()));
        make_all(&mut *connection, &mut schema, &change);

        let mut one = |sql: &str| rows(&mut *connection, sql)[0][0].clone().unwrap_or_default();
        let text = one("SELECT sql FROM sqlite_master WHERE name = 'items'");
        for kept in ["AUTOINCREMENT", "COLLATE NOCASE", "CHECK (length(name) < 9)", "/* kept */"] {
            assert!(text.contains(kept), "{text}");
        }
        assert!(!text.contains("name TEXT NOT NULL"), "{text}");
        assert_eq!(one("SELECT group_concat(name) FROM long_items"), "bolt");
        assert_eq!(one("SELECT count(*) FROM parts"), "1", "rows that point stay");
        assert_eq!(one("SELECT hex(extra) FROM items WHERE id = 1"), "00");
        assert_eq!(one("SELECT count(*) FROM sqlite_master WHERE sql LIKE '%whimbrel_new%'"), "0");
        let names = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master \
                     WHERE type IN ('index', 'trigger', 'view') ORDER BY name)";
        assert_eq!(one(names), "items_log items_lower logs_back long_items");
        assert_eq!(one("SELECT \"table\" FROM pragma_foreign_key_list('parts')"), "items");
        connection.execute("INSERT INTO items DEFAULT VALUES").expect("a default");
        let last = rows(&mut *connection, "SELECT id, name FROM items ORDER BY id DESC LIMIT 1");
        assert_eq!(last[0], ["4", "it's"].map(|it| Some(it.to_owned())), "no number comes twice");
        let logged = rows(&mut *connection, "SELECT count(*) FROM logs");
        assert_eq!(logged[0][0].as_deref(), Some("4"));
    }
}

#[test]
fn a_view_that_a_change_breaks_stops_it() {
    for engine in engines::sqlite() {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let mut schema = Schema::default();
        let made = table("t").column("a", integer()).column("b", integer());
        make(&mut *connection, &mut schema, &CreateTable { table: made.into() }.into());
        connection.execute("CREATE VIEW v AS SELECT b FROM t").expect("a view");
        let before = schema.clone();
        let drop: Operation = DropColumn { table: "t".into(), column: "b".into() }.into();
        as_change(&drop).apply(&mut schema).expect("it fits");
        let span = Span { before: &before, after: &schema };
        let statements =
            as_change(&drop).sql(dialect(&*connection), span).expect("it can be written");
        execute(&mut *connection, &statements[0]).expect_err("the view speaks of the column");
        let columns = rows(&mut *connection, "SELECT count(*) FROM pragma_table_info('t')");
        assert_eq!(columns[0][0].as_deref(), Some("2"), "all is as it was");
    }
}
