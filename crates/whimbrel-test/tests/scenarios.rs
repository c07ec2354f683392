//! The laws, asked of every scenario without a database: diff leads there, inverses lead back,
//! nothing is left to do, and what each dialect would run is pinned.

use std::fmt::Write;

use whimbrel::{
    dialect::{self, Dialect},
    diff::{Answers, diff, equivalent},
    operation::{Inverse, Operation, Span, as_change, reduce_all},
    schema::Schema,
    sql::Statement,
};
use whimbrel_test::{
    scenario::{self, Scenario},
    snapshot,
};

fn applied(operations: &[Operation], schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    for operation in operations {
        as_change(operation)
            .apply(&mut schema)
            .unwrap_or_else(|conflict| panic!("{operation:?}: {conflict}"));
    }
    schema
}

/// Tables and what belongs to them, whatever the order of columns.
fn same(one: &Schema, other: &Schema) -> bool {
    equivalent(one, other)
}

fn each(law: impl Fn(&Scenario)) {
    scenario::all().iter().for_each(law);
}

#[test]
fn what_diff_finds_is_pinned() {
    let mut failures = Vec::new();
    each(|_| {});
    for scenario in scenario::all() {
        let mut text = String::new();
        for operation in &scenario.operations {
            writeln!(text, "{}", as_change(operation).describe()).unwrap();
        }
        failures.extend(snapshot::check(&scenario.folder.join("operations.txt"), &text).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_diff_finds_leads_there() {
    each(|it| {
        let reached = applied(&it.operations, &it.before);
        assert!(same(&reached, &it.after), "{}: {reached:#?}", it.name);
    });
}

#[test]
fn a_second_diff_finds_nothing() {
    each(|it| {
        let reached = applied(&it.operations, &it.before);
        let rest = diff(&reached, &it.after, &Answers::default()).expect("there is no question");
        assert_eq!(rest, [], "{}", it.name);
    });
}

#[test]
fn inverses_lead_back() {
    each(|it| {
        let mut states = vec![it.before.clone()];
        for operation in &it.operations {
            let last = states.last().expect("one is there");
            states.push(applied(std::slice::from_ref(operation), last));
        }
        let mut schema = states.pop().expect("one is there");
        for (operation, before) in it.operations.iter().zip(&states).rev() {
            let inverse = match as_change(operation).inverse(before).expect("it was applied") {
                Inverse::Operations(operations) => operations,
                Inverse::Unknown | Inverse::Impossible(_) => {
                    panic!("{}: {operation:?} has no inverse", it.name)
                }
            };
            schema = applied(&inverse, &schema);
            assert!(same(&schema, before), "{}: undoing {operation:?}", it.name);
        }
        assert!(same(&schema, &it.before), "{}", it.name);
    });
}

#[test]
fn reduced_operations_reach_the_same() {
    each(|it| {
        let whole = [it.preparation(), it.operations.clone()].concat();
        let reduced = reduce_all(whole.clone());
        assert!(reduced.len() <= whole.len(), "{}", it.name);
        let reached = applied(&reduced, &Schema::default());
        assert!(same(&reached, &it.after), "{}: {reduced:#?}", it.name);
    });
}

#[test]
fn diff_says_the_same_every_time() {
    let again: Vec<_> = scenario::all().into_iter().map(|it| it.operations).collect();
    let once: Vec<_> = scenario::all().into_iter().map(|it| it.operations).collect();
    assert_eq!(once, again);
}

/// What is resumed after a stop is the stored plan, so it must come back as it was.
#[test]
fn what_is_stored_of_a_statement_reads_back_equal() {
    each(|scenario| {
        for dialect in dialect::ALL {
            let mut schema = scenario.before.clone();
            for operation in &scenario.operations {
                let mut after = schema.clone();
                as_change(operation).apply(&mut after).expect("diff's operations apply");
                let span = Span { before: &schema, after: &after };
                let statements = as_change(operation).sql(dialect, span).unwrap_or_default();
                let text = serde_json::to_string(&statements).unwrap();
                let back: Vec<Statement> = serde_json::from_str(&text).unwrap();
                assert_eq!(back, statements, "{} on {}", scenario.name, dialect.name);
                let text = serde_json::to_string(operation).unwrap();
                assert_eq!(&serde_json::from_str::<Operation>(&text).unwrap(), operation);
                schema = after;
            }
        }
    });
}

#[test]
fn what_each_dialect_runs_is_pinned() {
    let mut failures = Vec::new();
    for scenario in scenario::all() {
        for dialect in dialect::ALL {
            let found = scenario.script(dialect);
            let path = scenario.folder.join(format!("{}.sql", dialect.name));
            // A dialect that is like another one has a file only where they differ.
            let like = dialect.like.and_then(Dialect::named);
            if like.is_some_and(|it| scenario.script(it) == found) {
                if path.exists() {
                    failures.push(format!("{} is not needed", path.display()));
                }
                continue;
            }
            failures.extend(snapshot::check(&path, &found).err());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
