//! What is edited changes, and nothing else.

use proptest::prelude::*;

use super::*;
use crate::dialect::{ALL, MARIADB, MYSQL, SQLITE};

const SQLITE_TABLES: &[&str] = &[
    "CREATE TABLE a(b)",
    "CREATE TABLE \"odd \"\"name\"\"\" ([first col] TEXT, `second``col` int, 'third''col' REAL, \"fourth\" BLOB)",
    "CREATE TABLE IF NOT EXISTS main.users (\n  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, (of course)\n  \
     email TEXT NOT NULL COLLATE NOCASE UNIQUE ON CONFLICT IGNORE, /* a, b */\n  \
     kind VARCHAR(20) DEFAULT 'a,b)' CHECK (kind IN ('a,b)', ')', 'it''s')),\n  \
     total DECIMAL(12, 2) NOT NULL DEFAULT -1.5,\n  created TEXT DEFAULT (datetime('now', 'utc')),\n  \
     twice INT GENERATED ALWAYS AS (total * 2) STORED,\n  half AS (total / 2),\n  \
     org INT CONSTRAINT org_fk REFERENCES orgs(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT NULL,\n  \
     CONSTRAINT email_ck CHECK (length(email) > 3),\n  \
     FOREIGN KEY (org, kind) REFERENCES \"orgs\" (\"id\", kind) ON UPDATE CASCADE\n) STRICT, WITHOUT ROWID",
    "CREATE TABLE t(key TEXT, comment, \"primary\" INT, desc, índice TEXT DEFAULT 'ä', UNIQUE(key) CHECK(key > 1) FOREIGN KEY(desc) REFERENCES t(key))",
    "CREATE TEMP TABLE t (a UNSIGNED BIG INT, b DOUBLE PRECISION NULL, c NATIVE CHARACTER(70) DEFAULT NULL)",
];

const MYSQL_TABLES: &[&str] = &[
    "CREATE TABLE `orders` (\n  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n  \
     `key` varchar(320) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'it''s, (odd)',\n  \
     `kind` enum('a,b','c)') NOT NULL DEFAULT 'a,b',\n  \
     `seen` timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),\n  \
     `secret` int DEFAULT '0' /*!80023 INVISIBLE */,\n  \
     `code` char(2) DEFAULT _utf8mb4'x',\n  `u` binary(16) DEFAULT (uuid_to_bin(uuid())),\n  \
     `twice` int GENERATED ALWAYS AS ((`id` * 2)) VIRTUAL,\n  \
     PRIMARY KEY (`id`),\n  UNIQUE KEY `key` (`key`(10)),\n  KEY `kind` (`kind`,`seen` DESC) USING BTREE,\n  \
     CONSTRAINT `orders_fk` FOREIGN KEY (`id`) REFERENCES `x`.`tenants` (`id`) ON DELETE CASCADE,\n  \
     CONSTRAINT `orders_chk_1` CHECK ((`secret` > 0)) /*!80016 NOT ENFORCED */\n) \
     ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4 COMMENT='a)b'\n/*!50100 PARTITION BY HASH (`id`) */",
    "CREATE TABLE `m` (\n  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`j`)),\n  \
     `c` varchar(10) /*M!100301 COMPRESSED*/ DEFAULT current_timestamp(),\n  \
     `n` bigint(20) DEFAULT nextval(`s`.`q`),\n  `h` int(11) INVISIBLE DEFAULT -1\n)",
];

fn parse<'a>(dialect: &'a Dialect, text: &str) -> TableDefinition<'a> {
    TableDefinition::parse(dialect, text).unwrap_or_else(|it| panic!("{text}: {it}"))
}

fn all_tables() -> Vec<(&'static Dialect, &'static str)> {
    let sqlite = SQLITE_TABLES.iter().map(|it| (&SQLITE, *it));
    let mysql = MYSQL_TABLES.iter().flat_map(|it| [(&MYSQL, *it), (&MARIADB, *it)]);
    sqlite.chain(mysql).collect()
}

#[test]
fn what_is_not_edited_prints_as_it_was() {
    for (dialect, text) in all_tables() {
        assert_eq!(parse(dialect, text).print(), text);
    }
}

