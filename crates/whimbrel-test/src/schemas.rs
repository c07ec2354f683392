//! Random schema files that every database can have: what they say fits together, and any two of
//! them have much in common, as their names come from small pools.

use std::{collections::BTreeMap, fmt::Write};

use crate::random::Random;

/// A type, and the defaults that fit it.
type Kind = (&'static str, &'static [&'static str]);

/// What each column may be: types that every database turns into each other.
const COLUMNS: [(&str, &[Kind]); 6] = [
    (
        "c1",
        &[
            ("type: smallint", &["7"]),
            ("type: integer", &["0", "-3"]),
            ("type: bigint", &["9000000000"]),
        ],
    ),
    (
        "c2",
        &[
            ("type: varchar, length: 20", &["NEW", "it's", "\"''\""]),
            (BYTES, &["NEW"]),
            ("type: varchar, length: 40", &["NEW", "'a \\ b'"]),
        ],
    ),
    (
        "c3",
        &[
            ("type: decimal, precision: 10, scale: 2", &["0.50"]),
            ("type: double", &["1.5"]),
            ("type: integer", &["4"]),
        ],
    ),
    ("c4", &[("type: timestamp", &["now"]), ("type: date", &["today"])]),
    (
        "c5",
        &[
            ("type: text", &["none"]),
            ("type: varchar, length: 60", &["NEW"]),
            (BYTES, &["NEW"]),
            ("type: jsonb", &["object"]),
        ],
    ),
    (
        "c6",
        &[
            ("type: enum, enum: state", &["NEW", "\"it's\"", "PAID"]),
            ("type: enum, enum: size", &["small"]),
            ("type: varchar, length: 30", &["NEW", "small"]),
        ],
    ),
];

/// The enums that columns may be, which come and go with those.
const ENUMS: [(&str, &str); 2] = [("state", "[NEW, PAID, \"it's\"]"), ("size", "[small, large]")];

/// A text that is compared byte by byte.
const BYTES: &str =
    "type: varchar, length: 30, collation: {postgresql: C, mysql: utf8mb4_bin, sqlite: rtrim}";

/// Columns that never change their type, as there is no way from one to another.
const KEPT: [(&str, Kind); 3] = [
    ("k1", ("type: boolean", &["true", "false"])),
    ("k2", ("type: uuid", &["new_uuid"])),
    ("k3", ("type: bytes", &[])),
];

/// A schema of up to four tables. Each may stand in one of the namespaces, and views and enums too;
/// from there keys lead to the connection's own tables where they can find `home`.
pub fn schema(random: &mut Random, namespaces: &[String], home: bool) -> String {
    let mut views = String::new();
    let tables: Vec<&str> =
        ["a", "b", "c", "d"].into_iter().filter(|_| random.below(4) > 0).collect();
    if tables.is_empty() {
        return "tables: []\n".to_owned();
    }
    let places = tables.iter().map(|it| (*it, place(random, namespaces)));
    let places: BTreeMap<&str, Option<&str>> = places.collect();
    let mut text = String::from("tables:\n");
    for table in &tables {
        let key = *random.pick(&["integer", "bigint"]);
        let comment = comment(random).map(|it| format!("\n    comment: {it}"));
        let options = random.pick(&OPTIONS);
        let _ = writeln!(
            text,
            "  - name: {table}{}{}{options}\n    fields:",
            places[table].map(|it| format!("\n    namespace: {it}")).unwrap_or_default(),
            comment.unwrap_or_default()
        );
        // A key that nothing points at may be any.
        let own_key = *random.pick(if *table == "d" { &KEYS[..] } else { &KEYS[..1] });
        let numbered = *random.pick(&["", "", ", identity: true", ", identity: {start: 100}"]);
        let flag = if own_key.is_empty() {
            format!(", primary_key: true{numbered}")
        } else {
            String::new()
        };
        let _ = writeln!(text, "      - {{name: id, type: {key}{flag}}}");
        if own_key.contains("k4") {
            text.push_str("      - {name: k4, type: integer, nullable: false, default: 1}\n");
        }
        let (mut indexed, mut numbers) = (Vec::new(), Vec::new());
        for (column, kinds) in COLUMNS {
            if random.below(3) > 0 {
                let kind = *random.pick(kinds);
                self::column(&mut text, random, column, kind);
                match column {
                    "c1" => numbers.push(column),
                    "c2" | "c3" | "c4" => indexed.push(column),
                    _ => {}
                }
            }
        }
        if random.below(3) == 0 {
            let from = dotted(places[table], table);
            let query = match (random.below(3), numbers.first()) {
                (0, _) => format!("SELECT * FROM {from}"),
                (1, Some(number)) => {
                    format!("SELECT id, {number} FROM {from} WHERE {number} > {}", random.below(2))
                }
                _ => format!("SELECT id FROM {from}"),
            };
            let own = place(random, namespaces);
            view(&mut views, own, &format!("v_{table}"), &query);
            if random.below(3) == 0 {
                let query =
                    format!("SELECT id AS number FROM {}", dotted(own, &format!("v_{table}")));
                view(&mut views, place(random, namespaces), &format!("over_{table}"), &query);
            }
        }
        for (column, kind) in KEPT {
            if random.below(3) == 0 {
                self::column(&mut text, random, column, kind);
            }
        }
        for column in ["r1", "r2"] {
            if random.below(3) == 0 {
                let is_found = |it: &&str| {
                    *it != "d" && (home || places[table].is_none() || places[it].is_some())
                };
                let targets: Vec<&str> = tables.iter().copied().filter(is_found).collect();
                if targets.is_empty() {
                    continue;
                }
                let (to, action) = (random.pick(&targets), random.pick(&ACTIONS));
                let key = format!("{{table: {to}{}, on_delete: {action}}}", said(places[to]));
                let _ = writeln!(
                    text,
                    "      - {{name: {column}, type: foreign_key, foreign_key: {key}}}"
                );
            }
        }
        if !own_key.is_empty() {
            let _ = writeln!(text, "    primary_key: [{own_key}]");
        }
        if !indexed.is_empty() {
            text.push_str("    indexes:\n");
        }
        for (position, column) in indexed.iter().enumerate() {
            let order = *random.pick(&["", " desc"]);
            let unique = *random.pick(&["", ", unique: true"]);
            let fields = match random.below(3) {
                0 if position > 0 => format!("{column}{order}, {}", indexed[0]),
                _ => format!("{column}{order}"),
            };
            let _ = writeln!(
                text,
                "      - {{name: ix_{table}_{position}, fields: [{fields}]{unique}}}"
            );
        }
        let sole: Vec<&str> = indexed.iter().copied().filter(|_| random.below(3) == 0).collect();
        if let [first, ..] = sole.as_slice() {
            let name = *random.pick(&["", ", name: uq_of_"]);
            let name = if name.is_empty() { String::new() } else { format!("{name}{table}") };
            let order = if random.below(2) == 0 { sole.join(", ") } else { (*first).to_owned() };
            let _ = writeln!(text, "    uniques:\n      - {{fields: [{order}]{name}}}");
        }
        if let Some(column) = numbers.first() {
            let limit = random.below(3);
            let _ = writeln!(
                text,
                "    checks:\n      - {{name: ck_{table}, check: {column} > {limit}}}"
            );
        }
    }
    // An enum, and a value of one, may have another name since the schema before.
    let mut enums = ENUMS.map(|(name, values)| (name.to_owned(), values.to_owned()));
    if random.below(3) == 0 {
        text = text.replace("default: PAID", "default: SETTLED");
        enums[0].1 = enums[0].1.replace("PAID", "{name: SETTLED, renamed_from: PAID}");
    }
    if random.below(3) == 0 {
        text = text.replace("enum: state", "enum: situation");
        "situation, renamed_from: state".clone_into(&mut enums[0].0);
    }
    let mut list = String::new();
    for (name, values) in &enums {
        let spoken = format!("enum: {}", name.split(',').next().unwrap_or_default());
        if !text.contains(&spoken) {
            continue;
        }
        let place = said(place(random, namespaces));
        if !place.is_empty() {
            let named = format!("{}{place}", spoken.replace("enum: ", "enum: {name: "));
            text = text.replace(&spoken, &format!("{named}}}"));
        }
        let head = if list.is_empty() { "enums:\n" } else { "" };
        let _ = writeln!(list, "{head}  - {{name: {name}{place}, values: {values}}}");
    }
    if !views.is_empty() {
        views.insert_str(0, "views:\n");
    }
    // One may be there in which nothing stands.
    let is_used = |it: &&String| [&text, &list, &views].iter().any(|text| text.contains(*it));
    let listed = namespaces.iter().filter(|it| is_used(it) || random.below(3) == 0);
    let listed: Vec<_> = listed.map(String::as_str).collect();
    let head = if listed.is_empty() {
        String::new()
    } else {
        format!("namespaces: [{}]\n", listed.join(", "))
    };
    head + &text + &list + &views
}

/// Where something stands: mostly beside the connection's own things.
fn place<'n>(random: &mut Random, namespaces: &'n [String]) -> Option<&'n str> {
    let there = !namespaces.is_empty() && random.below(4) == 0;
    there.then(|| random.pick(namespaces).as_str())
}

