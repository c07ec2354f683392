//! The reference page of the migration language is what the builder says of itself.

use std::{fmt::Write, path::Path};

use whimbrel_migration::{
    dispatch::{ENTRIES, Entry},
    run::METHODS,
};
use whimbrel_test::snapshot;

const HEAD: &str = "\
# The language of migration files

<!-- Written by `UPDATE=1 cargo test -p whimbrel-test --test reference`. -->

A migration file is real Rust: `cargo check` and an IDE understand it by the crate `whimbrel-migration`. At
run time whimbrel interprets it in-process, so no toolchain is needed where migrations run; what goes
beyond the language described here is for [the program of a package](program.md). Its name is its file's
stem, and stands nowhere inside.

```rust
//! Orders and their lines.
use whimbrel_migration::*;

fn money() -> Column {
    decimal(12, 2).not_null().default(0)
}

pub fn migration() -> Migration {
    Migration::after(\"0001_tenants\")
        .create_table(
            table(\"orders\")
                .column(\"id\", uuid().primary_key().default(new_uuid()))
                .column(\"tenant_id\", bigint().not_null().references(\"tenants\"))
                .column(\"net\", money())
                .index(index(\"orders_tenant_ix\").on([asc(\"tenant_id\"), desc(\"id\")])),
        )
        .rename_column(\"users\", \"name\", \"display_name\")
        .alter_column(\"users\", \"display_name\", set().data_type(varchar(200)).not_null())
        .run_sql(sql(\"UPDATE users SET display_name = 'anonymous' WHERE display_name = ''\").undo_nothing())
}
```

- Parents are always stated: `Migration::first()`, `Migration::after(\"0001_a\")`, and a merge is
  `Migration::after([\"0002_b\", \"0002_c\"])` and nothing else.
- A column may be empty unless `not_null()` or `primary_key()` is said, as in the YAML.
- Altering is a delta: what isn't named stays as it is.
- Where a parameter stands in parentheses below, several things fit: a string or a `String`, one name or
  several (`\"a\"`, `[\"a\", \"b\"]`), a type where a column is wanted.
- SQL for one database only is an error on another, never a skip: `on(Mysql, \"…\").otherwise(\"…\")`.

Interpreted are literals, `const`, `let`, functions of the file, arrays, `vec!`, tuples, references, indexing,
method chains, closures that assign to nothing outside, `if`, `match`, `for`, `while`, ranges, arithmetic in declared
widths, the usual methods of strings and iterators, `format!`, `concat!` and `include_str!`; helpers may stand in
sibling files. Anything else is refused with its place, and with the ways out: write it as SQL, or build
[the program of the package](program.md).

What runs is held to Rust's rules for types, widths and moves. What never runs, such as the arm of a `match` that is
not taken, is only read, and borrows are not checked: `cargo check` in the package does both.

## Functions of an application

An application that embeds whimbrel can add functions of its own crates to the language; a file then imports
them (`use shop_types::*;`) or calls them by their path, and means the same to rustc and to the interpreter:

```rust,ignore
let symbols = Symbols::default().with_symbol(\"shop_types::money\", |arguments| match &*arguments {
    [] => Ok(decimal(12, 2).not_null().default(0).into()),
    _ => Err(\"`money` takes nothing\".to_owned()),
});
let config = Config { symbols, ..config };
```

What a function gives must hang on its arguments alone: a file means the same whenever it is read. The program
`whimbrel` knows no such functions.

## How changes are meant

| word | means |
|---|---|
| `.needs_review(\"drops users.legacy\")` | `up` stops before it runs anything and points at the line, until somebody has looked and taken it out. `plan`, `sql`, `status` and `check` show it too, and with `check` it fails a build. Taking it out is no edit of a migration. |
| `.irreversible(\"the old passwords are gone\")` | `down` and `up --restart` refuse the whole migration with these words, before anything is taken back. |
| `.state_only(changes().drop_column(\"users\", \"legacy\"))` | The schema that the migrations know follows, and no SQL runs: for what was done by hand, or is to stay in the database. |
| `.database_only(changes().add_index(\"users\", index(\"users_email_ix\").on(\"email\")))` | The SQL runs, and the schema that the migrations know stays. |
| `.ignore_errors(changes().drop_table(\"old\"))` | A step is passed over where what it makes is there already, or what it changes or drops isn't there; `up` warns of each, and `history` counts them. Whatever else the database refuses stops `up` as always. |

