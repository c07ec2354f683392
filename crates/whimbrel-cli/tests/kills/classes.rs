//! The kinds of steps, as migrations in which they stand.

use whimbrel_wire::Family;

/// Kinds of steps that come through a crash in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// In one transaction with their marks.
    Transactional,
    /// May not stand in a transaction: the plan is cut there.
    Cut,
    /// Commits by itself, and the catalog shows whether it has run.
    Decidable,
    /// Starts from the table as it stands: `MODIFY`, SQLite's rebuild.
    Live,
    /// What a schema says beside tables and columns: enums, keys, identity, collations, comments.
    Words,
    /// Views, in each other's place and dropped and made again with those that rest on them.
    Views,
    /// Namespaces, and tables that come, go and move between them.
    Namespaces,
    /// Changes rows.
    Rows,
    /// Changes rows in code of the user's own.
    Code,
    /// May run twice.
    Repeatable,
    /// Nobody can tell, but a query of the migration's own.
    DoneWhen,
    /// Nobody can tell.
    Opaque,
}

/// Every class, as the tables list them.
pub(crate) const ALL: [Class; 12] = [
    Class::Transactional,
    Class::Cut,
    Class::Decidable,
    Class::Live,
    Class::Words,
    Class::Views,
    Class::Namespaces,
    Class::Rows,
    Class::Code,
    Class::Repeatable,
    Class::DoneWhen,
    Class::Opaque,
];

/// What every class starts from.
pub(crate) const GROUND: &str = r#"//! What is there before.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::first()
        .create_table(
            table("ground")
                .column("id", integer().primary_key())
                .column("n", integer())
                .column("email", varchar(100)),
        )
        .create_table(
            table("leaf")
                .column("id", integer().primary_key())
                .column("ground_id", integer().references("ground")),
        )
        .create_table(table("counter").column("n", integer().not_null()))
        .run_sql(sql("INSERT INTO ground (id, n, email) VALUES (1, 10, 'a'), (2, 20, 'b')").undo_nothing())
        .run_sql(sql("INSERT INTO leaf (id, ground_id) VALUES (1, 1), (2, 2)").undo_nothing())
        .run_sql(sql("INSERT INTO counter (n) VALUES (0)").undo_nothing())
}
"#;

/// What a migration can't make, and `CALL` needs.
pub(crate) fn procedures(family: Family) -> &'static [&'static str] {
    match family {
        Family::Postgres => &[
            "CREATE PROCEDURE bump() LANGUAGE sql AS 'UPDATE counter SET n = n + 1'",
            "CREATE PROCEDURE unbump() LANGUAGE sql AS 'UPDATE counter SET n = n - 1'",
        ],
        Family::Mysql => &[
            "CREATE PROCEDURE bump() UPDATE counter SET n = n + 1",
            "CREATE PROCEDURE unbump() UPDATE counter SET n = n - 1",
        ],
        Family::Sqlite => &[],
    }
}

const LIVE: &str = r#"//! Starts from the table as it stands.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_ground")
        .alter_column("ground", "email", set().data_type(varchar(200)).not_null())
        .run_sql(sql("UPDATE counter SET n = n + 1").undo("UPDATE counter SET n = n - 1"))
        .alter_column("ground", "n", set().data_type(bigint()).default(7))
}
"#;

const WORDS: &str = r#"//! What a schema says beside tables and columns.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    let bytes = on(Postgres, "C").on(Mysql, "utf8mb4_bin").on(Sqlite, "nocase");
    Migration::after("0001_ground")
        .create_enum("mood", ["old", "new"])
        .add_column("ground", "mood", enumeration("mood").not_null().default("new"))
        .add_enum_value("mood", "mid")
        .alter_table("ground", set_table().comment("it's told"))
        .alter_column("ground", "n", set().comment("told").not_null())
        .alter_column("ground", "email", set().collation(bytes))
        .alter_primary_key("counter", ["n"])
        .alter_column("leaf", "id", set().identity())
        .set_enum_values("mood", ["mid", "new"])
        .run_sql(sql("UPDATE counter SET n = n + 1").undo("UPDATE counter SET n = n - 1"))
}
"#;

