//! Counts what the tests did: as cargo tells it, and per engine as the tests themselves report.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::engines::{Engines, Family};

/// The sums over all test programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Tally {
    /// Adds what a line of cargo's output says, if it is one that sums up a test program:
    /// `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; …`
    pub(crate) fn count(&mut self, line: &str) {
        let Some(sums) = line.trim().strip_prefix("test result: ") else { return };
        let Some((_, sums)) = sums.split_once(". ") else { return };
        for sum in sums.split(';') {
            let Some((number, word)) = sum.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<usize>() else { continue };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

/// What the tests reported, by engine.
#[derive(Debug, Default)]
pub(crate) struct Report {
    engines: BTreeMap<String, Row>,
}

#[derive(Debug, Default)]
struct Row {
    version: Option<String>,
    /// The tests by name. One that used several databases has reported several times.
    tests: BTreeMap<String, Outcome>,
    /// Why tests were not run.
    reasons: BTreeMap<String, String>,
}

/// What happened on one engine, for a page.
#[derive(Debug)]
pub(crate) struct Tested {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) tally: Tally,
    /// The tests that were not run, and why.
    pub(crate) skipped: BTreeMap<String, String>,
}

/// How a test ended. Of several reports of one test, the greatest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Skipped,
    Passed,
    Failed,
}

impl Row {
    fn tally(&self) -> Tally {
        let count = |outcome| self.tests.values().filter(|other| **other == outcome).count();
        Tally {
            passed: count(Outcome::Passed),
            failed: count(Outcome::Failed),
            skipped: count(Outcome::Skipped),
        }
    }

    fn has_run(&self) -> bool {
        self.tests.values().any(|outcome| *outcome != Outcome::Skipped)
    }
}

impl Report {
    /// Reads the lines of `whimbrel_test::report`. There is no file where no test wrote one.
    pub(crate) fn read(file: &Path) -> Self {
        Self::parse(&fs::read_to_string(file).unwrap_or_default())
    }

    fn parse(text: &str) -> Self {
        let mut report = Self::default();
        for line in text.lines() {
            let mut fields = line.split('\t');
            let (Some(engine), Some(version), Some(test), Some(outcome)) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let row = report.engines.entry(key(engine)).or_default();
            let outcome = match outcome {
                "passed" => Outcome::Passed,
                "failed" => Outcome::Failed,
                _ => Outcome::Skipped,
            };
            if outcome == Outcome::Skipped {
                let reason = fields.next().unwrap_or("no reason was given");
                row.reasons.insert(test.to_owned(), reason.to_owned());
            } else {
                row.version = Some(version.to_owned());
            }
            let known = row.tests.entry(test.to_owned()).or_insert(outcome);
            *known = outcome.max(*known);
        }
        report
    }

    /// Whether any test ran on an engine of this family.
    pub(crate) fn has_run_on(&self, family: Family, engines: &Engines) -> bool {
        let ran = |middle: &str| self.engines.get(middle).is_some_and(Row::has_run);
        let is_running =
            |middle: &str| engines.running.iter().any(|running| key(running.middle()) == middle);
        match family {
            Family::Sqlite => ran(SQLITE),
            _ => self.engines.keys().any(|middle| {
                is_running(middle)
                    && ran(middle)
                    && Family::of(&middle.to_uppercase()) == Some(family)
            }),
        }
    }

    /// How many tests were not run: those that said so, and, for each engine that is missing, as
    /// many as ran on another of its kind (and one where none did, so that it is not forgotten).
    pub(crate) fn skipped(&self, engines: &Engines) -> usize {
        let said: usize = self.engines.values().map(|row| row.tally().skipped).sum();
        let missing: usize =
            engines.missing.iter().map(|missing| self.expected(missing.family)).sum();
        said + missing
    }

    /// How many tests an engine of this family would run.
    fn expected(&self, family: Family) -> usize {
        let kin = |other: Family| {
            let is_mysql = |family| matches!(family, Family::Mysql | Family::Mariadb);
            other == family || is_mysql(other) && is_mysql(family)
        };
        let rows = self
            .engines
            .iter()
            .filter(|(middle, _)| Family::of(&middle.to_uppercase()).is_some_and(kin));
        rows.map(|(_, row)| row.tests.len()).max().unwrap_or(0).max(1)
    }