`changes()` takes every change that a migration takes. Taken back, a change of the state is one of the state again,
and a change of the database one of the database. What a `database_only` drops need not be in the schema any more:
so a column that a `state_only` gave up can be dropped a release later; it can't be taken back then, as nobody
knows what it was.

`verify` takes what a `state_only` changes or drops as meant, and lists what is left in the database among what no
migration says. What a `state_only` adds and the database doesn't have is a difference: the migrations say
that it is there. What differs in a table of which `ignore_errors` has passed something over is a difference too.

## Enums

```rust
Migration::after(\"0001_tenants\")
    .create_enum(\"order_status\", [\"new\", \"paid\"])
    .create_table(
        table(\"orders\")
            .column(\"id\", bigserial().primary_key())
            .column(\"status\", enumeration(\"order_status\").not_null().default(\"new\")),
    )
```

An enum is an object of the schema with a name of its own, `qualified(\"shop\", \"order_status\")` in a namespace. On
PostgreSQL it is a type; on MySQL and MariaDB it is the type of each column that uses it, and on SQLite a check at each,
so that `create_enum` and `drop_enum` run nothing there. An enum is dropped once no column uses it.

`add_enum_value` and `add_enum_value_before` add a value; on PostgreSQL it can be used only once it is committed, so
`up` commits before the first step of the migration that may use it. `set_enum_values` gives an enum any other list: on
PostgreSQL by a new type that takes the place of the old one. No row may have a value that is not in the list.

`rename_enum` gives an enum another name, and `rename_enum_value` a value of one: rows, defaults and lists follow, and
so do checks, indexes and computed columns that compare the value with a column of the enum, or cast it to it. On
PostgreSQL it is `ALTER TYPE`; on MySQL and MariaDB the columns get the new value beside the old one, the rows change,
and the old one goes; SQLite builds the tables anew. Where SQL says the value in any other way, as in
`coalesce(status, 'paid')`, it may be meant or not: that is refused before anything runs.

## Namespaces

```rust
Migration::after(\"0001_users\").create_namespace(\"audit\").create_table(
    table(qualified(\"audit\", \"log\")).column(\"id\", bigserial().primary_key()),
)
```

A namespace is a schema of PostgreSQL and a database of MySQL and MariaDB; SQLite has none and refuses. What stands in
one comes behind `create_namespace` and goes before `drop_namespace`, which takes nothing along that no migration
drops: PostgreSQL keeps a schema in which there is something, and on MySQL and MariaDB, where `DROP DATABASE` would drop all
of it, the step looks directly before and refuses. A namespace that somebody else makes needs neither; where things stand in it
already, `state_only(changes().create_namespace(\"audit\"))` says that it belongs to the migrations from now on.

## Views

```rust
Migration::after(\"0002_orders\")
    .create_view(\"open_orders\", \"SELECT id, total FROM orders WHERE status = 'open'\")
    .create_view(
        \"busy_days\",
        on(Postgres, \"SELECT placed::date AS day FROM orders\")
            .otherwise(\"SELECT date(placed) AS day FROM orders\"),
    )
```

The query is the database's own SQL, one for all databases or one for each; with an empty text a database goes without.
`create_materialized_view` makes one whose rows are kept, on PostgreSQL. `alter_view` gives a view another query and
`drop_view` drops it, materialized or not; no rows are lost by it. Names in a query don't follow renames: `generate`
drops a view before a table or a column that it speaks of gets another name or type or goes, and creates it behind.

`alter_view` is `CREATE OR REPLACE VIEW` on MySQL and MariaDB. So it is on PostgreSQL where the new query surely keeps the
columns of the old one, said in the same words and before its others; else the view is dropped and created, and the views
that rest on it with it, as is every view on SQLite. What only the database says of a view is lost then: grants, triggers,
comments, indexes of a materialized one. `plan` and `sql` say so beforehand.

## Triggers, functions and procedures

```rust
Migration::after(\"0002_orders\")
    .create_function(
        \"log_order\",
        on(
            Postgres,
            \"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$\",
        )
        .otherwise(\"\"),
    )
    .create_trigger(
        \"orders\",
        \"orders_log\",
        \"AFTER UPDATE\",
        on(Postgres, \"FOR EACH ROW EXECUTE FUNCTION log_order()\")
            .on(Mysql, \"FOR EACH ROW DELETE FROM order_log WHERE order_id = OLD.id\")
            .otherwise(\"BEGIN DELETE FROM order_log WHERE order_id = OLD.id; END\"),
    )
```

