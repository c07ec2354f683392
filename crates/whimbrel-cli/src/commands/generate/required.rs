//! A column that becomes required: which value do the rows get that have none in it?

use whimbrel::{
    dialect,
    operation::{Operation, as_change},
    schema::{Column, Conflict, DefaultChange, DefaultValue, Name, PerDatabase, Schema},
};
use whimbrel_migration::{AlterColumn, Backfill, Cell, ColumnChange, rows, set};

use super::{
    open::Open,
    said::{Filling, Said},
    values::read,
};
use crate::{
    failure::{DECISION, Failure, REFUSED, USAGE},
    ui::Ui,
};

/// The operations with the rows filled before their column becomes required.
pub(super) struct Settled {
    pub(super) operations: Vec<Operation>,
    /// The columns that were asked about.
    pub(super) asked: Vec<String>,
    /// Those of which it was said that no row is without a value, where nothing else is given up.
    pub(super) answered: Vec<String>,
    /// Those of which nothing was said, and the positions of the operations that make them required.
    pub(super) open: (Open, Vec<usize>),
}

/// What becomes of the rows without a value.
enum Rows {
    Get(DefaultValue),
    AreNone,
    /// It is decided as any change is that gives something up.
    Undecided,
}

/// Settles every column that becomes required in a table that is there already.
pub(super) fn settle(
    operations: Vec<Operation>,
    before: &Schema,
    said: &Said,
    ui: &mut Ui,
) -> Result<Settled, Failure> {
    let mut schema = before.clone();
    let mut settled_operations: Vec<Operation> = Vec::with_capacity(operations.len());
    let (mut asked, mut answered) = (Vec::new(), Vec::new());
    let (mut open, mut places) = (Vec::new(), Vec::new());
    for operation in operations {
        let mut parts = vec![operation];
        if let [Operation::AlterColumn(alter)] = &*parts
            && let Some(column) = becoming_required(alter, &schema)
        {
            let name = format!("{}.{}", alter.table, alter.column);
            asked.push(name.clone());
            match answer(&name, column, alter, said, ui)? {
                Some(Rows::Get(value)) => parts = filled(alter, value),
                Some(Rows::AreNone) if gives_up_nothing_else(alter, &schema) => {
                    answered.push(name);
                }
                Some(Rows::AreNone | Rows::Undecided) => {}
                None => {
                    let default = match &alter.change.default {
                        Some(change) => matches!(change, DefaultChange::Set(_)),
                        None => column.default.is_some(),
                    };
                    open.push((name, default));
                    // What else is changed is asked about as ever.
                    parts = parted(alter);
                    places.push(settled_operations.len() + parts.len() - 1);
                }
            }
        }
        for part in &parts {
            as_change(part).apply(&mut schema).map_err(|it| unfit(part, &it))?;
        }
        settled_operations.append(&mut parts);
    }
    let open = (unanswered(&open), places);
    Ok(Settled { operations: settled_operations, asked, answered, open })
}

/// The column as it will be, where rows without a value may be there that have to have one.
fn becoming_required<'s>(alter: &AlterColumn, schema: &'s Schema) -> Option<&'s Column> {
    let column = schema.get(&alter.table)?.column_named(&alter.column)?;
    let computed = column.generated.is_some() || alter.change.generated.is_some();
    (alter.change.nullable == Some(false) && column.nullable && !computed).then_some(column)
}

