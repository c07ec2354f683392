//! Rows in tables that no transaction covers, such as `MyISAM`'s: a statement that writes there can't
//! share a transaction with its mark, since its effect would stay where the mark is rolled back.

use std::ops::Range;

use super::{
    Planned, Step, Stop, Target,
    plan::{self, Group},
    work::{self, Work},
};
use crate::{
    connection::Row,
    dialect::Dialect,
    sql::{Body, Kind, Transaction, mentions},
};

/// A table that no transaction covers.
pub(super) struct Uncovered {
    namespace: String,
    name: String,
    /// Whether an unqualified name means its namespace.
    is_near: bool,
}

impl Uncovered {
    fn read(row: Row) -> Option<Self> {
        let mut cells = row.into_iter();
        let (namespace, name) = (cells.next()??, cells.next()??);
        let is_near = cells.next().flatten().as_deref() == Some("1");
        Some(Self { namespace, name, is_near })
    }
}

impl Work<'_, '_> {
    /// Whether all steps share one transaction with their marks.
    pub(super) fn is_one_group(&mut self, planned: &Planned) -> Result<bool, Stop> {
        let mut groups = plan::groups(&planned.steps, self.dialect(), 0);
        match (groups.pop(), groups.pop()) {
            (None, _) => Ok(true),
            (Some(Group::Together(range)), None) => {
                let parts = self.apart(&planned.steps, Group::Together(range))?;
                Ok(matches!(parts.as_slice(), [Group::Together(_)]))
            }
            _ => Ok(false),
        }
    }

    /// A group of steps without those that write rows which no transaction covers: each of these
    /// stands alone. The database is asked, now that what stands before them is done.
    pub(super) fn apart(&mut self, steps: &[Step], group: Group) -> Result<Vec<Group>, Stop> {
        let Group::Together(range) = group else { return Ok(vec![group]) };
        let alone = self.uncovered(steps, range.clone())?;
        let mut parts = Vec::new();
        let mut start = range.start;
        for position in alone {
            if start < position {
                parts.push(Group::Together(start..position));
            }
            parts.push(Group::Alone(position));
            start = position + 1;
        }
        if start < range.end || parts.is_empty() {
            parts.push(Group::Together(start..range.end));
        }
        Ok(parts)
    }

    pub(super) fn uncovered(
        &mut self,
        steps: &[Step],
        range: Range<usize>,
    ) -> Result<Vec<usize>, Stop> {
        if !writes_rows(&steps[range.clone()]) {
            return Ok(Vec::new());
        }
        let tables = tables(self.target)?;
        let dialect = self.dialect();
        Ok(range.filter(|it| writes_to_any(dialect, steps, *it, &tables)).collect())
    }
}

/// Says of the steps of plans that are only shown how they would run by what is there now.
pub(super) fn foresee<'p>(
    target: &mut Target<'_>,
    plans: impl IntoIterator<Item = &'p mut Planned>,
) -> Result<(), Stop> {
    let plans: Vec<_> = plans.into_iter().filter(|it| writes_rows(&it.steps)).collect();
    if plans.is_empty() {
        return Ok(());
    }
    let tables = tables(target)?;
    for planned in plans {
        for step in 0..planned.steps.len() {
            if writes_to_any(target.dialect, &planned.steps, step, &tables) {
                planned.steps[step].statement.transaction = Transaction::Forbidden;
            }
        }
    }
    Ok(())
}

fn writes_rows(steps: &[Step]) -> bool {
    steps.iter().any(|it| it.statement.kind == Kind::Rows)
}

/// The tables of the database that no transaction covers, and what writes to them perhaps.
pub(super) fn tables(target: &mut Target<'_>) -> Result<Vec<Uncovered>, Stop> {
    let Some(query) = target.dialect.looking.uncovered else { return Ok(Vec::new()) };
    let tables = target.connection.query(query);
    let tables =
        tables.map_err(|it| work::database("looking for tables that no transaction covers", it))?;
    let mut tables: Vec<Uncovered> = tables.into_iter().filter_map(Uncovered::read).collect();
    let mut speaking: Vec<(Uncovered, String)> = Vec::new();
    // Most databases have none of these tables, and are asked no more.
    for query in target.dialect.looking.speaking.iter().filter(|_| !tables.is_empty()) {
        let rows = target.connection.query(query);
        let rows = rows.map_err(|it| work::database("looking for what writes to tables", it))?;
        speaking.extend(rows.into_iter().filter_map(|mut row| {
            let text = row.pop()??;
            Some((Uncovered::read(row)?, text))
        }));
    }
    spread(target.dialect, &mut tables, speaking);
    Ok(tables)
}

/// Adds what speaks of such a table, and so writes to it perhaps, directly or by way of another.
fn spread(dialect: &Dialect, tables: &mut Vec<Uncovered>, mut speaking: Vec<(Uncovered, String)>) {
    loop {
        let speaks = |text: &str| tables.iter().any(|it| mentions(dialect, text, &it.name));
        let (found, rest): (Vec<_>, Vec<_>) =
            speaking.into_iter().partition(|(_, text)| speaks(text));
        if found.is_empty() {
            return;
        }
        tables.extend(found.into_iter().map(|(it, _)| it));
        speaking = rest;
    }
}

/// The table among these of which a statement speaks.
pub(super) fn spoken_of<'t>(
    dialect: &Dialect,
    text: &str,
    tables: &'t [Uncovered],
) -> Option<&'t str> {
    let says = |name: &str| mentions(dialect, text, name);
    let found = tables.iter().find(|it| says(&it.name) && (it.is_near || says(&it.namespace)));
    found.map(|it| it.name.as_str())
}

fn writes_to_any(dialect: &Dialect, steps: &[Step], step: usize, tables: &[Uncovered]) -> bool {
    let says = |step: &Step, name: &str| match &step.statement.body {
        Body::Text(text) => mentions(dialect, text, name),
        // Each of its statements is looked at when it is asked for.
        Body::Live(_) | Body::Code(_) => false,
        Body::Batches(change) => {
            change.table.name == name || change.table.namespace.as_deref() == Some(name)
        }
    };
    // Another namespace is named with the table, or by a `USE` before it.
    let is_meant =
        |it: &Uncovered| it.is_near || steps[..=step].iter().any(|step| says(step, &it.namespace));
    steps[step].statement.kind == Kind::Rows
        && tables.iter().any(|it| says(&steps[step], &it.name) && is_meant(it))
}