The definition of a function or a procedure is what stands behind its name, from the arguments on; that of a trigger is what
stands behind its table, and before it comes what sets it off. It is the database's own SQL, one for all databases or one for
each; with an empty text a database goes without. `alter_function`, `alter_procedure` and `alter_trigger` give them another one,
`drop_function`, `drop_procedure` and `drop_trigger` drop them. A trigger goes with its table, and `down` brings it back.

`CREATE OR REPLACE` puts the new definition in the old one's place on MariaDB, and on PostgreSQL for functions and procedures
that take and return what they did, said in the same words. Else they are dropped and created, two steps on MySQL.

## Rows

```rust
Migration::after(\"0002_countries\").upsert(
    rows(\"countries\")
        .key(\"code\")
        .columns([\"code\", \"name\", \"area\", \"flag\"])
        .row((\"AU\", \"Australia\", \"7692024.00\", hex(\"00ff\")))
        .row((\"US\", \"United States\", null(), sql(\"default_flag()\"))),
)
```

Rows whose key is there get these values, the others are added: `ON CONFLICT` on PostgreSQL and SQLite, `ON DUPLICATE
KEY` on MySQL and MariaDB, up to 200 rows a statement. The key is the primary key, a unique constraint or a unique index, and
nothing else says which row is meant: where a row of MySQL could meet another unique key too, it is
written by an `UPDATE` and an `INSERT`. Values are strings (dates, decimals, UUIDs and JSON are written as strings too),
integers, bools, `null()`, `hex(…)`, `sql(…)`, `on(…)`, `named(…)`, `now()`, `new_uuid()`; the key's values are plain ones. A
value for a serial or an identity column doesn't move the column's sequence.

What a row replaces is remembered in the same transaction, in `whimbrel_state`. Taken back, what was there before is
there again, and what was added is gone; columns that weren't written stay as they are by then. Until the
transaction ends nobody else adds a row with one of the keys: on PostgreSQL others wait that want to write to the table
(`LOCK TABLE … IN SHARE ROW EXCLUSIVE MODE`), on MySQL and MariaDB those that want to write next to these rows, unless
a script has lowered the session's isolation level from `REPEATABLE READ`.

## Many rows

```rust
Migration::after(\"0002_orders\")
    .rename_column(\"users\", \"name\", \"display_name\")
    .backfill(
        rows(\"users\")
            .set(\"display_name\", sql(\"coalesce(email, 'anonymous')\"))
            .filter(\"display_name IS NULL\")
            .batch(5_000),
    )
    .alter_column(\"users\", \"display_name\", set().data_type(varchar(200)).not_null())
```

A `backfill` goes through the rows that its filter finds in the order of the table's key, and changes up to so many of
them (1000 where nothing is said) in a transaction, together with the mark of how far it came. What stands before it is
committed first. A run that is stopped between two batches, by a signal, `--deadline` or a power cut, goes on with the
next one, and no row is changed twice; a lock that somebody else holds is waited for batch by batch. `up` tells
how far it came, and `--format json` each batch.

The key is the primary key, or a unique constraint or index over columns that are never null, of whole numbers, texts, UUIDs, dates
or times. Without one, a `backfill` is refused: a whole table in one statement is to be asked for, as `run_sql`. So it
is for rows that no transaction covers (MyISAM). Rows that are added behind the last key meanwhile are
gone through as well. Taken back, what was filled in stays, unless `.undo(\"UPDATE …\")` says otherwise, which
also takes back what is filled in half.

## Rows by code

```rust
Migration::after(\"0002_users\")
    .add_column(\"users\", \"family\", varchar(200))
    .run(
        run(\"split names\", |db| {
            for row in db.query(\"SELECT id, name FROM users WHERE family IS NULL\", ())? {
                let name = row.text(\"name\")?;
                if let Some((name, family)) = name.split_once(' ') {
                    db.execute(
                        \"UPDATE users SET name = ?, family = ? WHERE id = ?\",
                        (name, family, row.integer(\"id\")?),
                    )?;
                }
            }
            Ok(())
        })
        .undo(|db| {
            db.execute(\"UPDATE users SET name = concat(name, ' ', family) WHERE family IS NOT NULL\", ())?;
            Ok(())
        }),
    )
```

