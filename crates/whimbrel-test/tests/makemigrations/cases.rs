//! Each of the changes that makemigrations was asked for, asked of whimbrel.

use whimbrel::{
    diagnostic::SourceFile,
    dialect::Dialect,
    diff::diff,
    project::hints,
    schema::Name,
    source::{Declared, yaml},
};
use whimbrel_migration::{now, null, rows, sql};
use whimbrel_test::scenario::script;

/// What whimbrel writes for it, or the reason why it can't as a comment.
pub(super) fn ours(key: &str, dialect: &Dialect) -> String {
    let (place, what) = key.split_once('/').unwrap_or((key, ""));
    match place {
        "type" => type_of(what, dialect),
        "quote" => dialect.quote(what),
        "infer_fk_type" => type_of("foreign_key", dialect),
        "supports" => (!supported(what, dialect).starts_with("--")).to_string(),
        "generate_indexes" => {
            let sql = change("", &whole(dialect), dialect);
            sql.lines().filter(|it| it.contains(" INDEX ")).collect::<Vec<_>>().join("\n")
        }
        "upsert" => upsert(what, dialect),
        "op" if what == "upsert_data/down" => {
            "-- what was there before is there again; see \"Rows\" in migrations.md".to_owned()
        }
        "op" if what.starts_with("upsert") => upsert("op", dialect),
        _ => {
            let [before, after] = schemas(place, what);
            // What MySQL has no index of, `create_index/method_where` shows.
            let after = if after == WHOLE { whole(dialect) } else { after };
            change(&before, &after, dialect)
        }
    }
}

/// The SQL that leads from one schema file's tables to another's.
fn change(before: &str, after: &str, dialect: &Dialect) -> String {
    let (before, after) = match (declared(before), declared(after)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(mistake), _) | (_, Err(mistake)) => return format!("-- {mistake}"),
    };
    match diff(&before.schema, &after.schema, &hints(&after)) {
        Ok(operations) => script(dialect, &before.schema, &operations),
        Err(unresolved) => format!("-- {unresolved:?}"),
    }
}

/// A schema file with these tables, or the first mistake in it.
fn declared(tables: &str) -> Result<Declared, String> {
    let (declared, diagnostics) =
        yaml::read(&vec![SourceFile::new("schema.yaml", format!("tables:\n{tables}"))].into());
    match diagnostics.first() {
        None => Ok(declared),
        Some(mistake) => Err(mistake.message.clone()),
    }
}

fn supported(what: &str, dialect: &Dialect) -> String {
    let with = |column: &str| users(column);
    let [before, after] = match what {
        "ALTER_COLUMN" => [with("{name: c, type: integer}"), with("{name: c, type: bigint}")],
        "DROP_COLUMN" => [with("{name: c, type: integer}"), users("")],
        "RENAME_COLUMN" => schemas("rename_column", ""),
        "RENAME_TABLE" => schemas("rename_table", ""),
        other => panic!("nobody asks for {other}"),
    };
    change(&before, &after, dialect)
}

/// The type of a column as it stands in `CREATE TABLE`, with what counts it up.
fn type_of(what: &str, dialect: &Dialect) -> String {
    let words: Vec<&str> = what.split(' ').collect();
    let numbers: Vec<String> = words
        .iter()
        .filter(|it| it.contains('='))
        .map(|it| format!(", {}", it.replace('=', ": ")))
        .collect();
    let numbers = numbers.concat();
    let column = match words[0] {
        "foreign_key" => format!("{{name: c, {}}}", reference("orgs", "")),
        "citext" => "{name: c, type: other, spelled: citext}".to_owned(),
        "varchar" if numbers.is_empty() => "{name: c, type: text}".to_owned(),
        "decimal" if numbers.is_empty() => {
            "{name: c, type: decimal, precision: 10, scale: 2}".to_owned()
        }
        "many_to_many" => return "a table of pairs".to_owned(),
        word => format!("{{name: c, type: '{word}'{numbers}}}"),
    };
    let schema = declared(&format!("{ORGS}{}", table("t", &[&column]))).expect("no mistake").schema;
    let column = schema.get(&Name::new("t")).and_then(|it| it.column_named("c"));
    let data_type = &column.expect("it was declared").data_type;
    dialect.type_text(data_type).unwrap_or_else(|it| format!("-- {it}"))
}

const ORGS: &str = "  - {name: orgs, fields: [{name: id, type: bigint, primary_key: true}]}\n";
const TAGS: &str = "  - {name: tags, fields: [{name: id, type: serial, primary_key: true}]}\n";

