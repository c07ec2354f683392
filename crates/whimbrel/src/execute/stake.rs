//! What taking migrations back would lose, as far as it is there: looked for, never counted.

use std::fmt;

use super::{
    Stake, Stop, Undo,
    work::{self, Work},
};
use crate::{
    connection::Trouble,
    dialect::{After, Dialect, Object},
    sql::Statement,
};

/// What taking a migration back would lose.
#[derive(Default)]
pub(super) struct AtStake {
    /// In words; a table that isn't there or is empty loses nothing.
    pub lost: Vec<String>,
    /// Whether a table has another name by now, which a migration that is to be taken back first
    /// gave it.
    pub hidden: bool,
}

/// Looks for rows and values that these would lose.
pub(super) fn at_stake(work: &mut Work<'_, '_>, undo: &[Undo]) -> Result<AtStake, Stop> {
    let mut found = AtStake::default();
    for stake in undo.iter().flat_map(stakes) {
        if is_computed(work, &stake)? {
            continue;
        }
        let query = any_row(work.dialect(), &stake);
        match work.target.connection.query(&query) {
            Ok(rows) if rows.is_empty() => {}
            Ok(_) => {
                let rows = estimate(work, &stake);
                found.lost.push(in_words(&stake, rows));
            }
            Err(error) if error.trouble == Trouble::Statement => found.hidden = true,
            Err(error) => return Err(work::database("looking for rows at stake", error)),
        }
    }
    Ok(found)
}

/// What was said to be at stake, and what the statements themselves say that they drop.
fn stakes(undo: &Undo) -> Vec<Stake> {
    let mut stakes = undo.stakes.clone();
    for statement in undo.statements.iter().flatten() {
        let dropped = dropped(statement).into_iter().flatten().filter_map(|it| match it {
            Object::Table(table) => Some(Stake { table: table.clone(), column: None }),
            Object::Column(table, column) => {
                Some(Stake { table: table.clone(), column: Some(column.clone()) })
            }
            Object::Index(..)
            | Object::ForeignKey(..)
            | Object::Constraint(..)
            | Object::PrimaryKey(_)
            | Object::LoneIndex(..)
            | Object::Type(_)
            | Object::Namespace(_)
            | Object::View(_)
            | Object::MaterializedView(_)
            | Object::Routine(_)
            | Object::EnumValue(..)
            | Object::Partition(..)
            | Object::AutoUpdate(..)
            | Object::Function(_)
            | Object::Leftovers(_) => None,
        });
        for stake in dropped {
            if !stakes.contains(&stake) {
                stakes.push(stake);
            }
        }
    }
    stakes
}

/// What a statement drops, where it does nothing else: a rename leaves something behind too.
pub(super) fn dropped(statement: &Statement) -> Option<Vec<&Object>> {
    let absent = |it: &crate::dialect::Look| it.after == After::Absent;
    let all = !statement.looks.is_empty() && statement.looks.iter().all(absent);
    all.then(|| statement.looks.iter().map(|it| &it.object).collect())
}

/// Whether it is a column that the database computes, and can compute again.
fn is_computed(work: &mut Work<'_, '_>, stake: &Stake) -> Result<bool, Stop> {
    let Some(column) = &stake.column else { return Ok(false) };
    let object = Object::Column(stake.table.clone(), column.clone());
    let query = work.dialect().look_query(&object);
    let rows = work.ask("looking at the catalog", &query)?;
    Ok(rows.first().and_then(|it| it.get(3)).is_some_and(Option::is_some))
}

fn any_row(dialect: &Dialect, stake: &Stake) -> String {
    let table = dialect.quote_name(&stake.table);
    match &stake.column {
        None => format!("SELECT 1 FROM {table} LIMIT 1"),
        Some(column) => {
            format!("SELECT 1 FROM {table} WHERE {} IS NOT NULL LIMIT 1", dialect.quote(column))
        }
    }
}

/// How many rows the catalog thinks that the table has. It is for people only, so a catalog that
/// doesn't say it, or doesn't say it to this role, is no failure.
fn estimate(work: &mut Work<'_, '_>, stake: &Stake) -> Option<u64> {
    let query = (work.dialect().looking.estimate)(work.dialect(), &stake.table);
    let rows = work.target.connection.query(&query).ok()?;
    let text = rows.into_iter().flatten().next().flatten()?;
    text.parse().ok().filter(|it| *it > 0)
}

fn in_words(stake: &Stake, rows: Option<u64>) -> String {
    match (rows, &stake.column) {
        (None, _) => stake.to_string(),
        (Some(rows), None) => format!("{stake} (about {})", about(rows)),
        (Some(rows), Some(_)) => format!("{stake} (about {} rows)", about(rows)),
    }
}

/// Two digits that count, as an estimate deserves, in groups of three.
fn about(number: u64) -> String {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    let rounded = (number + unit / 2) / unit * unit;
    let digits = rounded.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Stops if something would be lost.
pub(super) fn stop_if_lost(mut lost: Vec<String>) -> Result<(), Stop> {
    lost.dedup();
    if lost.is_empty() { Ok(()) } else { Err(Stop::DataAtStake { stakes: lost }) }
}

impl fmt::Display for Stake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            None => write!(f, "the rows of `{}`", self.table),
            Some(column) => write!(f, "the values of `{column}` in `{}`", self.table),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_told_with_the_digits_that_it_deserves() {
        let told = [1, 99, 100, 1_234, 12_034, 999_500, 12_345_678].map(about);
        assert_eq!(told, ["1", "99", "100", "1,200", "12,000", "1,000,000", "12,000,000"]);
    }
}
