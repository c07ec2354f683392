//! Schema files of every format, read and printed: the good ones, the bad ones, and the laws.
//!
//! `sources/<format>/good/<name>.yaml` is read without a word and printed as `<name>.printed`;
//! `bad/<name>.yaml` is told everything that `<name>.expected` says. A folder is one schema of
//! several files, of which those in its folder `included` are included. With `UPDATE` set, what is found is written down as expected.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use proptest::{collection::vec, option, prelude::*, sample::select};
use whimbrel::{
    diagnostic::{Diagnostic, Severity, SourceFile, Span},
    operation::{Operation, as_change},
    schema::{
        Action, Column, ColumnType, Database, DefaultValue, Direction, ForeignKey, Generated,
        Identity, Index, IndexColumn, Name, NamedColumn, Nulls, PerDatabase, Schema, Table,
        foreign_key_name,
    },
    source::{Declared, Files, Place, yaml},
    sql::holds_changes,
};
use whimbrel_migration::{
    AddForeignKey, CreateEnum, CreateNamespace, CreateRoutine, CreateTable, CreateView,
    SetNamedDefault,
};

fn read(text: &str) -> (Declared, Vec<Diagnostic>) {
    yaml::read(&vec![SourceFile::new("schema.yaml", text)].into())
}

/// Everything that is said, as text.
fn render(diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for it in diagnostics {
        let severity = match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = writeln!(out, "{severity}: {it}");
        for (span, label) in &it.related {
            let (line, column) = span.file.line_column(span.range.start);
            let _ = writeln!(out, "  {}:{line}:{column}: {label}", span.file.name);
        }
        for note in &it.notes {
            let _ = writeln!(out, "  note: {note}");
        }
        if let Some(help) = &it.help {
            let _ = writeln!(out, "  help: {help}");
        }
    }
    out
}

fn corpus(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/yaml").join(kind);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_dir() || it.extension().is_some_and(|it| it == "yaml"))
        .collect();
    paths.sort();
    paths
}

/// The files of a schema; those in its folder `included` are included ones.
fn files(path: &Path) -> Files {
    let in_folder = |folder: &Path| {
        let found = fs::read_dir(folder).into_iter().flatten().map(|it| it.unwrap().path());
        let mut paths: Vec<PathBuf> = found.filter(|it| it.is_file()).collect();
        paths.sort();
        paths.iter().map(|it| source_file(it)).collect()
    };
    if path.is_dir() {
        Files { own: in_folder(path), included: in_folder(&path.join("included")) }
    } else {
        vec![source_file(path)].into()
    }
}

fn source_file(path: &Path) -> Arc<SourceFile> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    SourceFile::new(name, fs::read_to_string(path).unwrap())
}

/// Compares with the file beside `path`, or writes it.
fn expect(path: &Path, extension: &str, found: &str) {
    let path = path.with_extension(extension);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{} is not as expected", path.display());
}

#[test]
fn good_files_are_read_and_printed() {
    let paths = corpus("good");
    assert!(paths.len() >= 10);
    for path in paths {
        let (declared, diagnostics) = yaml::read(&files(&path));
        assert_eq!(render(&diagnostics), "", "{}", path.display());
        let printed = yaml::print(&declared.schema);
        expect(&path, "printed", &printed);
        let (again, diagnostics) = read(&printed);
        assert_eq!(render(&diagnostics), "", "{printed}");
        assert_eq!(again.schema, declared.schema, "{printed}");
    }
}

#[test]
fn bad_files_are_told_all_their_mistakes() {
    let paths = corpus("bad");
    assert!(paths.len() >= 40);
    for path in paths {
        let (_, diagnostics) = yaml::read(&files(&path));
        assert!(!diagnostics.is_empty(), "{} has no mistake", path.display());
        expect(&path, "expected", &render(&diagnostics));
    }
}