/// The table that makemigrations' tests create, with what it says of indexes.
const WHOLE: &str = "  - {name: orgs, fields: [{name: id, type: bigint, primary_key: true}]}
  - name: users
    fields:
      - {name: id, type: serial, primary_key: true}
      - {name: email, type: varchar, length: 255, nullable: false}
      - {name: bio, type: text}
      - {name: status, type: varchar, length: 20, nullable: false, default: active}
      - {name: score, type: integer, default: 0}
      - {name: ok, type: boolean, default: true}
      - {name: created_at, type: timestamp, nullable: false, auto_create: true}
      - {name: updated_at, type: timestamp, auto_update: true}
      - {name: org_id, type: foreign_key, foreign_key: {table: orgs}}
    indexes:
      - {name: idx_users_email, fields: [email], unique: true}
      - {name: idx_users_multi, fields: [status, score], method: btree, where: score > 0}
";

/// The table as a database can have it: an index of some rows is not for all.
fn whole(dialect: &Dialect) -> String {
    match dialect.indexes.no_filter {
        None => WHOLE.to_owned(),
        Some(_) => WHOLE.replace(", where: score > 0", ""),
    }
}

fn table(name: &str, columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|it| format!("      - {it}\n")).collect();
    format!("  - name: {name}\n    fields:\n{}", columns.concat())
}

/// `users` with one more column.
fn users(column: &str) -> String {
    let id = "{name: id, type: integer, primary_key: true}";
    if column.is_empty() { table("users", &[id]) } else { table("users", &[id, column]) }
}

/// What a field says that points at a table; `more` stands in its `foreign_key`.
fn reference(table: &str, more: &str) -> String {
    format!("type: foreign_key, foreign_key: {{table: {table}{more}}}")
}

/// The schema before and after the change.
fn schemas(place: &str, what: &str) -> [String; 2] {
    let t = |more: &str| {
        format!("{}{more}", table("t", &["{name: a, type: integer}", "{name: b, type: integer}"]))
    };
    let index = |it: &str| t(&format!("    indexes:\n      - {it}\n"));
    let on_users = |it: &str| format!("{}{}", users(""), table("t", &[it]));
    let on_orgs = |it: &str| format!("{ORGS}{}", table("t", &[it]));
    let of = |said: &str| format!("{{name: c, {said}}}");
    match (place, what) {
        ("add_column", "fk") => {
            let field = format!("{{name: org_id, {}}}", reference("orgs", ""));
            [format!("{ORGS}{}", users("")), format!("{ORGS}{}", users(&field))]
        }
        ("add_column", "m2m") => {
            let field = "{name: tags, type: many_to_many, many_to_many: {table: tags}}";
            [format!("{TAGS}{}", users("")), format!("{TAGS}{}", users(field))]
        }
        ("add_column", "pk") => [
            table("users", &["{name: email, type: text}"]),
            table(
                "users",
                &["{name: email, type: text}", "{name: c, type: integer, primary_key: true}"],
            ),
        ],
        ("add_column", what) => [users(""), users(&of(added(what)))],
        ("alter_column" | "alter_column_with_table", what) => {
            let [before, after] = altered(what);
            let indexes = if place == "alter_column" {
                ""
            } else {
                "    indexes:\n      - {name: i, fields: [c]}\n"
            };
            [before, after].map(|it| format!("{}{indexes}", users(&of(it))))
        }
        ("add_fk", what) => {
            let more = match what {
                "none" => "",
                "cascade" => ", on_delete: CASCADE",
                _ => ", on_delete: SET_NULL, on_update: CASCADE",
            };
            let field = format!("{{name: u_id, {}}}", reference("users", more));
            [on_users("{name: u_id, type: integer}"), on_users(&field)]
        }
        ("drop_fk", _) => {
            let field = format!("{{name: u_id, {}}}", reference("users", ""));
            [on_users(&field), on_users("{name: u_id, type: integer}")]
        }
        ("op", what) => {
            let action = what.rsplit('=').next().unwrap_or_default();
            let more =
                if action.is_empty() { String::new() } else { format!(", on_delete: {action}") };
            let field = format!("{{name: o, {}}}", reference("orgs", &format!(", name: fk{more}")));
            [on_orgs("{name: o, type: bigint}"), on_orgs(&field)]
        }
        ("create_index", "plain") => [t(""), index("{name: i, fields: [a, b]}")],
        ("create_index", "unique") => [t(""), index("{name: i, fields: [a], unique: true}")],
        ("create_index", _) => {
            [t(""), index("{name: i, fields: [a], method: gin, where: a IS NOT NULL}")]
        }
        ("drop_index", _) => [index("{name: i, fields: [a, b]}"), t("")],
        ("create_table", "composite_pk") => [
            String::new(),
            table(
                "memb",
                &[
                    "{name: a, type: integer, primary_key: true}",
                    "{name: b, type: integer, primary_key: true}",
                ],
            ),
        ],
        ("create_table", "no_pk") => {
            [String::new(), table("nopk", &["{name: a, type: integer}", "{name: b, type: text}"])]
        }
        ("create_table", _) => [ORGS.to_owned(), WHOLE.to_owned()],
        ("drop_column", _) => [users(&of("type: integer")), users("")],
        ("drop_table" | "drop_table_cascade", _) => [users(""), String::new()],
        ("junction_table", _) => {
            let roles = |more: &[&str]| {
                let id = ["{name: id, type: bigint, primary_key: true}"];
                let users = table("users", &id);
                format!("{users}{}", table("roles", &[&id, more].concat()))
            };
            [
                roles(&[]),
                roles(&["{name: users, type: many_to_many, many_to_many: {table: users}}"]),
            ]
        }
        ("rename_column", _) => [
            table("t", &["{name: a, type: integer}"]),
            table("t", &["{name: b, type: integer, renamed_from: a}"]),
        ],
        ("rename_table", _) => [
            table("a", &["{name: c, type: integer}"]),
            format!("{}    renamed_from: a\n", table("b", &["{name: c, type: integer}"])),
        ],
        other => panic!("nobody asks for {other:?}"),
    }
}