For what one statement can't say well. The code is Rust like the rest of the file, and may use its functions and
constants (a function takes `db: &mut Db<'_>` and gives a `Result<_, Failure>`); what it takes from around it, it takes with
`move`: texts, numbers and lists of these. It never runs when files are read, listed, generated or planned: plans and
`sql` show its title. But it is tried out then, on a made-up database whose questions have one row, so that
`whimbrel check` tells a misspelt method or a wrong type; which tables and columns there are shows only when it runs.

- Each `?` of a statement stands for the next value of the tuple or the list behind it, which the database gets as a literal
  of its own: texts, `i64`, bools, `Option`s of these (none is null), `null()`, `hex(…)`, `sql(…)`. The operator `?` of
  PostgreSQL is written `??`. One text does for all databases, or `on(Mysql, \"…\").otherwise(\"…\")`.
- Rows are owned, and come all at once. A value is asked for by its column's name: `row.text(…)?`, `integer`, `boolean`, and
  `optional_text`, … where it may be null. Every value has a text. For large tables go through the key:
  `SELECT … WHERE id > ? ORDER BY id LIMIT 1000` in a `loop`; and where each batch is to be kept by itself, take `backfill`.
- The code shares a transaction with the mark that it has run, and with the migration's other steps where the database
  can roll these back. However it ends before its `Ok(())`, nothing of it stays: `?` on a failure, `Err(failure(\"…\"))`, a
  panic, a signal, `--deadline`, a power cut. A statement that the database refuses stops it even where the code lets that
  go by. What would commit by itself is refused: `COMMIT`, and on MySQL and MariaDB every change of the schema.
- `db.say(\"…\")` is shown while `up` runs, and is an event of `--format json`.
- With `no_transaction()` there is none around it. Once it has begun, nobody can tell how far it came, and
  `whimbrel resolve` asks.
- `down` runs the code of `undo`, in the same way. All that it needs was stored when the migration was applied, the functions of
  helper files included, so a changed or missing file doesn't stand in its way. Without an `undo`, `down` says that nobody
  has said how; with `undo_nothing()` there is nothing to do.
- An edit is what changes the tokens of the code, or of what it uses; comments and layout are none.
- `generate --merge` and `--squash` take the code to read and write everything, unless `.touches([\"users\"])` says which tables.
  A squash takes over code that uses nothing but its closure, and refuses what leans on its file.

## Numbers

`bigint().identity()` is a column that the database numbers; `.identity_as(…)` says how: `by_default()` or `always()`, with
`.start(1000)` and `.increment(10)` behind. In a table that is there, `set().identity()` begins the numbering, and
`set().no_identity()` ends it. From `serial()` it goes on with `set().data_type(integer()).identity()`. What the databases make
of it stands in docs/schema.md.

## Changing types

A column keeps its values when its type changes: PostgreSQL is told the cast that it needs, SQLite rebuilds the table,
MySQL and MariaDB convert by their own rules. Texts become any type that their values are written in, and any type
a text; numbers and truth values become each other, as do days and moments, lists of such, and the types of each
kind among themselves. Values that don't fit stop the migration, except on SQLite, which keeps them as they are.

Between all other types, such as from a day to a number, values mean nothing, and some databases would make
something of them that nobody meant: MySQL takes 2 January 2024 for the number 20240102. These are refused before anything
runs. Say how on PostgreSQL and SQLite with `set().data_type(integer()).using(\"extract(epoch from day)::integer\")`; MySQL and
MariaDB take no expression: add a new column, fill it by SQL, drop the old one and rename the new one.

## Unique constraints

```rust,ignore
.add_unique(\"users\", unique(\"uq_users_tenant_email\").on([\"tenant\", \"email\"]))
.add_unique(\"steps\", unique(\"one_place\").on([\"list\", \"place\"]).initially_deferred())
.rename_constraint(\"users\", \"uq_users_tenant_email\", \"one_email\")
.drop_unique(\"users\", \"one_email\")
```

In `table(…)` it is `.unique(unique(\"one_email\").on(\"email\"))`. What the databases make of it, and what tells it from a unique
index, stands in docs/schema.md.

## Tables themselves