#[test]
fn an_edit_and_its_opposite_give_the_text_back() {
    for (dialect, text) in all_tables() {
        let columns: Vec<String> =
            parse(dialect, text).columns().map(|it| it.name().to_owned()).collect();
        for column in &columns {
            let mut table = parse(dialect, text);
            let edited = table.column_mut(column).unwrap();
            let data_type = edited.data_type().to_owned();
            // The check that makes JSON of a text goes with it.
            let is_json = edited.definition().contains("json_valid");
            if !data_type.is_empty() && !is_json {
                edited.set_type("varchar(7)");
                assert_eq!(edited.data_type(), "varchar(7)", "{column} of {text}");
                edited.set_type(&data_type);
                assert_eq!(table.print(), text, "{column}");
            }
        }
        let mut table = parse(dialect, text);
        table.add_constraint("CONSTRAINT zz CHECK (1 > 0)").unwrap();
        assert_ne!(table.print(), text);
        assert!(table.remove_constraint("ZZ"), "{text}");
        assert_eq!(table.print(), text);
        table.add_column("zz int").unwrap();
        assert_eq!(table.columns().last().unwrap().name(), "zz");
        assert!(table.remove_column("zz"));
        assert_eq!(table.print(), text);
    }
}

fn names(dialect: &Dialect, text: &str) -> Vec<String> {
    parse(dialect, text).columns().map(|it| format!("{}: {}", it.name(), it.data_type())).collect()
}

#[test]
fn names_and_types_are_told_apart() {
    assert_eq!(
        names(&SQLITE, SQLITE_TABLES[1]),
        ["first col: TEXT", "second`col: int", "third'col: REAL", "fourth: BLOB",]
    );
    assert_eq!(
        names(&SQLITE, SQLITE_TABLES[2]),
        [
            "id: INTEGER",
            "email: TEXT",
            "kind: VARCHAR(20)",
            "total: DECIMAL(12, 2)",
            "created: TEXT",
            "twice: INT",
            "half: ",
            "org: INT",
        ]
    );
    assert_eq!(
        names(&SQLITE, SQLITE_TABLES[3]),
        ["key: TEXT", "comment: ", "primary: INT", "desc: ", "índice: TEXT",]
    );
    assert_eq!(
        names(&SQLITE, SQLITE_TABLES[4]),
        ["a: UNSIGNED BIG INT", "b: DOUBLE PRECISION", "c: NATIVE CHARACTER(70)",]
    );
    assert_eq!(
        names(&MYSQL, MYSQL_TABLES[0]),
        [
            "id: bigint unsigned",
            "key: varchar(320)",
            "kind: enum('a,b','c)')",
            "seen: timestamp(6)",
            "secret: int",
            "code: char(2)",
            "u: binary(16)",
            "twice: int",
        ]
    );
}

#[test]
fn every_clause_is_known() {
    use ClauseKind::*;
    let kinds = |dialect, text, name: &str| -> Vec<ClauseKind> {
        let table = parse(dialect, text);
        table.column(name).unwrap().clauses().iter().map(|it| it.kind).collect()
    };
    assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "id"), [PrimaryKey]);
    assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "email"), [NotNull, Collate, Unique]);
    assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "kind"), [Default, Check]);
    assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "half"), [Generated]);
    assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "org"), [References, NotNull]);
    assert_eq!(kinds(&MYSQL, MYSQL_TABLES[0], "key"), [CharacterSet, Collate, Default, Comment]);
    assert_eq!(kinds(&MYSQL, MYSQL_TABLES[0], "seen"), [Null, Default, OnUpdate]);
    assert_eq!(kinds(&MYSQL, MYSQL_TABLES[0], "secret"), [Default, Invisible]);
    assert_eq!(kinds(&MARIADB, MYSQL_TABLES[1], "c"), [Other, Default]);
    assert_eq!(kinds(&MARIADB, MYSQL_TABLES[1], "j"), [CharacterSet, Collate, Default, Check]);
    let default = |dialect, text, name: &str| {
        parse(dialect, text).column(name).unwrap().default().map(ToOwned::to_owned)
    };
    assert_eq!(default(&SQLITE, SQLITE_TABLES[2], "total").as_deref(), Some("-1.5"));
    assert_eq!(default(&MYSQL, MYSQL_TABLES[0], "code").as_deref(), Some("_utf8mb4'x'"));
    assert_eq!(default(&MARIADB, MYSQL_TABLES[1], "n").as_deref(), Some("nextval(`s`.`q`)"));
}

