//! A new column that every row must have a value in: which do the rows get that are there? Columns
//! that become required are for [`super::required`].

use std::collections::BTreeSet;

use whimbrel::{
    diagnostic::did_you_mean,
    operation::{Hazard, Operation, as_change},
    schema::{ColumnType, DefaultValue, Name, PerDatabase, Schema},
};
use whimbrel_migration::{AddColumn, AlterColumn, set};

use super::{
    open::Open,
    said::{Filling, Said},
};
use crate::{
    failure::{DECISION, Failure, REFUSED, USAGE},
    ui::Ui,
};

/// The operations with such columns filled: each is added with its value as the default, which goes
/// again at once, so that no database ever has a row without a value.
pub(super) fn fill(
    operations: Vec<Operation>,
    before: &Schema,
    said: &Said,
    settled: &[String],
    ui: &mut Ui,
) -> Result<(Vec<Operation>, Open), Failure> {
    let asked = asked(&operations, before)?;
    answers_something(&asked, settled, said)?;
    let mut open = Vec::new();
    let mut filled = Vec::with_capacity(operations.len());
    for (position, operation) in operations.into_iter().enumerate() {
        let Operation::AddColumn(add) = operation else {
            filled.push(operation);
            continue;
        };
        if !asked.contains(position) {
            filled.push(add.into());
            continue;
        }
        let name = format!("{}.{}", add.table, add.name);
        let value = match said.value(&name) {
            Some(Filling::With(text)) => {
                Some(read(text, &add.column.data_type).map_err(|why| {
                    Failure::new(USAGE, format!("the value for `{name}` {why}"))
                        .note("nothing was written")
                })?)
            }
            Some(Filling::NotNeeded) => None,
            None if ui.is_interactive() => ask(&name, &add.column.data_type, ui)?,
            None => {
                open.push(name);
                None
            }
        };
        filled.extend(once(add, value));
    }
    Ok((filled, unanswered(&open)))
}

/// The column with a default that is there for its rows alone.
fn once(mut add: AddColumn, value: Option<DefaultValue>) -> Vec<Operation> {
    let Some(value) = value else { return vec![add.into()] };
    add.column.default = Some(value);
    let (table, column) = (add.table.clone(), add.name.clone());
    vec![add.into(), AlterColumn { table, column, change: set().no_default() }.into()]
}

/// The operations that are asked about.
struct Asked(Vec<(usize, String)>);

impl Asked {
    fn contains(&self, position: usize) -> bool {
        self.0.iter().any(|(it, _)| *it == position)
    }
}

/// New columns of tables that are there already, which rows would be refused for.
fn asked(operations: &[Operation], before: &Schema) -> Result<Asked, Failure> {
    let mut schema = before.clone();
    let mut made: BTreeSet<Name> = BTreeSet::new();
    let mut asked = Vec::new();
    for (position, operation) in operations.iter().enumerate() {
        match operation {
            Operation::CreateTable(it) => {
                made.insert(it.table.name.clone());
            }
            Operation::AddColumn(it) if !made.contains(&it.table) => {
                if let Some(Hazard::DependsOnRows(_)) = as_change(operation).hazard(&schema) {
                    asked.push((position, format!("{}.{}", it.table, it.name)));
                }
            }
            _ => {}
        }
        as_change(operation)
            .apply(&mut schema)
            .map_err(|it| Failure::new(REFUSED, format!("the operations don't fit: {it}")))?;
    }
    Ok(Asked(asked))
}

/// Refuses values for columns that these operations need none in.
pub(super) fn all_asked(
    operations: &[Operation],
    before: &Schema,
    said: &Said,
) -> Result<(), Failure> {
    let required = operations.iter().filter_map(|it| match it {
        Operation::AlterColumn(it) if it.change.nullable == Some(false) => {
            Some(format!("{}.{}", it.table, it.column))
        }
        _ => None,
    });
    answers_something(&asked(operations, before)?, &required.collect::<Vec<_>>(), said)
}

fn answers_something(asked: &Asked, settled: &[String], said: &Said) -> Result<(), Failure> {
    let names = || asked.0.iter().map(|(_, it)| it).chain(settled).map(String::as_str);
    let Some(idle) = said.valued()?.into_iter().find(|it| names().all(|one| one != *it)) else {
        return Ok(());
    };
    let message = format!("there is a value for `{idle}`, and nothing asks for one");
    let mut failure = Failure::new(USAGE, message).note("nothing was written");
    failure.hint =
        did_you_mean(idle, names()).map(|it| format!("did you mean `{it}`?")).or_else(|| {
            let words = "a column asks for a value that is new and required and has no default, or \
                         that becomes required, where its table is there already";
            Some(words.to_owned())
        });
    Err(failure)
}

