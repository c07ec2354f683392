//! A schema of ten thousand tables, beside its text as a bare tree of values.

use std::{fmt::Write, hint::black_box, time::Instant};

use saphyr_parser::{Event, Parser, StrInput};
use whimbrel::{
    diagnostic::SourceFile,
    dialect::POSTGRES,
    diff::{Answers, diff},
    operation::{Span, as_change},
    schema::Schema,
    source::yaml,
};

use super::table::{Table, median, middle};

/// How many tables it has.
const TABLES: usize = 10_000;

/// Measures the way from its text to a plan.
pub(crate) fn measure(rounds: usize, table: &mut Table) {
    let text = text(TABLES);
    let (mut bare, mut settled, mut new) = (Vec::new(), Vec::new(), Vec::new());
    let (before, _) = read(&text);
    for _ in 0..rounds.max(3) {
        let start = Instant::now();
        drop(black_box(bare_tree(&mut Parser::new_from_str(&text))));
        bare.push(start.elapsed());

        let start = Instant::now();
        let (schema, mistakes) = read(&text);
        assert_eq!(mistakes, 0, "the schema has no mistakes");
        let operations = diff(&before, &schema, &Answers::default()).expect("nothing is asked");
        assert!(operations.is_empty(), "nothing has changed");
        settled.push(start.elapsed());

        let start = Instant::now();
        let (schema, _) = read(&text);
        assert_eq!(planned(&Schema::default(), &schema), TABLES);
        new.push(start.elapsed());
    }
    let ratio = |of: &[std::time::Duration]| {
        middle(
            of.iter().zip(&bare).map(|(it, bare)| it.as_secs_f64() / bare.as_secs_f64()).collect(),
        )
    };
    let parse = median(bare.iter().copied());
    for (what, of) in [("unchanged", &settled), ("all of them new, with their SQL", &new)] {
        let beside = format!("{:.0} ms; bare tree {parse:.0} ms", median(of.iter().copied()));
        let what = format!("a schema of {TABLES} tables, {what}");
        table.ratio("", &what, (ratio(of), 2.0), beside);
    }
}

/// What a parser's own loader makes of a text: plain values without places.
#[expect(dead_code, reason = "it is made and dropped")]
enum Bare {
    Word(String),
    List(Vec<Bare>),
    Map(Vec<(Bare, Bare)>),
}

/// The next value, or `None` where a list or mapping ends.
fn bare_tree<'a>(parser: &mut Parser<'a, StrInput<'a>>) -> Option<Bare> {
    loop {
        let (event, _) = parser.next()?.expect("it is YAML");
        return Some(match event {
            Event::Scalar(text, ..) => Bare::Word(text.into_owned()),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                while let Some(item) = bare_tree(parser) {
                    items.push(item);
                }
                Bare::List(items)
            }
            Event::MappingStart(..) => {
                let mut entries = Vec::new();
                while let Some(key) = bare_tree(parser) {
                    entries.push((key, bare_tree(parser)?));
                }
                Bare::Map(entries)
            }
            Event::SequenceEnd | Event::MappingEnd => return None,
            _ => continue,
        });
    }
}

fn read(text: &str) -> (Schema, usize) {
    let file = SourceFile::new("schema.yaml", text.to_owned());
    let (declared, diagnostics) = yaml::read(&vec![file].into());
    (declared.schema, diagnostics.len())
}

/// How many operations lead there; each is turned into SQL.
fn planned(before: &Schema, after: &Schema) -> usize {
    let operations = diff(before, after, &Answers::default()).expect("nothing is asked");
    let mut schema = before.clone();
    for operation in &operations {
        let mut next = schema.clone();
        as_change(operation).apply(&mut next).expect("it fits");
        let span = Span { before: &schema, after: &next };
        black_box(as_change(operation).sql(&POSTGRES, span).expect("it can be had"));
        schema = next;
    }
    operations.len()
}

/// Tables of four columns, every second of which points at another one.
fn text(tables: usize) -> String {
    let mut text = String::from("tables:\n");
    for number in 0..tables {
        let _ = write!(
            text,
            "  - name: t{number}\n    fields:\n      - name: id\n        type: bigint\n        \
             primary_key: true\n      - name: name\n        type: varchar\n        length: 200\n        \
             nullable: false\n      - name: amount\n        type: decimal\n        precision: 12\n        \
             scale: 2\n        default: 0\n"
        );
        if number % 2 == 1 {
            let _ = write!(
                text,
                "      - name: other_id\n        type: foreign_key\n        foreign_key:\n          table: \
                 t{}\n    indexes:\n      - name: by_name_{number}\n        fields: [name]\n",
                number - 1
            );
        }
    }
    text
}