fn edited(dialect: &Dialect, column: &str, edit: impl Fn(&mut ColumnItem<'_>)) -> String {
    let text = format!("CREATE TABLE t ({column})");
    let mut table = parse(dialect, &text);
    let name = table.columns().next().unwrap().name().to_owned();
    edit(table.column_mut(&name).unwrap());
    let print = table.print();
    print["CREATE TABLE t (".len()..print.len() - 1].to_owned()
}

#[test]
fn a_type_keeps_its_character_set_while_it_is_text() {
    let text = "a varchar(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'x'";
    let set = |to: &'static str| edited(&MYSQL, text, |it| it.set_type(to));
    assert_eq!(set("text"), "a text CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'x'");
    assert_eq!(set("bigint unsigned"), "a bigint unsigned NOT NULL COMMENT 'x'");
    assert_eq!(set("text COLLATE utf8mb4_bin"), "a text COLLATE utf8mb4_bin NOT NULL COMMENT 'x'");
    let told = |text| edited(&MARIADB, text, |it| it.set_comment(Some("COMMENT 'y'")));
    assert_eq!(told("a int NOT NULL COMMENT 'x'"), "a int NOT NULL COMMENT 'y'");
    assert_eq!(
        told("a longtext DEFAULT NULL CHECK (json_valid(`a`))"),
        "a longtext DEFAULT NULL COMMENT 'y' CHECK (json_valid(`a`))"
    );
    let sqlite = edited(&SQLITE, "a TEXT COLLATE NOCASE", |it| it.set_type("INTEGER"));
    assert_eq!(sqlite, "a INTEGER COLLATE NOCASE");
    assert_eq!(edited(&SQLITE, "a", |it| it.set_type("TEXT")), "a TEXT");
    assert_eq!(
        edited(&SQLITE, "[a]/*x*/ NOT NULL", |it| it.set_type("TEXT")),
        "[a] TEXT/*x*/ NOT NULL"
    );
}

#[test]
fn nullability_is_said_where_the_database_wants_it() {
    let set = |nullable, text| edited(&MYSQL, text, |it| it.set_nullable(nullable));
    assert_eq!(
        set(false, "a text COLLATE x DEFAULT NULL COMMENT 'y'"),
        "a text COLLATE x NOT NULL COMMENT 'y'"
    );
    assert_eq!(
        set(false, "a int AS (b) VIRTUAL COMMENT 'y'"),
        "a int AS (b) VIRTUAL NOT NULL COMMENT 'y'"
    );
    assert_eq!(set(false, "a timestamp NULL DEFAULT NULL"), "a timestamp NOT NULL");
    assert_eq!(set(true, "a timestamp NOT NULL"), "a timestamp NULL");
    assert_eq!(set(true, "a int NOT NULL DEFAULT 1"), "a int DEFAULT 1");
    assert_eq!(set(false, "a int NOT NULL"), "a int NOT NULL");
    let named = edited(&SQLITE, "a INT CONSTRAINT x NOT NULL ON CONFLICT FAIL UNIQUE", |it| {
        it.set_nullable(true);
    });
    assert_eq!(named, "a INT UNIQUE");
    let comment = edited(&SQLITE, "a INT -- x\n NOT NULL", |it| it.set_nullable(true));
    assert_eq!(comment, "a INT -- x\n ");
}

#[test]
fn defaults_come_change_and_go() {
    let set =
        |default: Option<&'static str>, text| edited(&MYSQL, text, |it| it.set_default(default));
    assert_eq!(
        set(Some("'x'"), "a text COLLATE x NOT NULL COMMENT 'y'"),
        "a text COLLATE x NOT NULL DEFAULT 'x' COMMENT 'y'"
    );
    assert_eq!(
        set(Some("2"), "a int DEFAULT -1 ON UPDATE now()"),
        "a int DEFAULT 2 ON UPDATE now()"
    );
    assert_eq!(
        set(None, "a int NOT NULL DEFAULT (1 + 2) COMMENT 'y'"),
        "a int NOT NULL COMMENT 'y'"
    );
    assert_eq!(set(None, "a int"), "a int");
}

#[test]
fn foreign_keys_are_found_and_removed() {
    let mut table = parse(&SQLITE, SQLITE_TABLES[2]);
    let keys = table.foreign_keys();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0].name.as_deref(), Some("org_fk"));
    assert_eq!(
        (&keys[0].columns[..], &keys[0].references[..]),
        (&["org".to_owned()][..], &["id".to_owned()][..])
    );
    assert_eq!(keys[1].columns, ["org", "kind"]);
    assert_eq!(keys[1].table, "orgs".into());
    table.remove_foreign_key(&keys[1]);
    let keys = table.foreign_keys();
    table.remove_foreign_key(&keys[0]);
    assert!(table.foreign_keys().is_empty());
    let print = table.print();
    assert!(print.contains("  org INT NOT NULL,\n"), "{print}");
    assert!(print.ends_with("CHECK (length(email) > 3)\n) STRICT, WITHOUT ROWID"), "{print}");
    let mysql = parse(&MYSQL, MYSQL_TABLES[0]).foreign_keys();
    assert_eq!(mysql[0].table, Name { namespace: Some("x".into()), name: "tenants".into() });
}

