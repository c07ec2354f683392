//! Why whimbrel writes something else where it does.

use Verdict::{Better, OnPurpose};

pub(super) const PREFACE: &str = "\
# SQL, compared with makemigrations

What makemigrations 1.8 writes for each type and each kind of change on PostgreSQL, MySQL and SQLite, and what
whimbrel writes for the same. MariaDB, which makemigrations doesn't know, is compared with its MySQL. Layout, capitals of
keywords and semicolons don't count; every other difference has its reason here. A test keeps this page true.
";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Better,
    OnPurpose,
}

/// Why some of the facts differ.
pub(super) struct Reason {
    pub(super) said: (Verdict, &'static str),
    keys: &'static [&'static str],
    dialects: &'static [&'static str],
}

impl Reason {
    /// Whether it is the reason for `key` on this dialect; a key that ends with `*` begins others.
    pub(super) fn is_of(&self, key: &str, dialect: &str) -> bool {
        let of = |it: &&str| match it.strip_suffix('*') {
            Some(beginning) => key.starts_with(beginning),
            None => *it == key,
        };
        self.keys.iter().any(of) && (self.dialects.is_empty() || self.dialects.contains(&dialect))
    }
}

const fn reason(
    verdict: Verdict,
    dialects: &'static [&'static str],
    keys: &'static [&'static str],
    why: &'static str,
) -> Reason {
    Reason { said: (verdict, why), keys, dialects }
}

const MYSQL: &[&str] = &["mysql", "mariadb"];
const SQLITE: &[&str] = &["sqlite"];
const SERVERS: &[&str] = &["postgres", "mysql", "mariadb"];
const POSTGRES: &[&str] = &["postgres"];

