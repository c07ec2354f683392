//! What operations on enums share.

use whimbrel_migration::{AddCheck, AddForeignKey, AddIndex, DropCheck, DropForeignKey, DropIndex};

use super::{
    Operation, Reduced, Span, folding,
    spoken::{self, Spot},
};
use crate::{
    dialect::{Dialect, ForeignKeys},
    schema::{ColumnType, Conflict, DefaultValue, Name, NamedColumn, Schema, Table},
    sql::{self, Alteration, Statement, Unsupported},
};

/// The values of an enum, or that there is none.
pub(super) fn values_of<'a>(schema: &'a Schema, name: &Name) -> Result<&'a [String], Conflict> {
    let values = schema.enums.get(name).map(Vec::as_slice);
    values.ok_or_else(|| Conflict::EnumMissing { name: name.clone() })
}

/// Refuses values of which there are none, or one twice.
pub(super) fn check_values(name: &Name, values: &[String]) -> Result<(), Conflict> {
    if values.is_empty() {
        return Err(Conflict::EnumEmpty { name: name.clone() });
    }
    match values.iter().enumerate().find(|(at, it)| values[..*at].contains(it)) {
        None => Ok(()),
        Some((_, twice)) => {
            Err(Conflict::EnumValueExists { name: name.clone(), value: twice.clone() })
        }
    }
}