    /// What happened on each engine that was there, in the order of the table.
    pub(crate) fn tested(&self, engines: &Engines) -> Vec<Tested> {
        let running = engines.running.iter();
        let mut all: Vec<(String, &str)> =
            running.map(|it| (key(it.middle()), it.title.as_str())).collect();
        all.push((SQLITE.to_owned(), "SQLite"));
        let tested = |(middle, title): (String, &str)| {
            let row = self.engines.get(&middle)?;
            let skipped = row
                .reasons
                .iter()
                .filter(|(test, _)| row.tests.get(*test).is_some_and(|it| *it == Outcome::Skipped));
            Some(Tested {
                title: title.to_owned(),
                version: row.version.clone()?,
                tally: row.tally(),
                skipped: skipped.map(|(test, why)| (test.clone(), why.clone())).collect(),
            })
        };
        all.into_iter().filter_map(tested).collect()
    }

    /// The table of the engines: name, version, and what happened there.
    pub(crate) fn table(&self, engines: &Engines) -> String {
        let mut rows =
            vec![["ENGINE", "VERSION", "PASSED", "FAILED", "SKIPPED"].map(str::to_owned)];
        let mut rest: BTreeSet<&str> = self.engines.keys().map(String::as_str).collect();
        for running in &engines.running {
            let middle = key(running.middle());
            rest.remove(middle.as_str());
            rows.push(self.row(&running.title, &middle, running.version.as_deref()));
        }
        for missing in &engines.missing {
            rest.remove(key(&missing.middle).as_str());
            let skipped = self.expected(missing.family).to_string();
            rows.push([
                missing.title.clone(),
                "-".into(),
                "-".into(),
                "-".into(),
                format!("{skipped} NOT RUN"),
            ]);
        }
        for middle in rest {
            let title = if middle == SQLITE { "SQLite" } else { middle };
            rows.push(self.row(title, middle, None));
        }
        align(&rows)
    }

    fn row(&self, title: &str, middle: &str, version: Option<&str>) -> [String; 5] {
        let reported = self.engines.get(middle);
        let tally = reported.map(Row::tally).unwrap_or_default();
        let version = reported.and_then(|row| row.version.as_deref()).or(version).unwrap_or("?");
        [
            title.to_owned(),
            version.to_owned(),
            tally.passed.to_string(),
            tally.failed.to_string(),
            tally.skipped.to_string(),
        ]
    }
}

/// The name under which SQLite, which is inside the tests, reports.
const SQLITE: &str = "sqlite";

/// One spelling for `POSTGRES_18`, `postgres-18` and `mariadb-10.11`.
fn key(engine: &str) -> String {
    engine.to_lowercase().replace(['-', '.', ' '], "_")
}

fn align(rows: &[[String; 5]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    let mut text = String::new();
    for row in rows {
        let mut line = format!("{:<1$}  {2:<3$}", row[0], widths[0], row[1], widths[1]);
        for column in 2..5 {
            let _ = write!(line, "  {:>1$}", row[column], widths[column]);
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_of_all_test_programs_are_added() {
        let mut tally = Tally::default();
        tally.count("test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out");
        tally.count(
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; finished in 1s",
        );
        tally.count("test lexer::a_result ... ok");
        assert_eq!(tally, Tally { passed: 7, failed: 3, skipped: 1 });
    }

    #[test]
    fn a_report_is_counted_by_engine_whatever_the_spelling() {
        let report = Report::parse(
            "postgres-18\t18.4\tone\tpassed\npostgres-18\t18.4\ttwo\tfailed\n\
             postgres-18\t18.4\tone\tpassed\npostgres-18\t18.4\ttwo\tpassed\n\
             mariadb-10.11\t10.11.18\tone\tpassed\nMARIADB_10_11\t-\ttwo\tskipped\tno locks\n",
        );
        assert_eq!(
            report.engines["postgres_18"].tally(),
            Tally { passed: 1, failed: 1, skipped: 0 }
        );
        assert_eq!(
            report.engines["mariadb_10_11"].tally(),
            Tally { passed: 1, failed: 0, skipped: 1 }
        );
    }

    #[test]
    fn a_missing_engine_counts_as_many_skips_as_its_kin_ran_tests() {
        let report = Report::parse(
            "postgres-18\t18.4\tone\tpassed\npostgres-18\t18.4\ttwo\tpassed\n\
             sqlite\t3.50\tone\tpassed\n",
        );
        assert_eq!(report.expected(Family::Postgres), 2);
        assert_eq!(report.expected(Family::Mariadb), 1);
        assert!(report.has_run_on(Family::Sqlite, &Engines::default()));
        assert!(!report.has_run_on(Family::Mysql, &Engines::default()));
    }
}