#[test]
fn the_examples_of_the_manual_are_read_without_a_word() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema.md");
    let page = fs::read_to_string(page).unwrap();
    let examples: Vec<&str> =
        page.split("```yaml\n").skip(1).filter_map(|it| it.split("```").next()).collect();
    assert!(examples.len() >= 4);
    for example in examples {
        let (declared, diagnostics) = read(example);
        assert_eq!(render(&diagnostics), "", "{example}");
        assert!(declared.schema.tables().len() > 0);
    }
}

#[test]
fn every_place_points_at_what_is_called_so() {
    let text = "tables:\n  - name: users\n    fields:\n      - {name: id, type: serial, \
                primary_key: true}\n      - name: boss\n        type: foreign_key\n        \
                foreign_key: {table: users}\n    indexes:\n      - {name: by_boss, fields: boss}\n";
    let (declared, diagnostics) = read(text);
    assert_eq!(render(&diagnostics), "");
    let users = || Name::new("users");
    let wanted = [
        (Place::Table(users()), "users"),
        (Place::Column(users(), "id".into()), "id"),
        (Place::Column(users(), "boss".into()), "boss"),
        (Place::Index(users(), "by_boss".into()), "by_boss"),
        (Place::ForeignKey(users(), "fk_users_boss".into()), "users"),
    ];
    assert_eq!(declared.places.spans().count(), wanted.len());
    for (place, word) in wanted {
        let span = declared.places.get(&place).expect("it has a place");
        assert_eq!(&span.file.text[span.range.clone()], word, "{place:?}");
    }
}

/// The operations that build a schema from nothing.
fn building(schema: &Schema) -> Vec<Operation> {
    let mut operations: Vec<Operation> = schema
        .defaults
        .iter()
        .map(|(name, text)| {
            let (name, value) = (name.clone(), text.clone());
            Operation::SetNamedDefault(SetNamedDefault { name, value })
        })
        .collect();
    let namespaces = schema.namespaces.iter().cloned();
    operations.extend(namespaces.map(|namespace| CreateNamespace { namespace }.into()));
    operations.extend(
        schema
            .enumerations()
            .into_iter()
            .map(|enumeration| Operation::CreateEnum(CreateEnum { enumeration })),
    );
    let views = schema.views.values().cloned();
    let views = views.map(|view| Operation::CreateView(CreateView { view }));
    let bare = |table: &Table| Table { foreign_keys: vec![], ..table.clone() };
    operations.extend(
        schema.tables().map(|it| Operation::CreateTable(CreateTable { table: bare(it).into() })),
    );
    operations.extend(schema.tables().flat_map(|table| {
        let name = table.name.clone();
        table.foreign_keys.iter().map(move |key| {
            let foreign_key = key.clone();
            Operation::AddForeignKey(AddForeignKey { table: name.clone(), foreign_key })
        })
    }));
    operations.extend(views);
    let routines = schema.routines.values().cloned();
    operations.extend(routines.map(|routine| Operation::CreateRoutine(CreateRoutine { routine })));
    operations
}

#[test]
fn what_is_declared_can_be_built() {
    for path in corpus("good") {
        let (declared, _) = yaml::read(&files(&path));
        let mut schema = Schema::default();
        for operation in building(&declared.schema) {
            let applied = as_change(&operation).apply(&mut schema);
            assert_eq!(applied, Ok(()), "{}: {operation:?}", path.display());
        }
        assert_eq!(schema, declared.schema, "{}", path.display());
    }
}

#[test]
fn what_was_renamed_is_told_apart_from_what_is_new() {
    let text = "tables:\n  - name: people\n    renamed_from: users\n    fields:\n      - {name: \
                mail, type: text, renamed_from: email}\n";
    let (declared, diagnostics) = read(text);
    assert_eq!(render(&diagnostics), "");
    let found: Vec<_> = declared.renames.into_iter().map(|it| (it.what, it.from)).collect();
    let (people, mail) = (Name::new("people"), "mail".to_owned());
    let column = Place::Column(people.clone(), mail);
    let expected = [(Place::Table(people), "users"), (column, "email")];
    assert_eq!(found, expected.map(|(what, from)| (what, from.to_owned())));
}