const VIEWS: &str = r#"//! Views.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_ground")
        .create_view("seen", "SELECT id, n FROM ground")
        .create_view("told", "SELECT id AS number FROM seen")
        .alter_view("seen", "SELECT id, n, email FROM ground")
        .run_sql(sql("UPDATE counter SET n = n + 1").undo("UPDATE counter SET n = n - 1"))
        .alter_view("seen", "SELECT n, id FROM ground WHERE n > 5")
        .create_view("short", "SELECT count(*) AS n FROM told")
        .drop_view("short")
}
"#;

const NAMESPACES: &str = r#"//! Namespaces.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    let log = || qualified("{audit}", "log");
    Migration::after("0001_ground")
        .create_namespace("{audit}")
        .create_table(
            table(log()).column("id", integer().primary_key()).column("n", integer()),
        )
        .run_sql(sql("INSERT INTO {audit}.log VALUES (1, 2)").undo("DELETE FROM {audit}.log"))
        .create_namespace("{billing}")
        .add_column("ground", "log_id", integer().references(log()))
        .rename_table(log(), qualified("{billing}", "entries"))
        .add_index(qualified("{billing}", "entries"), index("by_n").on("n"))
        .run_sql(sql("UPDATE counter SET n = n + 1").undo("UPDATE counter SET n = n - 1"))
        .drop_namespace("{audit}")
}
"#;

/// What the namespaces of the migrations are called, in braces.
pub(crate) const PLACES: [&str; 2] = ["audit", "billing"];

const CODE: &str = r#"//! Changes rows in code.
use whimbrel_migration::*;

pub fn migration() -> Migration {
    Migration::after("0001_ground")
        .add_column("ground", "half", integer())
        .run(
            run("halve", |db| {
                for row in db.query("SELECT id, n FROM ground ORDER BY id", ())? {
                    let (id, n) = (row.integer("id")?, row.integer("n")?);
                    db.execute("UPDATE ground SET half = ? WHERE id = ?", (n / 2, id))?;
                }
                db.execute("UPDATE counter SET n = n + 1", ())?;
                Ok(())
            })
            .undo(|db| {
                db.execute("UPDATE counter SET n = n - 1", ())?;
                Ok(())
            }),
        )
        .alter_column("ground", "half", set().not_null())
}
"#;