/// `` `new`, `paid` ``.
pub(super) fn listed(values: &[String]) -> String {
    values.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// Gives an enum these values, in the types of all its columns too.
pub(super) fn set_values(
    schema: &mut Schema,
    name: &Name,
    values: &[String],
) -> Result<(), Conflict> {
    change(schema, name, |(_, own)| *own = values.to_vec())?;
    schema.enums.insert(name.clone(), values.to_vec());
    Ok(())
}

/// Changes the types of all columns that are of an enum.
pub(super) fn change(
    schema: &mut Schema,
    name: &Name,
    mut change: impl FnMut((&mut Name, &mut Vec<String>)),
) -> Result<(), Conflict> {
    let mut tables: Vec<Name> =
        schema.columns_of(name).map(|(table, _)| table.name.clone()).collect();
    tables.dedup();
    for table in tables {
        for named in &mut schema.table_mut(&table)?.columns {
            if let Some(own) = named.column.data_type.enumeration_mut()
                && own.0 == name
            {
                change(own);
            }
        }
    }
    Ok(())
}

/// Changes the user's own SQL in every table.
pub(super) fn change_texts(
    schema: &mut Schema,
    mut change: impl FnMut(&Table, Spot<'_>, &Dialect, &mut String) -> Result<(), Conflict>,
) -> Result<(), Conflict> {
    let mut changed = Vec::new();
    for table in schema.tables() {
        let mut new = table.clone();
        spoken::each_text(&mut new, &mut |spot, reader, text| change(table, spot, reader, text))?;
        if new != *table {
            changed.push(new);
        }
    }
    for table in changed {
        let name = table.name.clone();
        *schema.table_mut(&name)? = table;
    }
    Ok(())
}

/// Where two schemas first differ, in words; `None` where they don't.
pub(super) fn difference(one: &Schema, other: &Schema) -> Option<String> {
    let table = one.tables().find(|it| other.get(&it.name) != Some(it));
    let default = || one.defaults.iter().find(|(name, it)| other.defaults.get(*name) != Some(it));
    match table {
        Some(table) => Some(format!("table `{}`", table.name)),
        None => default().map(|(name, _)| format!("the default `{name}`")),
    }
}

/// Refuses values among which the default of a column isn't.
pub(super) fn check_defaults(
    schema: &Schema,
    name: &Name,
    values: &[String],
) -> Result<(), Conflict> {
    for (table, named) in schema.columns_of(name) {
        if let (Some(DefaultValue::Text(value)), ColumnType::Enum { .. }) =
            (&named.column.default, named.column.data_type.unspelled())
            && !values.contains(value)
        {
            return Err(Conflict::EnumValueInUse {
                name: name.clone(),
                value: value.clone(),
                table: table.name.clone(),
                column: named.name.clone(),
            });
        }
    }
    Ok(())
}

/// What an operation on this enum and the next one come to: nothing is left of it where the next one
/// drops the enum.
pub(super) fn reduce(first: &Operation, name: &Name, next: &Operation) -> Reduced {
    match next {
        Operation::DropEnum(it) if it.enumeration == *name => Reduced::To(vec![next.clone()]),
        next => folding::apart(first, next),
    }
}

/// The columns of an enum by their tables.
fn by_table<'a>(schema: &'a Schema, name: &'a Name) -> Vec<(&'a Table, Vec<&'a NamedColumn>)> {
    let mut all: Vec<(&Table, Vec<&NamedColumn>)> = Vec::new();
    for (table, named) in schema.columns_of(name) {
        match all.last_mut() {
            Some((last, columns)) if last.name == table.name => columns.push(named),
            _ => all.push((table, vec![named])),
        }
    }
    all
}

/// Says the columns of an enum again whose definitions have its values, a statement for each table.
pub(super) fn restate(
    dialect: &Dialect,
    span: Span<'_>,
    name: &Name,
) -> Result<Vec<Statement>, Unsupported> {
    let around = pinning(dialect, span.after, name);
    around.statements(dialect, span, |within| each_restated(dialect, within, name, false))
}

/// The foreign keys that keep columns of an enum from getting another type here.
pub(super) fn pinning(dialect: &Dialect, schema: &Schema, name: &Name) -> Around {
    match dialect.foreign_keys {
        ForeignKeys::Clauses { pins_types: true, .. } => keys_of(schema, name),
        ForeignKeys::Clauses { .. } | ForeignKeys::Rebuild => Around::default(),
    }
}

/// The same with the defaults that the columns have by then, where nothing is in the way.
pub(super) fn restate_with_defaults(
    dialect: &Dialect,
    span: Span<'_>,
    name: &Name,
) -> Result<Vec<Statement>, Unsupported> {
    each_restated(dialect, span, name, true)
}

fn each_restated(
    dialect: &Dialect,
    span: Span<'_>,
    name: &Name,
    with_defaults: bool,
) -> Result<Vec<Statement>, Unsupported> {
    let mut statements = Vec::new();
    for (table, columns) in by_table(span.after, name) {
        let mut alterations = Vec::new();
        for named in columns {
            let old = span.before.get(&table.name);
            let was = old.and_then(|it| it.columns.iter().find(|it| it.name == named.name));
            let Some(was) = was else { continue };
            let mut alteration = restated(dialect, was, named)?;
            if with_defaults && was.column.default != named.column.default {
                alteration.default = Some(sql::catalog_default(dialect, span.after, named)?);
            }
            alterations.push(alteration);
        }
        statements.extend(sql::alter_columns(dialect, &table.name, alterations));
    }
    Ok(statements)
}

fn restated(
    dialect: &Dialect,
    was: &NamedColumn,
    named: &NamedColumn,
) -> Result<Alteration, Unsupported> {
    let spelled = dialect.type_text(&named.column.data_type)?;
    let retyped = dialect.type_text(&was.column.data_type)? != spelled;
    let clause = sql::values_clause(dialect, named);
    let reclaused = sql::values_clause(dialect, was) != clause;
    Ok(Alteration {
        column: named.name.clone(),
        data_type: retyped.then_some(spelled),
        values: reclaused.then_some(clause),
        ends_nullable: named.column.nullable,
        ..Alteration::default()
    })
}

/// What goes before columns get another type, and comes again afterwards.
#[derive(Default)]
pub(super) struct Around {
    pub(super) before: Vec<Operation>,
    pub(super) after: Vec<Operation>,
}

impl Around {
    /// What leans on a column of the enum by its values, as conditions and expressions do.
    fn leaning(schema: &Schema, name: &Name) -> Self {
        let mut around = keys_of(schema, name);
        for (table, columns) in by_table(schema, name) {
            let any = |speaks: &dyn Fn(&str) -> bool| columns.iter().any(|it| speaks(&it.name));
            for check in &table.checks {
                if any(&|it| sql::speaks_of(&check.condition, it)) {
                    let (table, of) = (table.name.clone(), check.name.clone());
                    around.before.push(DropCheck { table: table.clone(), check: of }.into());
                    around.after.push(AddCheck { table, check: check.clone() }.into());
                }
            }
            for index in &table.indexes {
                let texts: Vec<&str> = index.expressions().chain(index.filter.as_deref()).collect();
                if any(&|it| texts.iter().any(|text| sql::names_column(text, it))) {
                    let (table, of) = (table.name.clone(), index.name.clone());
                    around.before.push(DropIndex { table: table.clone(), index: of }.into());
                    around.after.push(AddIndex { table, index: index.clone() }.into());
                }
            }
        }
        around
    }

    /// The statements of all of it, with those of `inside` between.
    pub(super) fn statements(
        &self,
        dialect: &Dialect,
        span: Span<'_>,
        inside: impl FnOnce(Span<'_>) -> Result<Vec<Statement>, Unsupported>,
    ) -> Result<Vec<Statement>, Unsupported> {
        let (mut all, before) = done(dialect, &self.before, span.before)?;
        let (_, after) = done(dialect, &self.before, span.after)?;
        all.extend(inside(Span { before: &before, after: &after })?);
        let (behind, _) = done(dialect, &self.after, &after)?;
        all.extend(behind);
        Ok(all)
    }
}

/// The statements of operations in a row, and the schema that they leave.
pub(super) fn done(
    dialect: &Dialect,
    operations: &[Operation],
    start: &Schema,
) -> Result<(Vec<Statement>, Schema), Unsupported> {
    let (mut statements, mut schema) = (Vec::new(), start.clone());
    for operation in operations {
        let before = schema.clone();
        let change = super::as_change(operation);
        change.apply(&mut schema).map_err(|it| super::unfit(&it))?;
        statements.extend(change.sql(dialect, Span { before: &before, after: &schema })?);
    }
    Ok((statements, schema))
}

/// The foreign keys over columns of the enum, on either side.
fn keys_of(schema: &Schema, name: &Name) -> Around {
    let mut around = Around::default();
    let is_one = |table: &Name, column: &String| {
        let column = schema.get(table).and_then(|it| it.column_named(column));
        column.and_then(|it| it.data_type.enumeration()).is_some_and(|(it, _)| it == name)
    };
    for table in schema.tables() {
        for key in &table.foreign_keys {
            let targets = schema.target_columns(key).unwrap_or_default();
            let ties = key.columns.iter().any(|it| is_one(&table.name, it))
                || targets.iter().any(|it| is_one(&key.table, it));
            if ties {
                let (table, of) = (table.name.clone(), key.name.clone());
                around.before.push(DropForeignKey { table: table.clone(), foreign_key: of }.into());
                around.after.push(AddForeignKey { table, foreign_key: key.clone() }.into());
            }
        }
    }
    around
}

/// A type in the place of the old one, to which all columns change by way of their texts: values of
/// a type can be added and renamed and nothing else (PostgreSQL, "ALTER TYPE").
pub(super) fn swap(
    dialect: &Dialect,
    span: Span<'_>,
    name: &Name,
    values: &[String],
) -> Result<Vec<Statement>, Unsupported> {
    for (table, columns) in by_table(span.after, name) {
        for named in columns {
            let computed = sql::computed_from(table, &named.name).next();
            let computed = computed.or(named.column.generated.is_some().then_some(named));
            if let Some(computed) = computed {
                return Err(Unsupported::new(
                    format!("to take values from enum `{name}` or to put them in another order"),
                    format!(
                        "column `{}` of `{}` is computed, and `{}` would get another type for \
                         that; drop the computed column, change the enum, and add it again",
                        computed.name, table.name, named.name
                    ),
                ));
            }
        }
    }
    Around::leaning(span.after, name).statements(dialect, span, |within| {
        let mut inside = Vec::new();
        for (table, columns) in by_table(within.after, name) {
            let mut alterations = Vec::new();
            for named in columns {
                let column = &named.column;
                let own = dialect.own_type(&column.data_type);
                if own.enumeration().is_none() {
                    continue;
                }
                let quoted = dialect.quote(&named.name);
                alterations.push(Alteration {
                    column: named.name.clone(),
                    data_type: Some(dialect.type_text(&own)?),
                    using: (dialect.types.conversion)(&quoted, &own, &own),
                    default: sql::catalog_default(dialect, within.after, named)?.map(Some),
                    ends_nullable: column.nullable,
                    ..Alteration::default()
                });
            }
            inside.extend(sql::alter_columns(dialect, &table.name, alterations));
        }
        sql::swap_enum(dialect, name, values, inside)
    })
}