#[test]
fn enums_and_values_may_have_had_another_name() {
    let enums = "enums:\n  - name: order_state\n    namespace: shop\n    renamed_from: order_status\n    \
                 values: [new, {name: paid, renamed_from: \"it's payed\"}, {name: sent}]\ntables: []\n";
    let (declared, diagnostics) = read(enums);
    assert_eq!(render(&diagnostics), "");
    let name = Name { namespace: Some("shop".to_owned()), name: "order_state".to_owned() };
    assert_eq!(declared.schema.enums[&name], ["new", "paid", "sent"]);
    let found: Vec<_> = declared.renames.into_iter().map(|it| (it.what, it.from)).collect();
    let value = Place::EnumValue(name.clone(), "paid".to_owned());
    let expected = [(Place::Enum(name), "order_status"), (value, "it's payed")];
    assert_eq!(found, expected.map(|(what, from)| (what, from.to_owned())));
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/yaml/good/readme.yaml");
    let text = fs::read_to_string(path).unwrap();
    let (plain, _) = read(&text);
    let (other, diagnostics) = read(&format!("\u{feff}{}", text.replace('\n', "\r\n")));
    assert_eq!(render(&diagnostics), "");
    assert_eq!(plain.schema, other.schema);
    assert_eq!(plain.places.spans().count(), other.places.spans().count());
    for (span, there) in plain.places.spans().zip(other.places.spans()) {
        assert_eq!(span.file.text[span.range.clone()], there.file.text[there.range.clone()]);
    }
}

#[test]
fn a_long_file_says_what_a_short_one_says() {
    // What stands in front makes a file so long that it is heard by a second thread.
    let lines = 4_000;
    let long = "# nothing is said here\n".repeat(lines);
    let places = |found: &[Diagnostic], skipped: usize| -> Vec<(String, Vec<(usize, usize)>)> {
        let place = |it: &Span| {
            let (line, column) = it.file.line_column(it.range.start);
            (line.saturating_sub(skipped).max(1), column)
        };
        let of = |it: &Diagnostic| {
            let spans = it.span.iter().chain(it.related.iter().map(|(it, _)| it));
            (it.message.clone(), spans.map(place).collect())
        };
        found.iter().map(of).collect()
    };
    let mut compared = 0;
    for path in corpus("good").into_iter().chain(corpus("bad")).filter(|it| it.is_file()) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if text.starts_with('\u{feff}') || text.trim().is_empty() {
            continue;
        }
        let (short, found) = read(&text);
        let (whole, found_far) = read(&format!("{long}{text}"));
        assert_eq!(whole.schema, short.schema, "{}", path.display());
        assert_eq!(places(&found_far, lines), places(&found, 0), "{}", path.display());
        compared += 1;
    }
    assert!(compared > 70, "{compared} files");
}

#[test]
fn tables_wait_for_what_stands_behind_them() {
    let table = |name: &str, data_type: &str| {
        format!("  - name: {name}\n    fields: [{{ name: id, type: {data_type} }}]\n")
    };
    let tables = table("plain", "bigint") + &table("own", "money2") + &table("mapped", "text");
    let mappings = "type_mappings:\n  postgresql: { money2: money, text: citext }\n";
    let (behind, found) = read(&format!("tables:\n{tables}{mappings}"));
    assert_eq!(render(&found), "");
    let (before, _) = read(&format!("{mappings}tables:\n{tables}"));
    assert_eq!(behind.schema, before.schema);
    assert_eq!(behind.schema.tables().len(), 3);

    // A list that is repeated elsewhere, or that is there twice, is read as it is written.
    let (repeated, _) = read(&format!("tables: &all\n{tables}\nviews: *all\n{mappings}"));
    assert_eq!(repeated.schema.tables().len(), 3);
    let twice = format!("tables:\n{tables}tables:\n{}{mappings}", table("other", "bigint"));
    let (first, found) = read(&twice);
    assert_eq!(first.schema.tables().len(), 3);
    assert_eq!(found.len(), 1, "{}", render(&found));
}

