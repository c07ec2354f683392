//! `whimbrel verify` and `whimbrel schema inspect`: a live database beside what ran here.

use whimbrel_test::engines::{self, Throwaway};

use crate::{
    roles::Role,
    support::{Project, SHOP, check},
};

/// A view, a trigger and a table that no migration says in whimbrel's words.
const SCRIPTS: &[(&str, &str)] = &[(
    "0002_script",
    "-- whimbrel: up\n\
     CREATE VIEW emails AS SELECT email FROM customers;\n\
     CREATE TABLE audit (note TEXT CHECK (length(note) > 1));\n\
     ALTER TABLE orders ADD COLUMN remark TEXT;\n\
     CREATE TRIGGER noted AFTER INSERT ON orders BEGIN INSERT INTO audit VALUES ('new'); END;\n\
     -- whimbrel: down\n\
     DROP TRIGGER noted;\n\
     ALTER TABLE orders DROP COLUMN remark;\n\
     DROP TABLE audit;\n\
     DROP VIEW emails;",
)];

/// Two tables by a migration and more by a script, on SQLite.
fn shop() -> Project {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    let text = format!("-- whimbrel: after 0001_initial\n{}\n", SCRIPTS[0].1);
    project.write("migrations/0002_script.sql", &text);
    project
}

fn execute(project: &Project, statements: &[&str]) {
    let file = project.root.join("shop.sqlite").display().to_string();
    let target = whimbrel_wire::Target::parse(&format!("sqlite:{file}"), None).expect("a path");
    let options = whimbrel_wire::ConnectOptions::default();
    let mut connection = whimbrel_wire::connect(&target, &options).expect("it is there");
    for statement in statements {
        connection.execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

const CLEAN: &str = "No differences: 2 tables as the last run left them\n";

#[test]
fn nothing_differs_right_after_a_run_scripts_included() {
    let project = shop();
    check(
        &project.run("verify -q"),
        "Nothing is applied here, so there is nothing to compare with\n",
    );
    assert!(!project.files().contains(&"shop.sqlite".to_owned()), "reading creates nothing");
    project.run("up 1");
    check(&project.run("verify -q"), CLEAN);
    project.run("up");
    check(
        &project.run("verify"),
        "
No differences: 2 tables as the last run left them
--- stderr
target: SQLite VERSION · shop.sqlite
note: beside what migrations say in whimbrel's words there are view `emails`, table `audit`, column `remark` of `orders`, trigger `noted` of `orders`; compared with how they were at the end of the last run
",
    );
    check(
        &project.run("status -q --check=drift").lines().last().unwrap_or_default()[..12],
        "0002_script ",
    );
    project.run("down");
    check(&project.run("verify -q"), CLEAN);
    project.run("down --all --allow-data-loss");
    check(&project.run("verify -q"), "No differences: 0 tables as the last run left them\n");
    project.run("up");
    check(&project.run("drift -q"), CLEAN);
}

#[test]
fn what_somebody_else_changes_is_told_until_it_is_put_right_or_accepted() {
    let project = shop();
    project.run("up");
    execute(
        &project,
        &[
            "DROP VIEW emails",
            "CREATE VIEW emails AS SELECT id FROM customers",
            "DROP TRIGGER noted",
            "ALTER TABLE customers DROP COLUMN email",
            "ALTER TABLE customers ADD COLUMN age INTEGER NOT NULL DEFAULT 7",
            "CREATE INDEX by_age ON customers (age DESC)",
            "CREATE TABLE stray (a)",
        ],
    );
    let told = "\
view `emails`: definition is `select id from customers`, expected `select email from customers`
column `age` of `customers` is there, and nothing that ran here made it (found: default 7, nullable no, type integer)
column `email` of `customers` is missing (expected: nullable no, type text)
index `by_age` of `customers` is there, and nothing that ran here made it (found: columns age desc, unique no)
trigger `noted` of `orders` is missing (expected: definition after insert begin insert into audit values ( 'new' ) ; end)
table `stray` is there, and nothing that ran here made it
";
    check(&project.run("verify -q"), &format!("{told}--- exit 1\n"));
    assert!(project.run("status -q --check=drift").ends_with("--- exit 1\n"));
    check(
        project.run("status -q").lines().last().unwrap_or_default(),
        "0002_script   applied  TIME",
    );

    // It stays told through further runs, whatever they are made of.
    project.write(
        "migrations/0003_more.sql",
        "-- whimbrel: after 0002_script\n-- whimbrel: up\nCREATE VIEW more AS SELECT 1 AS one;\n\
         -- whimbrel: down\nDROP VIEW more;\n",
    );
    project.run("up");
    check(&project.run("verify -q"), &format!("{told}--- exit 1\n"));
    project.run("down");
    check(&project.run("verify -q"), &format!("{told}--- exit 1\n"));

    let json = project.result("verify --accept -q --format json");
    assert!(json.contains("\"accepted\": true"), "{json}");
    check(&project.run("verify -q"), CLEAN);
    execute(&project, &["DROP TABLE stray"]);
    let told = project.run("verify");
    assert!(told.starts_with("table `stray` is missing\n--- stderr\n"), "{told}");
    assert!(told.contains("hint: put it back by hand"), "{told}");
}

#[test]
fn a_change_put_right_by_hand_is_no_difference() {
    let project = shop();
    project.run("up");
    execute(&project, &["CREATE INDEX by_email ON customers (email)"]);
    assert!(project.run("verify -q").starts_with("index `by_email`"));
    execute(&project, &["DROP INDEX by_email"]);
    check(&project.run("verify -q"), CLEAN);
}

#[test]
fn what_was_only_marked_and_is_not_there_is_told() {
    let project = shop();
    execute(
        &project,
        &["CREATE VIEW emails AS SELECT 1 AS one", "CREATE TABLE orders (id INTEGER)"],
    );
    let said = project.run("fake -q 0002 --with-parents --unchecked");
    check(&said, "marked 0001_initial\nmarked 0002_script\n");
    let said = project.run("verify");
    assert!(said.starts_with("table `customers` is missing\n"), "{said}");
    assert!(said.contains("column `customer_id` of `orders` is missing"), "{said}");
    assert!(!said.contains("emails` is"), "it was there before: {said}");
    assert!(said.ends_with("--- exit 1\n"), "{said}");
}

#[test]
fn a_role_that_may_only_read_can_verify() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let project = Project::with_schema(SHOP).set("DATABASE_URL", &database.url());
        project.run("generate");
        project.run("up");
        let role = Role::new(&database, "reader");
        role.may_read();
        let project = project.set("DATABASE_URL", &role.url());
        check(&project.run("verify -q"), CLEAN);
        let said = project.result("schema inspect -q");
        assert!(said.contains("  - name: customers\n"), "{engine:?}: {said}");
        assert!(!said.contains("whimbrel_state"), "{engine:?}: {said}");
    }
}