#[test]
fn what_mentions_a_column_is_found() {
    let mentioning = |dialect, text, column| -> Vec<String> {
        let table = parse(dialect, text);
        let found = table.mentioning(column);
        found
            .iter()
            .map(|it| shortened(table.items()[*it].body.text().trim())[..9].to_owned())
            .collect()
    };
    let [plain, odd] = [SQLITE_TABLES[2], SQLITE_TABLES[3]];
    assert_eq!(mentioning(&SQLITE, plain, "email"), ["CONSTRAIN"]);
    assert_eq!(mentioning(&SQLITE, plain, "TOTAL"), ["twice INT", "half AS ("]);
    assert_eq!(mentioning(&SQLITE, plain, "id"), [""; 0]);
    assert_eq!(mentioning(&SQLITE, odd, "key"), ["UNIQUE(ke", "CHECK(key", "FOREIGN K"]);
    assert_eq!(mentioning(&MYSQL, MYSQL_TABLES[0], "seen"), ["KEY `kind"]);
    assert_eq!(mentioning(&MYSQL, MYSQL_TABLES[0], "key"), ["UNIQUE KE"]);
}

#[test]
fn tables_are_renamed_and_items_leave_no_stray_comma() {
    let mut table = parse(&SQLITE, "CREATE TABLE main.'old' (a, b, c)");
    assert_eq!(table.name().unwrap().to_string(), "main.old");
    table.rename(&"new\"er".into());
    table.remove_column("A");
    table.remove_column("c");
    assert_eq!(table.print(), "CREATE TABLE \"new\"\"er\" ( b)");
    assert_eq!(table.name(), Some("new\"er".into()));
    assert!(!table.remove_column("x"));
    let mut table = parse(&MYSQL, MYSQL_TABLES[0]);
    assert!(table.remove_constraint("KEY"));
    assert!(!table.print().contains("UNIQUE"));
}

#[test]
fn what_is_no_definition_is_refused() {
    for (text, wanted) in [
        (
            "CREATE VIEW v AS SELECT (1)",
            "`CREATE VIEW v AS SELECT (1)` is no `CREATE TABLE` with its columns in parentheses",
        ),
        (
            "CREATE TABLE a AS SELECT (1)",
            "`CREATE TABLE a AS SELECT (1)` is no `CREATE TABLE` with its columns in parentheses",
        ),
        ("CREATE TABLE a (b", "the definition isn't closed behind `(b`"),
        ("CREATE TABLE a (b 'x)", "the definition isn't closed behind `'x)`"),
        ("CREATE TABLE a (b, , c)", "`` is no column and no constraint"),
        ("", "`` is no `CREATE TABLE` with its columns in parentheses"),
    ] {
        assert_eq!(TableDefinition::parse(&SQLITE, text).unwrap_err().to_string(), wanted);
    }
}

proptest! {
    #[test]
    fn any_definition_that_parses_prints_as_it_was(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "a", "\"b c\"", "[d]", "'e'", "`f`", "int", "varchar(3)", ",", "(", ")", "NOT NULL",
            "NULL", "DEFAULT", "-1", "'x,)'", "CHECK", "(1)", "REFERENCES", "CONSTRAINT", "PRIMARY KEY",
            "UNIQUE", "FOREIGN KEY", "(a)", "ON DELETE", "CASCADE", "KEY", "/* , */", "-- )\n", "AS",
            "COLLATE", "CHARACTER SET", "COMMENT", "ON UPDATE", "/*!80023 INVISIBLE */", "ä", ".",
        ]), 0..24)
    ) {
        let text = format!("CREATE TABLE t ({})", words.join(" "));
        for dialect in ALL {
            let Ok(mut table) = TableDefinition::parse(dialect, &text) else { continue };
            prop_assert_eq!(table.print(), text.as_str());
            table.foreign_keys();
            table.mentioning("a");
            let Some(name) = table.columns().next().map(|it| it.name().to_owned()) else { continue };
            let column = table.column_mut(&name).unwrap();
            column.set_type("bigint");
            column.set_nullable(false);
            column.set_default(Some("1"));
            column.set_nullable(true);
            column.set_default(None);
            TableDefinition::parse(dialect, &table.print()).unwrap();
        }
    }
}