#[test]
fn a_small_text_cannot_ask_for_much() {
    let laughs = (1..40).fold("x0: &x0 [a, a]\n".to_owned(), |mut text, it| {
        let before = it - 1;
        let _ = writeln!(text, "x{it}: &x{it} [*x{before}, *x{before}]");
        text
    });
    assert!(render(&read(&laughs).1).contains("the aliases stand for more than"));
    for deep in ["[".repeat(100), "- ".repeat(100_000)] {
        let said = render(&read(&deep).1);
        assert!(said.contains("levels are nested"), "{said}");
    }
    read(&"[".repeat(100_000));
    let casts = format!(
        "tables: [{{name: t, fields: [{{name: a, type: text, default: {}}}]}}]",
        "a::".repeat(50_000) + "b"
    );
    assert_eq!(render(&read(&casts).1), "");
}

/// Names that a YAML reader could take for something else.
const ODD: &[&str] = &[
    "no",
    "null",
    "1e3",
    "0x10",
    "12",
    "~",
    "a: b",
    "# a",
    "ключ",
    "naïve",
    "quo\"te",
    "it's",
    "a b",
    "a desc",
    "true",
    "-",
    "*a",
    "&a",
    "{",
    "- a",
    "back\\slash",
    "<<",
    "=",
    "\u{1f600}",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-z][a-z_0-9]{0,8}", 1 => select(ODD).prop_map(str::to_owned)]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        name(),
        any::<String>(),
        "[a-z(): ']{0,8}",
        select(&["now", "", "x()", "'a'::b"][..]).prop_map(str::to_owned)
    ]
}

fn simple_type() -> impl Strategy<Value = ColumnType> {
    prop_oneof![
        (1..u32::MAX).prop_map(|length| ColumnType::Varchar { length }),
        option::of(1..u32::MAX).prop_map(|length| ColumnType::Text { length }),
        (1..99_u32, 0..99_u32).prop_map(|(precision, scale)| ColumnType::Decimal {
            precision,
            scale: scale.min(precision)
        }),
        select(
            &[
                ColumnType::Smallint,
                ColumnType::Integer,
                ColumnType::Bigint,
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
            ][..]
        ),
    ]
}

fn column_type() -> impl Strategy<Value = ColumnType> {
    (simple_type(), 0..3_u8).prop_map(|(of, dimensions)| {
        (0..dimensions).fold(of, |of, _| ColumnType::Array { of: Box::new(of) })
    })
}

fn per_database() -> impl Strategy<Value = PerDatabase> {
    let texts = proptest::collection::btree_map(select(&Database::ALL[..]), text(), 0..3);
    (texts, option::of(text())).prop_map(|(texts, otherwise)| {
        let none = texts.is_empty() && otherwise.is_none();
        PerDatabase {
            texts: texts.into_iter().collect(),
            otherwise: if none { Some("1".to_owned()) } else { otherwise },
        }
    })
}

fn default() -> impl Strategy<Value = DefaultValue> {
    prop_oneof![
        text().prop_map(DefaultValue::Text),
        any::<i64>().prop_map(DefaultValue::Integer),
        any::<bool>().prop_map(DefaultValue::Boolean),
        per_database().prop_map(DefaultValue::Sql),
        select(&["blue", "now", "no", "today"][..])
            .prop_map(|it| DefaultValue::Named(it.to_owned())),
        Just(DefaultValue::Now),
        Just(DefaultValue::NewUuid),
    ]
}