fn answer(
    name: &str,
    column: &Column,
    alter: &AlterColumn,
    said: &Said,
    ui: &mut Ui,
) -> Result<Option<Rows>, Failure> {
    let data_type = alter.change.data_type.as_ref().unwrap_or(&column.data_type);
    match said.value(name) {
        Some(Filling::With(text)) => {
            let value = read(text, data_type).map_err(|why| {
                Failure::new(USAGE, format!("the value for `{name}` {why}"))
                    .note("nothing was written")
            })?;
            return Ok(Some(Rows::Get(value)));
        }
        Some(Filling::NotNeeded) => return Ok(Some(Rows::AreNone)),
        None if said.choice(name).is_some() => return Ok(Some(Rows::Undecided)),
        None if !ui.is_interactive() => return Ok(None),
        None => {}
    }
    let choices = [
        "They get a value …",
        "There are none: leave it out",
        "Something else: to be reviewed, or left out of the database …",
        "Exit: write nothing",
    ]
    .map(str::to_owned);
    let question = format!("Which value do the rows get that have none in `{name}`");
    match ui.choose_with(&question, &choices, 3)? {
        0 => {}
        1 => return Ok(Some(Rows::AreNone)),
        2 => return Ok(Some(Rows::Undecided)),
        _ => return Err(Failure::new(DECISION, "nothing was written")),
    }
    loop {
        let text = ui.read(&format!("Value of `{name}`, of type {data_type}"))?;
        match read(&text, data_type) {
            Ok(value) => return Ok(Some(Rows::Get(value))),
            Err(why) => ui.note(&format!("It {why}.")),
        }
    }
}

/// Everything else first, so that the value is one of the new type, then the rows, then the word.
fn filled(alter: &AlterColumn, value: DefaultValue) -> Vec<Operation> {
    let mut parts = parted(alter);
    let fill: Backfill = rows(alter.table.clone()).set(alter.column.clone(), Cell::Value(value));
    parts.insert(parts.len() - 1, fill.filter(without_value(&alter.column)).into());
    parts
}

/// Everything else, if there is anything, and then the word alone.
fn parted(alter: &AlterColumn) -> Vec<Operation> {
    let part = |change| AlterColumn { change, ..alter.clone() }.into();
    let rest = ColumnChange { nullable: None, ..alter.change.clone() };
    let rest = (rest != set()).then(|| part(rest));
    rest.into_iter().chain([part(set().not_null())]).collect()
}

/// That a row has no value in the column, as each database quotes its name.
fn without_value(column: &str) -> PerDatabase {
    let text = |it: &dialect::Dialect| format!("{} IS NULL", it.quote(column));
    let mut texts = PerDatabase::all(text(&dialect::POSTGRES));
    for known in dialect::ALL {
        if known.text(&texts) != Some(&text(known))
            && let Some(database) = known.databases.last()
        {
            texts.texts.push((*database, text(known)));
        }
    }
    texts
}

/// Whether the change is at nobody's expense but that of rows without a value.
fn gives_up_nothing_else(alter: &AlterColumn, schema: &Schema) -> bool {
    let change = ColumnChange { nullable: None, ..alter.change.clone() };
    as_change(&AlterColumn { change, ..alter.clone() }.into()).gives_up(schema).is_none()
}

fn unfit(operation: &Operation, conflict: &Conflict) -> Failure {
    match operation {
        Operation::Backfill(fill) => {
            let column = fill.set.first().map(|(it, _)| it.as_str()).unwrap_or_default();
            let name = of(&fill.table, column);
            Failure::new(REFUSED, format!("the rows can't get a value in `{name}`"))
                .note(conflict.to_string())
                .note("nothing was written")
                .hint(format!(
                    "say `--no-value {name}`, and write the change of the rows into the migration \
                     before the column becomes required"
                ))
        }
        _ => Failure::new(REFUSED, format!("the operations don't fit: {conflict}")),
    }
}

fn of(table: &Name, column: &str) -> String {
    format!("{table}.{column}")
}

fn unanswered(open: &[(String, bool)]) -> Open {
    let questions = open.iter().map(|(it, has_default)| {
        let default = if *has_default { ", its default or another" } else { "" };
        (it.clone(), format!("which value do they get in `{it}`{default}?"))
    });
    let one = open.first().map(|it| it.0.as_str()).unwrap_or_default();
    Open {
        what: "rows may be there without a value in a column that becomes required",
        questions: questions.collect(),
        ways: format!(
            "`--value {one}=…`, or `--no-value {one}` if every row has one; `--on-destructive \
             {one}=review` lets somebody look before it runs, and `--on-destructive {one}=omit` \
             leaves the database as it is"
        ),
    }
}