/// What tells it of something, behind its name.
fn said(place: Option<&str>) -> String {
    place.map(|it| format!(", namespace: {it}")).unwrap_or_default()
}

/// A name as a query says it.
fn dotted(place: Option<&str>, name: &str) -> String {
    place.map_or_else(|| name.to_owned(), |it| format!("{it}.{name}"))
}

fn view(views: &mut String, place: Option<&str>, name: &str, query: &str) {
    let _ = writeln!(views, "  - {{name: {name}{}, query: \"{query}\"}}", said(place));
}

fn column(text: &mut String, random: &mut Random, name: &str, (data_type, defaults): Kind) {
    let _ = write!(text, "      - {{name: {name}, {data_type}");
    if random.below(3) == 0 {
        text.push_str(", nullable: false");
    }
    if !defaults.is_empty() && random.below(2) == 0 {
        let _ = write!(text, ", default: {}", random.pick(defaults));
    }
    if let Some(comment) = comment(random) {
        let _ = write!(text, ", comment: {comment}");
    }
    let options: &[&str] = match name {
        "c2" | "c5" => &COLUMN_OPTIONS,
        _ => &COLUMN_OPTIONS[..1],
    };
    if random.below(4) == 0 {
        let _ = write!(text, ", options: {}", random.pick(options));
    } else if name == "c2" && !data_type.contains("collation") && random.below(4) == 0 {
        text.push_str(", options: {mysql: {charset: ascii}}");
    }
    text.push_str("}\n");
}

