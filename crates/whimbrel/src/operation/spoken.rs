//! The texts of a table in which the user speaks SQL: checks, indexes, computed columns, defaults.

use whimbrel_migration::PerDatabase;

use crate::{
    dialect::{Dialect, POSTGRES},
    schema::{ColumnType, Conflict, DefaultValue, Name, Table},
    sql,
};

/// Where such a text stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot<'a> {
    Check(&'a str),
    Index(&'a str),
    Computed(&'a str),
    /// The default of a column of this type.
    Default(&'a str, &'a ColumnType),
}

impl Spot<'_> {
    /// "check `a` of `users`".
    pub(super) fn of(self, table: &Name) -> String {
        match self {
            Self::Check(it) => format!("check `{it}` of `{table}`"),
            Self::Index(it) => format!("index `{it}` of `{table}`"),
            Self::Computed(it) => format!("what column `{it}` of `{table}` is computed from"),
            Self::Default(it, _) => format!("the default of `{it}` in `{table}`"),
        }
    }
}

/// What changes a text, with the dialect by whose rules it is read.
pub(super) type Change<'c> =
    dyn FnMut(Spot<'_>, &Dialect, &mut String) -> Result<(), Conflict> + 'c;

/// Changes every text of a table.
pub(super) fn each_text(table: &mut Table, change: &mut Change<'_>) -> Result<(), Conflict> {
    let mut each = |spot: Spot<'_>, texts: &mut PerDatabase| {
        sql::each_text_as_read(texts, |reader, text| change(spot, reader, text))
    };
    for named in &mut table.columns {
        let column = &mut named.column;
        if let Some(generated) = &mut column.generated {
            each(Spot::Computed(&named.name), &mut generated.expression)?;
        }
        if let Some(DefaultValue::Sql(texts)) = &mut column.default {
            each(Spot::Default(&named.name, &column.data_type), texts)?;
        }
    }
    for check in &mut table.checks {
        each(Spot::Check(&check.name), &mut check.condition)?;
    }
    for index in &mut table.indexes {
        for expression in index.columns.iter_mut().filter_map(|it| it.expression.as_mut()) {
            each(Spot::Index(&index.name), expression)?;
        }
    }
    for index in &mut table.indexes {
        if let Some(filter) = &mut index.filter {
            change(Spot::Index(&index.name), &POSTGRES, filter)?;
        }
    }
    Ok(())
}