/// The reasons; of those that fit, the first counts.
pub(super) const ALL: &[Reason] = &[
    reason(
        Better,
        &[],
        &["quote/*"],
        "A quote in a name is doubled; makemigrations' SQL ends the name there.",
    ),
    reason(
        Better,
        &[],
        &["alter_column/pk_on", "add_column/pk"],
        "A primary key that comes, changes or goes is a change of the table. makemigrations passes over it, \
         and what it writes for a new column that is the key, SQLite refuses.",
    ),
    reason(
        Better,
        &["postgres", "sqlite"],
        &["add_column/auto_update", "alter_column/auto_update_on"],
        "PostgreSQL and SQLite have no `ON UPDATE`: a trigger keeps the promise there. makemigrations writes nothing.",
    ),
    reason(
        Better,
        MYSQL,
        &["alter_column/auto_update_on"],
        "The column is said again as it is in the database, so that nothing else of it is lost.",
    ),
    reason(
        Better,
        SQLITE,
        &["alter_column/*", "add_fk/*", "drop_fk", "op/add_foreign_key/*", "supports/ALTER_COLUMN"],
        "SQLite can't change a column or a foreign key in place: the table is built anew from its own definition, with its \
         rows, indexes, triggers and whatever else is said of it. makemigrations leaves the change out.",
    ),
    reason(
        Better,
        SQLITE,
        &["alter_column_with_table/*"],
        "The new table is built from the definition that stands in the database, so that nothing is lost which the \
         schema has no word for, and triggers and views are kept.",
    ),
    reason(
        Better,
        SQLITE,
        &["add_column/auto_create", "add_column/not_null", "add_column/sql_default"],
        "SQLite refuses a computed default, and a required column, in `ADD COLUMN`; the table is built anew.",
    ),
    reason(
        Better,
        &[],
        &["add_column/fk", "type/foreign_key"],
        "A field that points at a table has the type of that table's key, and its constraint from the start.",
    ),
    reason(
        Better,
        &[],
        &["add_column/m2m", "type/many_to_many"],
        "`many_to_many` is a table of pairs, with keys that point at both tables, also where the field comes later.",
    ),
    reason(
        Better,
        &[],
        &["junction_table"],
        "Foreign keys have names, so that they can be dropped; the second one has an index of its own.",
    ),
    reason(
        Better,
        MYSQL,
        &["add_column/sql_default"],
        "An expression stands in parentheses, which MySQL asks for.",
    ),
    reason(
        Better,
        &[],
        &["add_column/string_default"],
        "A text is a literal, quoted and escaped, in `ADD COLUMN` too.",
    ),
    reason(
        Better,
        &[],
        &["add_fk/none", "op/add_foreign_key/on_delete="],
        "The key's columns are named, which MariaDB and MySQL 8 ask for; and who says nothing gets `RESTRICT`, as the \
         documents of makemigrations promise.",
    ),
    reason(
        OnPurpose,
        MYSQL,
        &["op/add_foreign_key/on_delete=SET_DEFAULT"],
        "InnoDB refuses `SET DEFAULT`; whimbrel says so before anything runs.",
    ),
    reason(
        Better,
        SERVERS,
        &["add_fk/*", "op/add_foreign_key/*"],
        "The columns that the key points at are named, which MariaDB and MySQL 8 ask for. `NO ACTION` is what a key does \
         of which nothing is said, and stays unsaid.",
    ),
    reason(
        Better,
        MYSQL,
        &["alter_column/add_default", "alter_column/auto_create_on", "alter_column/drop_default"],
        "A default is changed without saying the whole column again, so that nothing else of it is lost and no row is \
         touched.",
    ),
    reason(
        Better,
        POSTGRES,
        &["alter_column/type_null_default"],
        "One statement, one pass over the table.",
    ),
    reason(
        Better,
        POSTGRES,
        &["alter_column/varchar_to_int"],
        "PostgreSQL asks for the cast; without it the statement is refused.",
    ),
    reason(
        Better,
        MYSQL,
        &["rename_column"],
        "`CHANGE` would make the column a `VARCHAR(255)`, whatever it was.",
    ),
    reason(
        Better,
        &[],
        &["create_table/composite_pk"],
        "One key of two columns; makemigrations writes two keys on MySQL and SQLite, which is refused. The columns of \
         a key are never null, on SQLite neither.",
    ),
    reason(
        Better,
        &[],
        &["create_table/users"],
        "The foreign key comes with its table, where makemigrations adds it later and forgives that it fails; \
         `auto_update` works on every database, by a trigger where there is no word for it; SQLite numbers the key.",
    ),
    reason(
        OnPurpose,
        &[],
        &["generate_indexes"],
        "A foreign key gets an index where the schema names one, or where the database makes it by itself (MySQL). \
         makemigrations shows one in `schema-to-sql` that its migrations never make.",
    ),
    reason(
        Better,
        &[],
        &["op/upsert_data/down"],
        "Taken back, what was there before is there again; makemigrations deletes the rows, also those that were there.",
    ),
    reason(
        Better,
        MYSQL,
        &["upsert/*"],
        "The key of a row that is there stays as it is: only what else it holds is written.",
    ),
    reason(
        OnPurpose,
        &["mysql", "mariadb", "sqlite"],
        &["op/upsert_data/up", "upsert/two_keys"],
        "Truth values are numbers there, and a moment has its microseconds on MySQL.",
    ),
    reason(
        Better,
        MYSQL,
        &["type/text", "type/varchar", "create_table/no_pk"],
        "`TEXT` ends at 64 KiB on MySQL; text of any length is `LONGTEXT`.",
    ),
    reason(
        Better,
        MYSQL,
        &["type/bytes"],
        "`BLOB` ends at 64 KiB on MySQL; bytes of any length are `LONGBLOB`.",
    ),
    reason(
        Better,
        MYSQL,
        &["type/timestamp", "type/time", "add_column/auto_create", "add_column/auto_update"],
        "MySQL's `TIMESTAMP` ends in 2038, is turned with the session's time zone and has whole seconds; `DATETIME(6)` \
         and `TIME(6)` keep what they are given.",
    ),
    reason(
        Better,
        SQLITE,
        &["type/decimal*"],
        "`REAL` is binary floating point; `NUMERIC` keeps whole numbers exact and is SQLite's word for a decimal.",
    ),
    reason(Better, MYSQL, &["type/text[]"], "A list is JSON, which the server checks."),
    reason(
        Better,
        &[],
        &["drop_table_cascade"],
        "A table is dropped after what points at it, and what else leans on it stops the step; `CASCADE` would take it \
         along in silence.",
    ),
    reason(
        OnPurpose,
        &[],
        &["type/decimal"],
        "A decimal without a `precision` is refused in a schema file, which names what to write; here it is one of ten digits.",
    ),
    reason(
        OnPurpose,
        POSTGRES,
        &["type/json"],
        "`json` is `JSON` and `jsonb` is `JSONB`. Who wants `JSONB` for both says so in `type_mappings`.",
    ),
    reason(
        OnPurpose,
        &[],
        &["type/citext"],
        "A type that only one database has a word for is written as `type: other` with `spelled:`, and as it is spelled \
         there; where another database has no such type, its own word is to be said.",
    ),
    reason(
        OnPurpose,
        MYSQL,
        &["drop_fk"],
        "The index that MySQL made for the key goes with it, so that down leads back to what was there.",
    ),
    reason(
        OnPurpose,
        MYSQL,
        &["drop_index"],
        "The same in other words, which can also give a foreign key another index in one statement.",
    ),
    reason(
        OnPurpose,
        POSTGRES,
        &["create_index/method_where"],
        "A method is a name, and is quoted as it is written.",
    ),
    reason(
        OnPurpose,
        &["mysql", "mariadb", "sqlite"],
        &["create_index/method_where"],
        "An index method or a condition that the database hasn't is refused before anything runs, in words; leaving it \
         out would make a unique index stricter than it was asked to be.",
    ),
];