fn unanswered(open: &[String]) -> Open {
    let one = open.first().map(String::as_str).unwrap_or_default();
    let question = |it: &String| (it.clone(), format!("which value do they get in `{it}`?"));
    Open {
        what: "rows that are there need a value in a new column",
        questions: open.iter().map(question).collect(),
        ways: format!(
            "`--value {one}=…`, or `--no-value {one}` if the table has no rows; or give the field a \
             default in the schema"
        ),
    }
}

fn ask(name: &str, data_type: &ColumnType, ui: &mut Ui) -> Result<Option<DefaultValue>, Failure> {
    let choices = [
        "They get a value, now and never again …",
        "There are none: leave it out",
        "Exit: write nothing",
    ]
    .map(str::to_owned);
    let question = format!("Which value do the rows that are there get in `{name}`");
    match ui.choose_with(&question, &choices, 2)? {
        0 => {}
        1 => return Ok(None),
        _ => return Err(Failure::new(DECISION, "nothing was written")),
    }
    loop {
        let text = ui.read(&format!("Value of `{name}`, of type {data_type}"))?;
        match read(&text, data_type) {
            Ok(value) => return Ok(Some(value)),
            Err(why) => ui.note(&format!("It {why}.")),
        }
    }
}

/// The value that a text stands for in a column of this type, or what it is instead.
pub(super) fn read(text: &str, data_type: &ColumnType) -> Result<DefaultValue, String> {
    use ColumnType as T;
    if let Some(sql) = text.trim().strip_prefix("sql(").and_then(|it| it.strip_suffix(')')) {
        return Ok(DefaultValue::Sql(PerDatabase::all(sql.trim())));
    }
    let integer = |least: i64, greatest: i64| match text.trim().parse::<i64>() {
        Ok(number) if (least..=greatest).contains(&number) => Ok(DefaultValue::Integer(number)),
        Ok(_) => Err(format!("is out of the range of {data_type}: `{text}`")),
        Err(_) => Err(format!("has to be a whole number, and is `{text}`")),
    };
    match data_type.unspelled() {
        T::Smallint => integer(i16::MIN.into(), i16::MAX.into()),
        T::Integer | T::Serial => integer(i32::MIN.into(), i32::MAX.into()),
        T::Bigint | T::Bigserial => integer(i64::MIN, i64::MAX),
        T::Boolean => match text.trim() {
            "true" => Ok(DefaultValue::Boolean(true)),
            "false" => Ok(DefaultValue::Boolean(false)),
            _ => Err(format!("has to be `true` or `false`, and is `{text}`")),
        },
        T::Float | T::Double | T::Decimal { .. } => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(DefaultValue::Text(text.trim().to_owned())),
            _ => Err(format!("has to be a number, and is `{text}`")),
        },
        T::Date | T::Time | T::Timestamp | T::Timestamptz if text.trim() == "now()" => {
            Ok(DefaultValue::Now)
        }
        T::Uuid if text.trim() == "new_uuid()" => Ok(DefaultValue::NewUuid),
        T::Varchar { length } if text.chars().count() > *length as usize => {
            Err(format!("has more than {length} characters"))
        }
        _ => Ok(DefaultValue::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel_migration::{boolean, decimal, integer, smallint, timestamp, uuid, varchar};

    #[test]
    fn a_value_is_read_as_its_column_takes_it() {
        let text = |it: &str| Ok(DefaultValue::Text(it.to_owned()));
        assert_eq!(read("7", &integer()), Ok(DefaultValue::Integer(7)));
        assert_eq!(read("7", &varchar(3)), text("7"));
        assert_eq!(read(" 0.10 ", &decimal(4, 2)), text("0.10"));
        assert_eq!(read("true", &boolean()), Ok(DefaultValue::Boolean(true)));
        assert_eq!(read("now()", &timestamp()), Ok(DefaultValue::Now));
        assert_eq!(read("new_uuid()", &uuid()), Ok(DefaultValue::NewUuid));
        assert_eq!(read("now()", &varchar(9)), text("now()"));
        let sql = Ok(DefaultValue::Sql(PerDatabase::all("1 + 1")));
        assert_eq!(read("sql(1 + 1)", &integer()), sql);
        let wrong =
            [("x", integer()), ("40000", smallint()), ("yes", boolean()), ("NaN", decimal(4, 2))];
        for (text, data_type) in wrong {
            assert!(read(text, &data_type).is_err(), "{text}");
        }
        assert!(read("long", &varchar(3)).is_err());
    }
}