`alter_table` changes what is said of a table itself, and leaves alone what isn't named:

```rust,ignore
.alter_table(\"orders\", set_table().comment(\"What was asked for, paid or not\"))
.alter_column(\"orders\", \"net\", set().comment(\"without taxes\"))
.alter_column(\"orders\", \"note\", set().no_comment())
```

Comments stay through renames and changes of types. SQLite has none; there they are left out, and `plan` says so.

What only one database has a word for is an option of it, said by a function of its own:

```rust,ignore
.create_table(
    table(\"events\")
        .with(postgres::fillfactor(70))
        .with(mysql::row_format(\"compressed\"))
        .with(sqlite::strict())
        .column(\"id\", bigint().primary_key())
        .column(\"body\", text().with(postgres::storage(\"external\"))),
)
.alter_table(\"events\", set_table().with(postgres::unlogged()).without(Postgres, \"fillfactor\"))
.alter_column(\"events\", \"body\", set().with(postgres::statistics(500)).without(Postgres, \"storage\"))
```

Each database takes its own options and has no use for the others, which are kept all the same: a change of
another database's options runs nothing. MariaDB takes those of `mysql` where `mariadb` says nothing else. What each does, and
what it costs, stands in [the schema file's chapter](schema.md#options).

## SQL migrations

`whimbrel new NAME --sql` writes one. They stand beside the others in one graph:

```sql
-- whimbrel: after 0002_orders
CREATE INDEX CONCURRENTLY orders_open_ix ON orders (tenant_id) WHERE status = 'new';

-- whimbrel: down
DROP INDEX orders_open_ix;
```

| directive | means |
|---|---|
| `-- whimbrel: after NAME[, NAME]` | what it comes after; `-- whimbrel: first` for a root |
| `-- whimbrel: up [DATABASE]`, `-- whimbrel: down [DATABASE]` | what follows runs on the way up or down, on that database or on all |
| `-- whimbrel: for DATABASE` | what follows runs on that database only, in the direction that it stands in |
| `-- whimbrel: after-deploy` | as `.after_deploy()`: `up --phase before-deploy` leaves it out |
| `-- whimbrel: needs-review WHY` | as `.needs_review(…)`: stops `up` until somebody has looked and taken this out |
| `-- whimbrel: irreversible WHY` | as `.irreversible(…)`: `down` says why and does nothing |
| `-- whimbrel: replaces NAME[, NAME]` | as `.replaces(…)`: stands in the place of these; what they changed of the schema is forgotten with them, so a `state` section has to say it |
| `-- whimbrel: state` | what follows as comments is what the migration changes of the schema; see below |
| `-- whimbrel: no-transaction` | every statement runs outside of a transaction; rarely needed, as statements that can't run in one are recognised |
| `-- whimbrel: done-when SELECT …` | for the statement that follows, where nobody can tell from the catalog whether it has run: a query that answers it |

A script's own `BEGIN` and `COMMIT` are not sent: the plan is cut where they stand, so that every statement is
committed together with its mark. A bare `ROLLBACK` is refused; `LOCK TABLES` and `UNLOCK TABLES` of MySQL are not sent either.

What a script sets in the session does not reach the next migration, and neither do its temporary tables and
variables. A migration that goes on in another session is told its `SET`, `USE` and `SET ROLE` again; a
temporary table or a variable too, unless rows or tables have changed since it was made. Where a step needs
one that is gone, `up` stops before it and says so: `up --restart` runs the whole migration anew.

On MySQL and MariaDB:

- SQL is read as in the servers' usual mode: `\"…\"` is a text, a backslash escapes. A session of whimbrel's leaves
  out of the server's `sql_mode` whatever changes that, or hides parts of a table's definition: `ANSI_QUOTES`,
  `NO_BACKSLASH_ESCAPES`, `EMPTY_STRING_IS_NULL`, `NO_TABLE_OPTIONS` and the like, and the modes that bring them along
  (`ANSI`, `ORACLE`, …). All others stay. `?sql_mode=…` in the URL asks for other modes than the server's, and a
  script may set its own; where its semicolons and strings end is read by the usual rules all the same.
- A session is at `REPEATABLE READ`, the servers' own default, also where a server's is weaker: otherwise somebody
  could add a row between the look at what `upsert` replaces and the writing of it.
- MariaDB drops several tables one after the other, so `DROP TABLE a, b` is a step for each there. MySQL
  drops all of them or none.
- With `lower_case_table_names = 1` the names of tables are compared as the server keeps them.

What SQL changes of the schema is what its `state` section says, in the calls of this language:

```sql
-- whimbrel: after 0002_orders
-- whimbrel: state
--   .add_column(\"users\", \"age\", integer())
--   .add_index(\"users\", index(\"users_age_ix\").on(\"age\"))
-- whimbrel: up
ALTER TABLE users ADD COLUMN age integer CHECK (age < 200);
CREATE INDEX CONCURRENTLY users_age_ix ON users (age);
```

The section goes on to the next directive or statement. Then `generate`, `verify`, `--merge`, `--squash` and
`rebase` know as much of it as of any other migration: branches fit together by what they say, and `verify` shows
what the statements did not make so. Only `SELECT`s and changes of rows? An empty section says that the schema stays.
A section without statements is a `state_only(…)`. In Rust the same is said by
`.run_sql(sql(\"…\").state(changes().add_column(\"users\", \"age\", integer())))`.

Taken back, the schema is what it was before, by what the section says. In the database the `down` section runs, and where there
is none, the inverse of what the `state` section says, as if the migration had been written in Rust: what the
statements did beside that stays, so say it with `down`. An empty `down` section takes nothing back in the database.

What a migration in SQL without a `state` section changes is not seen by `generate`, and without a `down` section
it can't be taken back.

## Reference
";

fn signature(entry: &Entry) -> String {
    let parameters: Vec<String> =
        entry.parameters.iter().map(|(name, kind)| format!("{name}: {kind}")).collect();
    let receiver = if entry.receiver.is_some() { "." } else { "" };
    format!("{receiver}{}({}) -> {}", entry.name, parameters.join(", "), entry.returns)
}

fn page() -> String {
    let mut text = HEAD.to_owned();
    let mut last = None;
    for entry in ENTRIES {
        // A type stands for the column that it makes: most of its methods are the column's.
        let is_of_column = |it: &Entry| it.receiver == Some("Column") && it.name == entry.name;
        if entry.receiver == Some("ColumnType") && ENTRIES.iter().any(is_of_column) {
            continue;
        }
        // Changes have the methods of a migration that change something.
        if entry.receiver == Some("Changes") {
            continue;
        }
        let module = entry.name.split_once("::").map(|(module, _)| module);
        let module = module.filter(|it| it.starts_with(char::is_lowercase));
        let heading = entry.receiver.or(module).unwrap_or("Functions");
        if last != Some(heading) {
            let title = if entry.receiver.is_some() {
                format!("Methods of `{heading}`")
            } else if module.is_some() {
                format!("Options, by the functions of `{heading}`")
            } else {
                heading.to_owned()
            };
            write!(text, "\n### {title}\n\n| | |\n|---|---|\n").unwrap();
            last = Some(heading);
        }
        let doc: Vec<&str> = entry.doc.lines().map(str::trim).collect();
        writeln!(text, "| `{}` | {} |", signature(entry), doc.join(" ").trim()).unwrap();
    }
    for receiver in ["Db", "Row"] {
        write!(text, "\n### Methods of `{receiver}`\n\n| | |\n|---|---|\n").unwrap();
        for method in METHODS.iter().filter(|it| it.receiver == receiver) {
            let parameters = method.parameters.iter().map(|(name, kind)| format!("{name}: {kind}"));
            let parameters: Vec<String> = parameters.collect();
            let doc: Vec<&str> = method.doc.lines().map(str::trim).collect();
            let (name, returns) = (method.name, method.returns);
            let call = format!(".{name}({}) -> {returns}", parameters.join(", "));
            writeln!(text, "| `{call}` | {} |", doc.join(" ").trim()).unwrap();
        }
    }
    let changes = ENTRIES.iter().filter(|it| it.receiver == Some("Changes"));
    let names: Vec<String> = changes.map(|it| format!("`{}`", it.name)).collect();
    write!(
        text,
        "\n### Methods of `Changes`\n\nThe same as a migration's: {}.\n",
        names.join(", ")
    )
    .unwrap();
    text
}

#[test]
fn the_reference_page_is_what_the_builder_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/migrations.md");
    if let Err(difference) = snapshot::check(&path, &page()) {
        panic!("{difference}");
    }
}
