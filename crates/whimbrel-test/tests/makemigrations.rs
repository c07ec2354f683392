//! What makemigrations 1.8 writes for eighty changes, and what whimbrel writes for them: the same, or
//! something else for a reason that is told. `tests/makemigrations/sql.json` holds its SQL, and
//! `docs/makemigrations.md` is the report.

#[path = "makemigrations/cases.rs"]
mod cases;
#[path = "makemigrations/reasons.rs"]
mod reasons;

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use whimbrel::dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE};
use whimbrel_test::snapshot;

use self::reasons::Verdict;

/// Our dialects, and the database of makemigrations that each is compared with; it has no MariaDB.
const COMPARED: [(&Dialect, &str); 4] =
    [(&POSTGRES, "postgresql"), (&MYSQL, "mysql"), (&MARIADB, "mysql"), (&SQLITE, "sqlite")];

/// How one of the facts compares.
struct Compared {
    key: String,
    dialect: &'static str,
    theirs: String,
    ours: String,
    /// `None` where the two are the same.
    verdict: Option<&'static (Verdict, &'static str)>,
}

/// What makemigrations writes, by what is asked and by database.
fn theirs() -> BTreeMap<String, BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/makemigrations/sql.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the file is there")).expect("JSON")
}

/// A text without what means nothing: how it is broken into lines, whether keywords are in capitals,
/// and a semicolon at its end.
fn plain(sql: &str) -> String {
    let words = sql.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let words = words.replace(" (", "(");
    words.trim_end_matches(';').to_owned()
}

fn compare(failures: &mut Vec<String>) -> Vec<Compared> {
    let reasons = reasons::ALL;
    let mut used = vec![false; reasons.len()];
    let mut found = Vec::new();
    for (key, databases) in theirs() {
        for (dialect, database) in COMPARED {
            let Some(theirs) = databases.get(database) else { continue };
            let ours = cases::ours(&key, dialect);
            let reason = reasons.iter().position(|it| it.is_of(&key, dialect.name));
            let same = plain(&ours) == plain(theirs);
            match (same, reason) {
                (true, _) => {}
                (false, Some(at)) => used[at] = true,
                (false, None) => failures.push(format!(
                    "{key} on {}: no reason is given\n  theirs: {theirs}\n  ours:   {ours}",
                    dialect.name
                )),
            }
            found.push(Compared {
                key: key.clone(),
                dialect: dialect.name,
                theirs: theirs.clone(),
                ours,
                verdict: reason.filter(|_| !same).map(|at| &reasons[at].said),
            });
        }
    }
    for (reason, used) in reasons.iter().zip(used) {
        if !used {
            failures.push(format!("nothing differs for the reason {:?}", reason.said));
        }
    }
    found
}

#[test]
fn what_differs_differs_for_a_reason() {
    let mut failures = Vec::new();
    let found = compare(&mut failures);
    assert!(found.len() > 250, "only {} facts are compared", found.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/makemigrations.md");
    snapshot::check(&path, &report(&found)).unwrap_or_else(|it| panic!("{it}"));
}

fn report(found: &[Compared]) -> String {
    let mut text = String::from(reasons::PREFACE);
    let count = |wanted: fn(&Compared) -> bool, dialect: &str| {
        found.iter().filter(|it| it.dialect == dialect && wanted(it)).count()
    };
    text.push_str("\n| | the same | better | different on purpose |\n|---|--:|--:|--:|\n");
    for (dialect, _) in COMPARED {
        let name = dialect.name;
        let is = |it: &Compared, wanted| it.verdict.is_some_and(|it| it.0 == wanted);
        let same = count(|it| it.verdict.is_none(), name);
        let better = found.iter().filter(|it| it.dialect == name && is(it, Verdict::Better));
        let purpose = found.iter().filter(|it| it.dialect == name && is(it, Verdict::OnPurpose));
        let (better, purpose) = (better.count(), purpose.count());
        writeln!(text, "| {} | {same} | {better} | {purpose} |", dialect.product).unwrap();
    }
    for (verdict, title) in
        [(Verdict::Better, "Better"), (Verdict::OnPurpose, "Different on purpose")]
    {
        writeln!(text, "\n## {title}").unwrap();
        for reason in reasons::ALL {
            let here = |it: &&Compared| {
                reason.said.0 == verdict && it.verdict.is_some_and(|said| *said == reason.said)
            };
            let differing: Vec<&Compared> = found.iter().filter(here).collect();
            if differing.is_empty() {
                continue;
            }
            writeln!(text, "\n**{}**\n", reason.said.1).unwrap();
            for it in shown(&differing) {
                writeln!(text, "{} on {}:\n", code(&it.key), it.dialect).unwrap();
                writeln!(
                    text,
                    "```sql\n-- makemigrations\n{}\n-- whimbrel\n{}\n```\n",
                    or_nothing(&it.theirs),
                    or_nothing(&it.ours)
                )
                .unwrap();
            }
            let rest = list(&differing);
            writeln!(text, "Of this kind: {rest}.").unwrap();
        }
    }
    writeln!(text, "\n## The same\n").unwrap();
    let same: Vec<&Compared> = found.iter().filter(|it| it.verdict.is_none()).collect();
    writeln!(text, "{}.", list(&same)).unwrap();
    text
}

/// One of those that differ for a reason, as an example.
fn shown<'a>(differing: &'a [&'a Compared]) -> impl Iterator<Item = &'a &'a Compared> {
    differing.iter().take(1)
}

fn or_nothing(sql: &str) -> &str {
    if sql.trim().is_empty() { "-- (nothing)" } else { sql.trim() }
}

/// `add_column/pk` (postgres, mysql), …
fn list(found: &[&Compared]) -> String {
    let mut by_key: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for it in found {
        by_key.entry(&it.key).or_default().push(it.dialect);
    }
    let one = |(key, on): (&&str, &Vec<&str>)| format!("{} ({})", code(key), on.join(", "));
    by_key.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A key as code; one of them has a backtick in it.
fn code(key: &str) -> String {
    if key.contains('`') { format!("`` {key} ``") } else { format!("`{key}`") }
}
