//! `docs/databases.md`: the databases that the tests have really run on. `cargo xtask test --record`
//! writes it, and every other run looks whether it still knows of what it has run on.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use super::reliability::date;
use super::tally::{Report, Tested};
use super::test::root;
use crate::engines::Engines;

/// Writes the page anew.
pub(super) fn record(report: &Report, engines: &Engines) -> Result<(), String> {
    let path = path();
    let text = page(&report.tested(engines), engines, &date());
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

/// What the page does not say of this run. An engine that is on the page and not on this machine
/// can't be looked at.
pub(super) fn stale(report: &Report, engines: &Engines) -> Vec<String> {
    let page = fs::read_to_string(path()).unwrap_or_default();
    unknown(&page, &report.tested(engines))
}

fn path() -> PathBuf {
    root().join("docs/databases.md")
}

/// The engines of this run that the page does not know in this version. Its last number may be
/// another one: repairs are released all the time.
fn unknown(page: &str, tested: &[Tested]) -> Vec<String> {
    let known: Vec<(&str, &str)> = page.lines().filter_map(row).collect();
    let is_known = |it: &&Tested| {
        known
            .iter()
            .any(|(title, version)| *title == it.title && series(version) == series(&it.version))
    };
    tested
        .iter()
        .filter(|it| it.tally.passed > 0 && !is_known(it))
        .map(|it| {
            format!(
                "docs/databases.md does not know {} {}: `cargo xtask test --record` writes it anew",
                it.title, it.version
            )
        })
        .collect()
}

/// `18.4` and `18.5` are one series, and so are `11.8.3` and `11.8.4`.
fn series(version: &str) -> &str {
    version.rsplit_once('.').map_or(version, |(series, _)| series)
}

/// Title and version of a row of the page's table.
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix("| ")?.split(" | ");
    Some((cells.next()?, cells.next()?))
}

fn page(tested: &[Tested], engines: &Engines, date: &str) -> String {
    let mut text = INTRODUCTION.to_owned();
    let _ = writeln!(text, "The last run of which this page tells was on {date}.\n");
    text += "| database | version | tests passed | not run |\n|---|---|---|---|\n";
    for Tested { title, version, tally, .. } in tested.iter().filter(|it| it.tally.passed > 0) {
        let _ = writeln!(text, "| {title} | {version} | {} | {} |", tally.passed, tally.skipped);
    }
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for tested in tested {
        for (test, reason) in &tested.skipped {
            reasons.entry((reason, test)).or_default().push(&tested.title);
        }
    }
    if !reasons.is_empty() {
        text += "\n## What was not run\n\n";
        for ((reason, test), titles) in reasons {
            let _ = writeln!(text, "- `{test}` on {}: {reason}.", titles.join(", "));
        }
    }
    if !engines.missing.is_empty() {
        text += "\n## What could not be had\n\n\
                 Nothing is claimed of these; the tests run on them where they are there.\n\n";
        for missing in &engines.missing {
            let _ = writeln!(text, "- {}", missing.title);
        }
    }
    text
}

const INTRODUCTION: &str = "\
# Databases

<!-- Written by `cargo xtask test --record`. -->

What whimbrel is tested on. Each test that concerns a database runs on every one of these, on a real
server (SQLite is part of the program) and a new database of its own: every change of a schema there
and back, reading the database and comparing it with what was asked for, clients that die at every
moment, locks, waiting, and the commands as a user gives them. What comes of killing servers stands in
`reliability.md`. Versions in between should work; whoever depends on one runs the tests on it:
`WHIMBREL_TEST_POSTGRES_URL=… cargo xtask test`.

";

#[cfg(test)]
mod tests {
    use super::super::tally::Tally;
    use super::*;

    fn tested(title: &str, version: &str) -> Tested {
        Tested {
            title: title.to_owned(),
            version: version.to_owned(),
            tally: Tally { passed: 7, failed: 0, skipped: 1 },
            skipped: BTreeMap::from([(
                "disk::full".to_owned(),
                "mounting is forbidden".to_owned(),
            )]),
        }
    }

    #[test]
    fn the_page_knows_what_it_was_written_from_and_nothing_else() {
        let all = [tested("PostgreSQL 18", "18.4"), tested("SQLite", "3.54.1")];
        let page = page(&all, &Engines::default(), "2026-01-02");
        assert!(page.contains("| PostgreSQL 18 | 18.4 | 7 | 1 |\n"), "{page}");
        assert!(page.contains("- `disk::full` on PostgreSQL 18, SQLite: mounting is forbidden.\n"));
        assert_eq!(unknown(&page, &all), [""; 0]);
        assert_eq!(unknown(&page, &[tested("PostgreSQL 18", "18.5")]), [""; 0]);
        assert_eq!(unknown(&page, &[tested("PostgreSQL 19", "19.1")]).len(), 1);
        assert_eq!(unknown(&page, &[tested("SQLite", "3.55.0")]).len(), 1);
    }
}