fn added(what: &str) -> &'static str {
    match what {
        "auto_create" => "type: timestamp, auto_create: true",
        "auto_update" => "type: timestamp, auto_update: true",
        "not_null" => "type: integer, nullable: false",
        "nullable" => "type: integer",
        "sql_default" => "type: uuid, default: gen_random_uuid()",
        "string_default" => "type: varchar, length: 10, default: abc",
        other => panic!("nobody asks for {other}"),
    }
}

fn altered(what: &str) -> [&'static str; 2] {
    match what {
        "add_default" => ["type: varchar, length: 10", "type: varchar, length: 10, default: abc"],
        "drop_default" => ["type: varchar, length: 10, default: abc", "type: varchar, length: 10"],
        "auto_create_on" => ["type: timestamp", "type: timestamp, auto_create: true"],
        "auto_update_on" => ["type: timestamp", "type: timestamp, auto_update: true"],
        "int_to_bigint" => ["type: integer", "type: bigint"],
        "len_50_100" => ["type: varchar, length: 50", "type: varchar, length: 100"],
        "notnull_to_null" => ["type: integer, nullable: false", "type: integer"],
        "null_to_notnull" => ["type: integer", "type: integer, nullable: false"],
        "type_null_default" => ["type: integer", "type: bigint, nullable: false, default: 7"],
        "varchar_to_int" => ["type: varchar, length: 50", "type: integer"],
        "varchar_to_int_notnull" => ["type: varchar, length: 50", "type: integer, nullable: false"],
        "pk_on" => ["type: integer", "type: integer, primary_key: true"],
        other => panic!("nobody asks for {other}"),
    }
}

/// Rows that a migration writes.
fn upsert(what: &str, dialect: &Dialect) -> String {
    let key = |columns: &[&str]| -> String {
        let fields: Vec<String> =
            columns.iter().map(|it| format!("{{name: {it}, {}}}", of(it))).collect();
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        table(if what == "op" { "t" } else { "countries" }, &fields)
    };
    let (tables, rows) = match what {
        "one_key" => (
            key(&["code", "name"]),
            rows("countries")
                .key("code")
                .columns(["code", "name"])
                .row(("AU", "Australia"))
                .row(("US", null())),
        ),
        "two_keys" => (
            key(&["a", "b", "c"]),
            rows("countries").key(["a", "b"]).columns(["a", "b", "c"]).row((1, 2, true)),
        ),
        "all_keys" => (key(&["a", "b"]), rows("countries").key(["a", "b"]).row((1, 2))),
        _ => (
            key(&["b2", "d", "f", "k", "n", "s"]),
            rows("t").key("k").columns(["b2", "d", "f", "k", "n", "s"]).row((
                true,
                now(),
                sql("1.5"),
                1,
                null(),
                "it's",
            )),
        ),
    };
    let before = declared(&tables).expect("no mistake").schema;
    script(dialect, &before, &[rows.into()]).replace("b2", "b")
}

/// What a column of these rows is.
fn of(column: &str) -> &'static str {
    match column {
        "code" => "type: varchar, length: 2, primary_key: true",
        "k" | "a" | "b" => "type: integer, primary_key: true",
        "c" | "b2" => "type: boolean",
        "d" => "type: timestamp",
        "f" => "type: double",
        "n" => "type: integer",
        _ => "type: text",
    }
}
