//! Columns that are computed from one whose type changes, where the database lets no such column change:
//! they go and come again computed, with all that goes with them.

use super::fitting::{column_user, indexes_column};
use crate::{
    dialect::Dialect,
    schema::{Index, NamedColumn, Schema, Table},
    sql::{self, Statement, Unsupported},
};

/// What has to be made anew with a column's type.
#[derive(Debug, Default)]
pub(super) struct Recomputed<'a> {
    /// The computed columns, with their definitions.
    columns: Vec<(&'a NamedColumn, String)>,
    /// The indexes that go with them.
    indexes: Vec<&'a Index>,
}

impl<'a> Recomputed<'a> {
    /// All that is computed from `column`; refused where something leans on it that would not come again
    /// by itself.
    pub(super) fn of(
        dialect: &Dialect,
        schema: &Schema,
        table: &'a Table,
        column: &'a str,
    ) -> Result<Self, Unsupported> {
        let mut all = Self::default();
        let bare = Table { indexes: vec![], ..table.clone() };
        for computed in sql::computed_from(table, column) {
            let name = &computed.name;
            if let Some(user) = column_user(schema, &bare, name) {
                return Err(Unsupported::new(
                    format!("to change the type of `{column}` in `{}`", table.name),
                    format!(
                        "column `{name}` is computed from it and made anew with it, and {user} leans \
                         on that; drop that first, and make it again afterwards"
                    ),
                ));
            }
            let definition = sql::column_definition(dialect, schema, table, computed)?;
            all.columns.push((computed, definition));
        }
        let goes = |it: &&Index| all.columns.iter().any(|(c, _)| indexes_column(it, &c.name));
        let indexes = table.indexes.iter().filter(goes).collect();
        Ok(Self { indexes, ..all })
    }

    /// The change of the type with all of that; nothing else becomes of it where there is none.
    pub(super) fn around(
        &self,
        dialect: &Dialect,
        table: &Table,
        altered: Vec<Statement>,
    ) -> Result<Vec<Statement>, Unsupported> {
        if self.columns.is_empty() {
            return Ok(altered);
        }
        let computed: Vec<(&str, String)> =
            self.columns.iter().map(|(it, text)| (it.name.as_str(), text.clone())).collect();
        let mut altered = altered.into_iter();
        let mut all: Vec<Statement> = altered
            .next()
            .map(|it| sql::recomputing(dialect, &table.name, it, &computed))
            .into_iter()
            .chain(altered)
            .collect();
        for (it, _) in &self.columns {
            let comment = it.column.comment.as_ref();
            let said = comment
                .and_then(|_| sql::comment_on_column(dialect, &table.name, &it.name, comment));
            all.extend(said);
            all.extend(sql::tell_column_options(dialect, &table.name, it)?);
        }
        for index in &self.indexes {
            all.push(sql::create_index(dialect, table, index)?);
        }
        Ok(all)
    }
}