fn generated() -> impl Strategy<Value = Box<Generated>> {
    (per_database(), any::<bool>())
        .prop_map(|(expression, stored)| Box::new(Generated { expression, stored }))
}

fn identity() -> impl Strategy<Value = Identity> {
    let increment = any::<i64>().prop_filter("it leads somewhere", |it| *it != 0);
    (any::<bool>(), option::of(any::<i64>()), option::of(increment))
        .prop_map(|(always, start, increment)| Identity { always, start, increment })
}

fn column() -> impl Strategy<Value = Column> {
    let identity = option::weighted(0.2, identity());
    let collation = option::weighted(0.2, said());
    let more = (any::<bool>(), option::of(generated()), collation, comment(), identity);
    (column_type(), any::<bool>(), option::of(default()), more).prop_map(
        |(data_type, nullable, default, (auto_update, generated, collation, comment, identity))| {
            let collation = collation.filter(|_| whimbrel::sql::holds_text(&data_type));
            let whole = matches!(
                data_type.unspelled(),
                ColumnType::Smallint | ColumnType::Integer | ColumnType::Bigint
            );
            if identity.is_some() && whole {
                let nullable = false;
                return Column { nullable, identity, comment, ..Column::from(data_type) };
            }
            if generated.is_some() && !data_type.is_numbered() {
                return Column {
                    nullable,
                    generated,
                    collation,
                    comment,
                    ..Column::from(data_type)
                };
            }
            let auto_update = auto_update && holds_changes(&data_type);
            Column { nullable, default, auto_update, collation, comment, ..Column::from(data_type) }
        },
    )
}

/// A comment, which may hold whatever a text can.
fn comment() -> impl Strategy<Value = Option<String>> {
    let text = prop_oneof!["[a-z ]{1,20}", "[ -~\n\r\té\u{85}\u{200e}:#'\"-]{1,30}"];
    option::weighted(0.2, text)
}

/// Texts of which none is empty.
fn said() -> impl Strategy<Value = PerDatabase> {
    per_database().prop_filter_map("it says something", |mut it| {
        it.each_text(|it| *it = it.trim().to_owned());
        let says = !it.all_texts().any(str::is_empty);
        says.then_some(it)
    })
}