/// What may be told of a table or a column: mostly nothing.
fn comment(random: &mut Random) -> Option<&'static str> {
    let comments = ["of people", "\"it's \\\\ one\\nand more\"", "'\"ö\"'"];
    (random.below(4) == 0).then(|| *random.pick(&comments))
}

/// What single databases may be told of a table: mostly nothing.
const OPTIONS: [&str; 8] = [
    "",
    "",
    "",
    "\n    options: {postgresql: {fillfactor: 70}, mysql: {row_format: compact}}",
    "\n    options: {postgresql: {fillfactor: 90, autovacuum_enabled: false}, mysql: {row_format: dynamic}}",
    "\n    options: {mysql: {collation: utf8mb4_general_ci}}",
    "\n    options: {postgresql: {replica_identity: full, fillfactor: 80}}",
    "\n    options: {mysql: {charset: utf8mb3}}",
];

/// What PostgreSQL may be told of a column: the first of any, the others of texts.
const COLUMN_OPTIONS: [&str; 4] = [
    "{postgresql: {statistics: 50}}",
    "{postgresql: {storage: external}}",
    "{postgresql: {storage: main, n_distinct: -0.5}}",
    "{postgresql: {storage: extended, statistics: 0}}",
];

/// The primary keys that a table may have beside the usual one of its first column.
const KEYS: [&str; 4] = ["", "id, k4", "k4, id", "k4"];

const ACTIONS: [&str; 4] = ["CASCADE", "RESTRICT", "NO_ACTION", "SET_NULL"];
