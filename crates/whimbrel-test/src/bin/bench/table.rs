//! The table that is printed: what was measured, against what, and what it was to be.

use std::{fmt, time::Duration};

/// One line.
struct Line {
    engine: String,
    what: String,
    figure: String,
    limit: String,
    beside: String,
    reached: bool,
}

/// What was measured.
#[derive(Default)]
pub(crate) struct Table(Vec<Line>);

impl Table {
    /// Adds what takes `ratio` times something else, and was to take `limit` times at the most.
    pub(crate) fn ratio(
        &mut self,
        engine: &str,
        what: &str,
        (ratio, limit): (f64, f64),
        beside: String,
    ) {
        self.0.push(Line {
            engine: engine.to_owned(),
            what: what.to_owned(),
            figure: format!("{ratio:.2} ×"),
            limit: format!("≤ {limit:.2} ×"),
            beside,
            reached: ratio <= limit,
        });
    }

    /// Adds a figure with a unit, and its limit.
    pub(crate) fn figure(&mut self, engine: &str, what: &str, (is, limit): (f64, f64), unit: &str) {
        self.0.push(Line {
            engine: engine.to_owned(),
            what: what.to_owned(),
            figure: format!("{is:.1} {unit}"),
            limit: format!("≤ {limit:.0} {unit}"),
            beside: String::new(),
            reached: is <= limit,
        });
    }

    /// Whether every limit was kept.
    pub(crate) fn all_reached(&self) -> bool {
        self.0.iter().all(|it| it.reached)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| engine | measured | result | target | |")?;
        writeln!(f, "|---|---|---|---|---|")?;
        for line in &self.0 {
            let Line { engine, what, figure, limit, beside, reached } = line;
            let missed = if *reached { "" } else { " MISSED" };
            writeln!(f, "| {engine} | {what} | {figure} | {limit}{missed} | {beside} |")?;
        }
        Ok(())
    }
}

/// The middle of some durations, in milliseconds.
pub(crate) fn median(durations: impl IntoIterator<Item = Duration>) -> f64 {
    middle(durations.into_iter().map(|it| it.as_secs_f64() * 1000.0).collect())
}

/// The middle of some numbers; between the two middle ones where their count is even.
pub(crate) fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => numbers[count / 2],
        count => f64::midpoint(numbers[count / 2 - 1], numbers[count / 2]),
    }
}