impl Class {
    /// How the page calls it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Transactional => "transactional",
            Self::Cut => "cut",
            Self::Decidable => "decidable",
            Self::Live => "from the live table",
            Self::Words => "enums, keys, identity, collations, comments",
            Self::Views => "views",
            Self::Namespaces => "namespaces",
            Self::Rows => "rows",
            Self::Code => "code (`run`)",
            Self::Repeatable => "repeatable",
            Self::DoneWhen => "`done-when`",
            Self::Opaque => "opaque",
        }
    }

    /// The migration with such steps, as the end of its file's name and its text; nothing where
    /// the family has none of the kind.
    pub(crate) fn migration(self, family: Family) -> Option<(&'static str, String)> {
        match self {
            Self::Live => return Some(("rs", LIVE.to_owned())),
            Self::Words => return Some(("rs", WORDS.to_owned())),
            Self::Views => return Some(("rs", VIEWS.to_owned())),
            Self::Namespaces if family == Family::Sqlite => return None,
            Self::Namespaces => return Some(("rs", NAMESPACES.to_owned())),
            Self::Code => return Some(("rs", CODE.to_owned())),
            _ => {}
        }
        let (up, down) = self.script(family)?;
        let lone = matches!(self, Self::Opaque | Self::DoneWhen) && family == Family::Postgres;
        let lone = if lone { "-- whimbrel: no-transaction\n" } else { "" };
        Some((
            "sql",
            format!("-- whimbrel: after 0001_ground\n{lone}{up}\n-- whimbrel: down\n{down}"),
        ))
    }

    fn script(self, family: Family) -> Option<(&'static str, &'static str)> {
        match (self, family) {
            (Self::Transactional, Family::Postgres | Family::Sqlite) => Some((
                "CREATE TABLE a (n integer);\nINSERT INTO a VALUES (1);\n\
                 ALTER TABLE ground ADD COLUMN extra integer;\n\
                 UPDATE counter SET n = n + 1;\nCREATE INDEX ground_n ON ground (n);\n",
                "DROP INDEX ground_n;\nUPDATE counter SET n = n - 1;\n\
                 ALTER TABLE ground DROP COLUMN extra;\nDROP TABLE a;\n",
            )),
            (Self::Cut, Family::Postgres) => Some((
                "CREATE TABLE a (n integer);\nCREATE TYPE mood AS ENUM ('old');\n\
                 ALTER TYPE mood ADD VALUE 'new';\n\
                 CREATE INDEX CONCURRENTLY ground_n ON ground (n);\n\
                 UPDATE counter SET n = n + 1;\n",
                "UPDATE counter SET n = n - 1;\nDROP INDEX CONCURRENTLY ground_n;\n\
                 DROP TYPE mood;\nDROP TABLE a;\n",
            )),
            (Self::Decidable, Family::Mysql) => Some((
                "CREATE TABLE a (n integer);\nALTER TABLE ground ADD COLUMN extra integer;\n\
                 CREATE INDEX ground_n ON ground (n);\nALTER TABLE counter RENAME TO tally;\n",
                "ALTER TABLE tally RENAME TO counter;\nDROP INDEX ground_n ON ground;\n\
                 ALTER TABLE ground DROP COLUMN extra;\nDROP TABLE a;\n",
            )),
            (Self::Rows, _) => Some((
                "UPDATE counter SET n = n + 1;\nINSERT INTO ground VALUES (3, 30, 'c');\n\
                 CREATE TABLE a (n integer);\nUPDATE counter SET n = n + 1;\n",
                "UPDATE counter SET n = n - 1;\nDROP TABLE a;\n\
                 DELETE FROM ground WHERE id = 3;\nUPDATE counter SET n = n - 1;\n",
            )),
            (Self::Repeatable, Family::Postgres) => Some((
                "UPDATE counter SET n = n + 1;\nVACUUM ground;\nANALYZE ground;\n\
                 REINDEX TABLE CONCURRENTLY ground;\nUPDATE counter SET n = n + 1;\n",
                "UPDATE counter SET n = n - 2;\nVACUUM ground;\n",
            )),
            (Self::Repeatable, Family::Mysql) => Some((
                "UPDATE counter SET n = n + 1;\nANALYZE TABLE ground;\nOPTIMIZE TABLE counter;\n\
                 UPDATE counter SET n = n + 1;\n",
                "UPDATE counter SET n = n - 2;\nANALYZE TABLE ground;\n",
            )),
            (Self::Repeatable, Family::Sqlite) => Some((
                "UPDATE counter SET n = n + 1;\nVACUUM;\nANALYZE;\n\
                 UPDATE counter SET n = n + 1;\n",
                "UPDATE counter SET n = n - 2;\nVACUUM;\n",
            )),
            (Self::DoneWhen, Family::Postgres | Family::Mysql) => Some((
                "CREATE TABLE a (n integer);\n\
                 -- whimbrel: done-when SELECT n > 0 FROM counter\nCALL bump();\n\
                 CREATE TABLE b (n integer);\n",
                "DROP TABLE b;\nUPDATE counter SET n = n - 1;\nDROP TABLE a;\n",
            )),
            (Self::Opaque, Family::Postgres | Family::Mysql) => Some((
                "CREATE TABLE a (n integer);\nCALL bump();\nCREATE TABLE b (n integer);\n",
                "DROP TABLE b;\nCALL unbump();\nDROP TABLE a;\n",
            )),
            _ => None,
        }
    }
}