/// A part of an index with all that can be said of one.
fn part() -> impl Strategy<Value = IndexColumn> {
    let text = said;
    let nulls = option::of(select(&[Nulls::First, Nulls::Last][..]));
    (text(), nulls, option::of(1..50_u32), option::of(text()), option::of(text())).prop_map(
        |(expression, nulls, prefix, collation, operator_class)| IndexColumn {
            expression: Some(expression),
            nulls,
            prefix,
            collation,
            operator_class,
            ..IndexColumn::default()
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    select(&Action::ALL[..])
}

prop_compose! {
    fn table()(
        name in name(),
        (namespace, comment) in (option::of(name()), comment()),
        columns in proptest::collection::btree_map(name(), column(), 1..6),
        shuffled in any::<prop::sample::Index>(),
        keyed in 0..4_usize,
        reversed in any::<bool>(),
        keys in vec((any::<prop::sample::Index>(), 1..3_usize, option::of(name()), action(), action()), 0..3),
        indexes in vec((name(), 1..3_usize, any::<bool>(), option::of("[a-z]{1,4}"), option::of("[a-z <>=']{0,6}[a-z]"), any::<bool>(), option::of(part())), 0..3),
    ) -> Table {
        let mut columns: Vec<NamedColumn> =
            columns.into_iter().map(|(name, column)| NamedColumn { name, column }).collect();
        let by = shuffled.index(columns.len());
        columns.rotate_left(by);
        let mut primary_key: Vec<String> =
            columns.iter().take(keyed).map(|it| it.name.clone()).collect();
        if reversed {
            primary_key.reverse();
        }
        for column in &mut columns {
            column.column.nullable &= !primary_key.contains(&column.name);
        }
        let name = Name { namespace, name };
        let mut table = Table { columns, primary_key, comment, ..Table::new(name) };
        for (at, count, called, on_delete, on_update) in keys {
            let first = at.index(table.columns.len());
            let taken = table.columns.iter().skip(first).take(count);
            let columns: Vec<String> = taken.clone().map(|it| it.name.clone()).collect();
            let called = called.unwrap_or_else(|| foreign_key_name(&table.name, &columns));
            if table.foreign_key_named(&called).is_some() {
                continue;
            }
            let strict = taken.clone().any(|it| !it.column.nullable);
            let on_delete =
                if strict && on_delete == Action::SetNull { Action::Cascade } else { on_delete };
            // To the same columns of the same table, whose types are sure to agree.
            let own_key = columns == table.primary_key && reversed;
            table.foreign_keys.push(ForeignKey {
                references: if own_key { vec![] } else { columns.clone() },
                on_delete,
                on_update,
                ..ForeignKey::new(called, columns, table.name.clone())
            });
        }
        for (called, count, unique, method, filter, descending, part) in indexes {
            if table.index_named(&called).is_some() {
                continue;
            }
            let direction = if descending { Direction::Descending } else { Direction::Ascending };
            let columns = table.columns.iter().take(count);
            let columns =
                columns
                    .map(|it| IndexColumn { direction, ..IndexColumn::new(&it.name) })
                    .collect();
            let mut columns: Vec<IndexColumn> = columns;
            let mut include = Vec::new();
            if let Some(part) = part {
                include.extend(table.columns.iter().skip(count).map(|it| it.name.clone()));
                columns.push(part);
            }
            let nulls_not_distinct = unique && !include.is_empty();
            let filter = filter.map(|it| it.trim().to_owned());
            let index =
                Index { name: called, columns, unique, nulls_not_distinct, method, include, filter };
            table.indexes.push(index);
        }
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table
    }
}

fn schema() -> impl Strategy<Value = Schema> {
    (vec(table(), 0..4), vec(per_database(), 3)).prop_map(|(tables, texts)| {
        let mut schema: Schema = tables.into_iter().collect();
        let names = ["blue", "now", "no"].map(str::to_owned);
        schema.defaults = names.into_iter().zip(texts).collect();
        schema
    })
}

proptest! {
    #[test]
    fn a_printed_schema_reads_back_as_itself(schema in schema()) {
        let printed = yaml::print(&schema);
        let (declared, diagnostics) = read(&printed);
        let mistakes: Vec<Diagnostic> = diagnostics
            .into_iter()
            // Index names that two tables share can't be portable; that is said, and read.
            .filter(|it| it.severity == Severity::Error && !it.message.starts_with("two tables"))
            .collect();
        prop_assert_eq!(render(&mistakes), "", "{}", printed);
        prop_assert_eq!(declared.schema, schema, "{}", printed);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn no_change_of_a_file_makes_it_panic(
        file in any::<prop::sample::Index>(),
        cuts in vec((any::<prop::sample::Index>(), 0..6_usize, "[-:{}\\[\\]&*<#|>'\"a0 \\n\\t!~,?%@]{0,4}|\\PC{0,3}"), 1..6),
    ) {
        let paths = corpus("good");
        let mut text: Vec<char> = files(&paths[file.index(paths.len())]).own[0].text.chars().collect();
        for (at, length, instead) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + length).min(text.len());
            text.splice(at..end, instead.chars());
        }
        let text: String = text.into_iter().collect();
        let (declared, diagnostics) = read(&text);
        let spans = diagnostics.iter().flat_map(|it| it.span.iter().chain(it.related.iter().map(|(span, _)| span)));
        for span in spans.chain(declared.places.spans()) {
            prop_assert!(span.file.text.get(span.range.clone()).is_some(), "{:?}", span.range);
        }
        yaml::print(&declared.schema);
    }
}