/// Runs statements on a database, each as its own.
fn execute_on(database: &Throwaway, statements: &[&str]) {
    let mut connection = database.connect();
    for statement in statements {
        connection.execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

#[test]
fn drift_is_told_on_every_engine() {
    let schema = SHOP
        .replace("        nullable: false\n", "        nullable: false\n        default: none\n");
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::with_schema(&schema).set("DATABASE_URL", &database.url());
        project.run("generate");
        project.write(
            "migrations/0002_view.sql",
            "-- whimbrel: after 0001_initial\n-- whimbrel: up\n\
             CREATE VIEW emails AS SELECT email FROM customers;\n\
             -- whimbrel: down\nDROP VIEW emails;\n",
        );
        let said = project.run("up -q");
        assert_eq!(said.matches("applied").count(), 2, "{engine:?}: {said}");
        check(&project.run("verify -q"), CLEAN);
        let mysql = !engine.name.starts_with("postgres") && engine.name != "sqlite";
        let mut statements = vec![
            "DROP VIEW emails",
            "CREATE VIEW emails AS SELECT id, email FROM customers",
            "CREATE INDEX by_email ON customers (email)",
            "ALTER TABLE orders ADD COLUMN extra INTEGER",
        ];
        match engine.name.as_str() {
            "sqlite" => {}
            _ if mysql => statements
                .push("ALTER TABLE customers MODIFY email VARCHAR(300) NOT NULL DEFAULT 'x'"),
            _ => statements.extend([
                "DROP VIEW emails",
                "ALTER TABLE customers ALTER email TYPE VARCHAR(300), ALTER email SET DEFAULT 'x'",
                "CREATE VIEW emails AS SELECT id, email FROM customers",
            ]),
        }
        execute_on(&database, &statements);
        let said = project.run("verify -q");
        for expected in [
            "view `emails`: definition is",
            "index `by_email` of `customers` is there, and nothing that ran here made it",
            "column `extra` of `orders` is there, and nothing that ran here made it",
        ] {
            assert!(said.contains(expected), "{engine:?}: {expected}: {said}");
        }
        if engine.name != "sqlite" {
            let expected =
                "column `email` of `customers`: type is `varchar(300)`, expected `varchar(255)`";
            assert!(said.contains(expected), "{engine:?}: {said}");
            assert!(
                said.contains("column `email` of `customers`: default is"),
                "{engine:?}: {said}"
            );
        }
        assert!(said.ends_with("--- exit 1\n"), "{engine:?}: {said}");
    }
}

#[test]
fn a_live_database_becomes_a_schema_file_that_leads_there() {
    let project = shop();
    project.run("up");
    execute(
        &project,
        &[
            "CREATE TABLE odd (a VARCHAR(20) COLLATE NOCASE UNIQUE, b GEOMETRY DEFAULT (1 + 1), \
             c INTEGER AS (a || 'x') STORED, CHECK (a <> 'y'))",
            "CREATE INDEX odd_ix ON odd (b DESC) WHERE b > 3",
        ],
    );
    let said = project.run("schema inspect -o live.yaml");
    check(
        &said,
        "
created live.yaml
--- stderr
target: SQLite VERSION · shop.sqlite
warning: a schema file has no words for check constraint `note` of `audit`, check constraint of `odd`; they stand in its comments
",
    );
    let text = project.read("live.yaml");
    let odd = text.split("  - name: odd\n").nth(1).unwrap_or_default();
    let odd = odd.split("  - name: orders").next().unwrap_or_default();
    check(
        odd.trim_end(),
        "
    fields:
      - name: a
        type: varchar
        length: 20
        collation: NOCASE
      - name: b
        type: other
        spelled: GEOMETRY
        default: {sql: {sqlite: \"1 + 1\"}}
      - name: c
        type: integer
        generated:
          as: {sqlite: \"a || 'x'\"}
          stored: true
    indexes:
      - name: odd_ix
        fields: [{name: b, order: desc}]
        where: b > 3
    uniques:
      - fields: [a]",
    );
    let view = "views:\n  - name: emails\n    query: SELECT email FROM customers\n";
    assert!(text.contains(view), "{text}");
    let again = project.run("schema inspect -q -o live.yaml");
    assert!(again.contains("`live.yaml` is there already"), "{again}");
    assert_eq!(project.read("live.yaml"), text);

    // A project that begins with a database that is there has nothing to change once its first
    // migration is marked.
    let other = Project::empty();
    other.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\n");
    execute(
        &other,
        &[
            "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, b BOOLEAN DEFAULT 1, \
             c DATETIME DEFAULT CURRENT_TIMESTAMP, d DECIMAL(10, 2), e JSON, f TEXT DEFAULT 'it''s')",
            "CREATE TABLE b (x TEXT UNIQUE, y INT REFERENCES a (id), CONSTRAINT one UNIQUE (y, x), \
             PRIMARY KEY (y, x)) WITHOUT ROWID",
        ],
    );
    let said = other.run("schema inspect -o schema/schema.yaml");
    assert!(!said.contains("error"), "{said}");
    let said = other.run("generate -q --name begin");
    assert!(said.starts_with("created migrations/0001_begin.rs"), "{said}");
    check(&other.run("fake -q 0001"), "marked 0001_begin\n");
    check(&other.run("verify -q"), CLEAN);
    assert!(!other.run("generate -q --check").contains("exit"));
}

#[test]
fn a_namespace_is_looked_at_also_when_its_last_table_has_gone() {
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        execute_on(&database, &["CREATE SCHEMA blog"]);
        let schema = SHOP.replace("  - name: orders\n", "  - name: orders\n    namespace: blog\n");
        let project = Project::with_schema(&schema).set("DATABASE_URL", &database.url());
        project.run("generate");
        project.run("up");
        check(&project.run("verify -q"), CLEAN);
        execute_on(&database, &["CREATE INDEX by_customer ON blog.orders (customer_id)"]);
        let said = project.run("verify -q");
        assert!(said.starts_with("index `by_customer` of `blog.orders` is there"), "{said}");
        project.run("down --allow-data-loss");
        check(&project.run("verify -q"), "No differences: 0 tables as the last run left them\n");
    }
}

/// A namespace that isn't there is never shown as an empty one without a word.
#[test]
fn a_further_namespace_is_read_or_told_to_be_missing() {
    let project = Project::with_schema(SHOP);
    project.run("generate");
    project.run("up");
    let said = project.run("schema inspect -q --namespace sales");
    assert!(said.contains("there is no namespace `sales`"), "{said}");
    assert!(said.contains("leave `--namespace` out"), "{said}");
    assert!(said.contains("--- exit 2"), "{said}");
    for engine in engines::postgres() {
        let database = engine.fresh_database();
        execute_on(&database, &["CREATE SCHEMA sales", "CREATE TABLE sales.orders (id integer)"]);
        let project = Project::with_schema(SHOP).set("DATABASE_URL", &database.url());
        let said = project.run("schema inspect --namespace sales --namespace nowhere");
        assert!(said.contains("    namespace: sales\n"), "{engine:?}: {said}");
        assert!(said.contains("nothing was found of namespace `nowhere`"), "{engine:?}: {said}");
        assert!(!said.contains("in namespace `sales`"), "{engine:?}: {said}");
    }
}
