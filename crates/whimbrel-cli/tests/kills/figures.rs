//! What came of the kills, for the page that tells of them.

use std::{collections::BTreeMap, fmt::Write as _, fs::OpenOptions, io::Write};

use super::{classes::Class, killing::Means};

/// Names the file to which the figures are appended, a line each; see `xtask`'s `kills`.
const VARIABLE: &str = "WHIMBREL_TEST_FIGURES";

/// What came of a kill, once a next run was through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The next run finished.
    Finished,
    /// The next run asked about one step, was told, and finished.
    Asked,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    finished: usize,
    asked: usize,
}

/// The sums of one engine.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    rows: BTreeMap<(Class, Means), Sums>,
}

impl Figures {
    pub(crate) fn add(&mut self, class: Class, means: Means, outcome: Outcome) {
        let sums = self.rows.entry((class, means)).or_default();
        match outcome {
            Outcome::Finished => sums.finished += 1,
            Outcome::Asked => sums.asked += 1,
        }
    }

    /// All kills.
    pub(crate) fn kills(&self) -> usize {
        self.rows.values().map(|it| it.finished + it.asked).sum()
    }

    /// Those of one means.
    pub(crate) fn kills_by(&self, means: Means) -> usize {
        let rows = self.rows.iter().filter(|((_, by), _)| *by == means);
        rows.map(|(_, it)| it.finished + it.asked).sum()
    }

    /// Appends the sums: engine, version, class, means, finished, asked. A kill that lost or
    /// doubled something has failed its test, and there are no figures of it.
    pub(crate) fn write(&self, engine: &str, version: &str) {
        let Some(file) = std::env::var_os(VARIABLE) else { return };
        let mut text = String::new();
        for ((class, means), sums) in &self.rows {
            let Sums { finished, asked } = sums;
            let (class, means) = (class.title(), means.title());
            let line = [engine, version, class, means].join("\t");
            writeln!(text, "kills\t{line}\t{finished}\t{asked}").expect("a string takes all");
        }
        append(&file, &text);
    }
}

/// Appends a line about races: engine, version, rounds of each kind, processes in all, how many
/// of them were killed.
pub(crate) fn races(engine: &str, version: &str, rounds: usize, processes: usize, killed: usize) {
    let Some(file) = std::env::var_os(VARIABLE) else { return };
    append(&file, &format!("races\t{engine}\t{version}\t{rounds}\t{processes}\t{killed}\n"));
}

fn append(file: &std::ffi::OsStr, text: &str) {
    let mut open = OpenOptions::new().create(true).append(true).open(file).expect("it can be made");
    open.write_all(text.as_bytes()).expect("there is room");
}
