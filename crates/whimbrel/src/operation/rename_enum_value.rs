//! Giving a value of an enum another name.

use whimbrel_migration::{
    AddCheck, AddEnumValue, AddIndex, AlterColumn, ColumnChange, DropCheck, DropIndex,
    RenameEnumValue, set,
};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    enumeration::{self, Around},
    folding,
    spoken::Spot,
};
use crate::{
    dialect::{Dialect, Enums},
    schema::{
        Check, ColumnType, Conflict, DefaultChange, DefaultValue, GeneratedChange, Index,
        NamedColumn, Schema, Table,
    },
    sql::{self, Alteration, EnumRows, OfEnum, Statement, TableEdit, Unsupported, ValueRename},
};

impl Change for RenameEnumValue {
    fn describe(&self) -> String {
        format!("Rename value `{}` of enum `{}` to `{}`", self.from, self.enumeration, self.to)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let renamed = followed(self, schema)?;
        let spoken_of = |place: String| {
            let (name, value) = (self.enumeration.clone(), self.to.clone());
            Conflict::EnumValueSpokenOf { name, value, place }
        };
        // What says the new name already would say the old one when this is taken back.
        let back = match followed(&back(self), &renamed) {
            Err(Conflict::EnumValueUnclear { place, .. }) => return Err(spoken_of(place)),
            other => other?,
        };
        if let Some(place) = enumeration::difference(schema, &back) {
            return Err(spoken_of(place));
        }
        *schema = renamed;
        Ok(())
    }

    fn inverse(&self, _before: &Schema) -> Result<Inverse, Conflict> {
        Ok(Inverse::Operations(vec![back(self).into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::RenameEnumValue(next)
                if next.enumeration == self.enumeration && next.from == self.to =>
            {
                folding::to_unless(next.to == self.from, || {
                    Self { from: self.from.clone(), ..next.clone() }.into()
                })
            }
            next => enumeration::reduce(&self.clone().into(), &self.enumeration, next),
        }
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        None
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        check_own_types(self, dialect, span.after)?;
        match dialect.types.enums {
            Enums::Types => {
                sql::rename_enum_value(dialect, &self.enumeration, &self.from, &self.to)
                    .map(|it| vec![it])
            }
            Enums::Inline => inline(self, dialect, span),
            Enums::Checks => checked(self, dialect, span),
        }
    }
}

fn back(it: &RenameEnumValue) -> RenameEnumValue {
    let (from, to) = (it.to.clone(), it.from.clone());
    RenameEnumValue { from, to, enumeration: it.enumeration.clone() }
}

/// The values with the new name in the place of the old one.
pub(super) fn with(it: &RenameEnumValue, values: &[String]) -> Result<Vec<String>, Conflict> {
    let name = || it.enumeration.clone();
    if values.contains(&it.to) {
        return Err(Conflict::EnumValueExists { name: name(), value: it.to.clone() });
    }
    let mut values = values.to_vec();
    match values.iter_mut().find(|value| **value == it.from) {
        Some(value) => value.clone_from(&it.to),
        None => {
            return Err(Conflict::EnumValueMissing { name: name(), value: it.from.clone() });
        }
    }
    Ok(values)
}

/// What a column is to the enum.
fn of_enum(it: &RenameEnumValue, data_type: &ColumnType) -> OfEnum {
    match data_type.enumeration() {
        Some((name, _)) if *name == it.enumeration => match data_type.unspelled() {
            ColumnType::Array { .. } => OfEnum::Lists,
            _ => OfEnum::Values,
        },
        _ => OfEnum::Others,
    }
}

/// The schema in which the value has its new name, also in defaults and in the user's own SQL.
fn followed(it: &RenameEnumValue, schema: &Schema) -> Result<Schema, Conflict> {
    let values = with(it, enumeration::values_of(schema, &it.enumeration)?)?;
    let unclear = |place: String| Conflict::EnumValueUnclear {
        name: it.enumeration.clone(),
        value: it.from.clone(),
        place,
    };
    let mut renamed = schema.clone();
    enumeration::set_values(&mut renamed, &it.enumeration, &values)?;
    let rename_in = |table: &Table, whole, reader: &Dialect, text: &str| {
        let columns: Vec<(&str, OfEnum)> = table
            .columns
            .iter()
            .map(|named| (named.name.as_str(), of_enum(it, &named.column.data_type)))
            .collect();
        let rename = ValueRename {
            enumeration: &it.enumeration,
            from: &it.from,
            to: &it.to,
            columns: &columns,
            whole,
        };
        sql::rename_value_in(reader, text, &rename)
    };
    enumeration::change_texts(&mut renamed, |table, spot, reader, text| {
        let whole = match spot {
            Spot::Default(_, data_type) => of_enum(it, data_type),
            Spot::Check(_) | Spot::Index(_) | Spot::Computed(_) => OfEnum::Others,
        };
        *text =
            rename_in(table, whole, reader, text).ok_or_else(|| unclear(spot.of(&table.name)))?;
        Ok(())
    })?;
    let using: Vec<(&Table, &NamedColumn)> = schema.columns_of(&it.enumeration).collect();
    for (table, named) in using {
        let place = || Spot::Default(&named.name, &named.column.data_type).of(&table.name);
        let whole = of_enum(it, &named.column.data_type);
        match &named.column.default {
            Some(DefaultValue::Text(text)) if whole == OfEnum::Values && *text == it.from => {
                let own = renamed.table_mut(&table.name)?;
                for own in own.columns.iter_mut().filter(|own| own.name == named.name) {
                    own.column.default = Some(DefaultValue::Text(it.to.clone()));
                }
            }
            Some(DefaultValue::Text(text)) if whole == OfEnum::Lists => {
                let said = crate::dialect::POSTGRES.literal(text);
                if rename_in(table, whole, &crate::dialect::POSTGRES, &said).is_none() {
                    return Err(unclear(place()));
                }
            }
            // Others may use it, and it is none of the enum's.
            Some(DefaultValue::Named(name)) => {
                let mut texts = schema.defaults.get(name).cloned().unwrap_or_default();
                sql::each_text_as_read(&mut texts, |reader, text| {
                    match rename_in(table, whole, reader, text) {
                        Some(same) if same == *text => Ok(()),
                        _ => Err(unclear(format!("the default `{name}`"))),
                    }
                })?;
            }
            _ => {}
        }
    }
    Ok(renamed)
}

/// Refuses columns of the enum that this database keeps as something else, whose values it would not
/// follow into.
fn check_own_types(
    it: &RenameEnumValue,
    dialect: &Dialect,
    schema: &Schema,
) -> Result<(), Unsupported> {
    let what = || format!("to rename value `{}` of enum `{}`", it.from, it.enumeration);
    for (table, named) in schema.columns_of(&it.enumeration) {
        let own = dialect.own_type(&named.column.data_type);
        if own.enumeration().is_none() {
            return Err(Unsupported::new(
                what(),
                format!(
                    "column `{}` of `{}` is spelled as another type for {}; add the new value, \
                     change the rows, and set the values without the old one",
                    named.name, table.name, dialect.product
                ),
            ));
        }
        let quoted = |value: &String| value.contains(['"', '\\']);
        let (_, values) = own.enumeration().unwrap_or((&it.enumeration, &[]));
        if dialect.types.enums != Enums::Types
            && matches!(&*own, ColumnType::Array { .. })
            && values.iter().chain([&it.from]).any(quoted)
        {
            return Err(Unsupported::new(
                what(),
                format!(
                    "the lists in `{}` of `{}` are JSON for {}, in which a value with quotes or \
                     backslashes can't be told from the text around it",
                    named.name, table.name, dialect.product
                ),
            ));
        }
    }
    Ok(())
}

/// The checks that speak of the value in this database's texts, with the new name.
fn speaking_checks<'a>(
    dialect: &'a Dialect,
    before: &'a Table,
    after: &'a Table,
) -> impl Iterator<Item = (&'a Check, &'a Check)> {
    let both = after.checks.iter().filter_map(|it| Some((before.check_named(&it.name)?, it)));
    both.filter(|(was, is)| dialect.text(&was.condition) != dialect.text(&is.condition))
}

/// The same of indexes.
fn speaking_indexes<'a>(
    dialect: &'a Dialect,
    before: &'a Table,
    after: &'a Table,
) -> impl Iterator<Item = &'a Index> {
    let texts = |it: &'a Index| -> Vec<Option<&'a str>> {
        let expressions = it.columns.iter().map(|it| it.expression.as_ref());
        let texts = expressions.map(|it| it.and_then(|it| dialect.text(it)));
        texts.chain([it.filter.as_deref()]).collect()
    };
    let is_other = move |&it: &&'a Index| {
        before.index_named(&it.name).is_some_and(|was| texts(was) != texts(it))
    };
    after.indexes.iter().filter(is_other)
}

/// What speaks of the value goes before, and comes again with the new name.
fn around_texts(dialect: &Dialect, span: Span<'_>, around: &mut Around) {
    for new in span.after.tables() {
        let Some(old) = span.before.get(&new.name) else { continue };
        let table = || new.name.clone();
        for (_, check) in speaking_checks(dialect, old, new) {
            around.before.push(DropCheck { table: table(), check: check.name.clone() }.into());
            around.after.push(AddCheck { table: table(), check: check.clone() }.into());
        }
        for index in speaking_indexes(dialect, old, new) {
            around.before.push(DropIndex { table: table(), index: index.name.clone() }.into());
            around.after.push(AddIndex { table: table(), index: index.clone() }.into());
        }
    }
}

/// The columns of both sides whose defaults, or what they are computed from, are others by then.
fn altered(
    span: Span<'_>,
    change: impl Fn(&NamedColumn, &NamedColumn) -> ColumnChange,
) -> Vec<Operation> {
    let mut all = Vec::new();
    for new in span.after.tables() {
        let Some(old) = span.before.get(&new.name) else { continue };
        for named in &new.columns {
            let Some(was) = old.columns.iter().find(|it| it.name == named.name) else { continue };
            let change = change(was, named);
            if change != set() {
                let (table, column) = (new.name.clone(), named.name.clone());
                all.push(AlterColumn { table, column, change }.into());
            }
        }
    }
    all
}

/// The columns' definitions get the new value beside the old one, rows change from the one to the
/// other, and then the old one goes.
fn inline(
    it: &RenameEnumValue,
    dialect: &Dialect,
    span: Span<'_>,
) -> Result<Vec<Statement>, Unsupported> {
    let mut around = enumeration::pinning(dialect, span.after, &it.enumeration);
    around_texts(dialect, span, &mut around);
    around.statements(dialect, span, |within| {
        let mut statements = Vec::new();
        let mut state = within.before.clone();
        let mut make = |operations: &[Operation]| {
            let (made, next) = enumeration::done(dialect, operations, &state)?;
            state = next;
            Ok::<_, Unsupported>(made)
        };
        let defaults = altered(within, |was, is| ColumnChange {
            default: (was.column.default != is.column.default)
                .then(|| is.column.default.clone().map_or(DefaultChange::Drop, DefaultChange::Set)),
            ..set()
        });
        let computed = altered(within, |was, is| ColumnChange {
            generated: (was.column.generated != is.column.generated)
                .then(|| is.column.generated.clone().map(GeneratedChange::Set))
                .flatten(),
            ..set()
        });
        let twins = it.from.to_lowercase() == it.to.to_lowercase();
        if !twins {
            let (enumeration, value) = (it.enumeration.clone(), it.to.clone());
            let add = AddEnumValue { enumeration, value, before: None };
            statements.extend(make(&[add.into()])?);
            statements.extend(make(&defaults)?);
        }
        for (table, named) in within.after.columns_of(&it.enumeration) {
            let is_list = of_enum(it, &named.column.data_type) == OfEnum::Lists;
            if is_list || !twins {
                let changed = EnumRows { table, column: &named.name, is_list };
                statements.push(changed.rename_value(dialect, &it.from, &it.to));
            }
        }
        statements.extend(make(&computed)?);
        // Of values that are each the other here the old one goes with its default at once.
        statements.extend(enumeration::restate_with_defaults(dialect, within, &it.enumeration)?);
        Ok(statements)
    })
}

/// Each table of it is built anew once, with the new value in its conditions and in its rows.
fn checked(
    it: &RenameEnumValue,
    dialect: &Dialect,
    span: Span<'_>,
) -> Result<Vec<Statement>, Unsupported> {
    let mut statements = Vec::new();
    for new in span.after.tables() {
        let Some(old) = span.before.get(&new.name) else { continue };
        let mut alterations = Vec::new();
        for named in &new.columns {
            let was = old.columns.iter().find(|it| it.name == named.name);
            let Some(was) = was else { continue };
            alterations.extend(rebuilt(it, dialect, span, (new, was, named))?);
        }
        let mut edits = Vec::new();
        for (was, check) in speaking_checks(dialect, old, new) {
            let drop = TableEdit::DropConstraint { name: was.name.clone() };
            edits.extend(sql::check_clause(dialect, was)?.map(|_| drop));
            let add = sql::check_clause(dialect, check)?;
            edits.extend(add.map(|clause| TableEdit::AddConstraint { clause }));
        }
        // Rows that are others by then must not meet an index that still speaks of the old value.
        let indexes: Vec<&Index> = speaking_indexes(dialect, old, new).collect();
        edits.extend(indexes.iter().map(|it| TableEdit::DropIndex { index: it.name.clone() }));
        let lists = new.columns.iter();
        let lists = lists.filter(|named| of_enum(it, &named.column.data_type) == OfEnum::Lists);
        let lists: Vec<EnumRows<'_>> = lists
            .map(|named| EnumRows { table: new, column: &named.name, is_list: true })
            .collect();
        let done_when = sql::lacks_value(dialect, &new.name, &lists, &it.from);
        let rebuilt = sql::rebuild_columns(dialect, &new.name, alterations, edits, done_when);
        statements.extend(rebuilt);
        for index in indexes {
            statements.push(sql::create_index(dialect, new, index)?);
        }
    }
    Ok(statements)
}

/// How a column becomes what it is by then; `None` where nothing of it changes.
fn rebuilt(
    it: &RenameEnumValue,
    dialect: &Dialect,
    span: Span<'_>,
    (table, was, named): (&Table, &NamedColumn, &NamedColumn),
) -> Result<Option<Alteration>, Unsupported> {
    let of = of_enum(it, &named.column.data_type);
    let clause = sql::values_clause(dialect, named);
    let default = |schema, it: &NamedColumn| sql::catalog_default(dialect, schema, it);
    let (had, has) = (default(span.before, was)?, default(span.after, named)?);
    let redefault = had != has;
    let recomputed =
        sql::catalog_generated(dialect, was)? != sql::catalog_generated(dialect, named)?;
    let generated = || sql::generated_clause(dialect, named);
    let looked = || sql::catalog_generated(dialect, named);
    let using = (of != OfEnum::Others && named.column.generated.is_none()).then(|| {
        let rows = EnumRows { table, column: &named.name, is_list: of == OfEnum::Lists };
        rows.renamed(dialect, &it.from, &it.to)
    });
    let alteration = Alteration {
        column: named.name.clone(),
        values: (sql::values_clause(dialect, was) != clause).then_some(clause),
        default: redefault.then_some(has),
        on_update: redefault && named.column.auto_update,
        generated: recomputed.then(generated).transpose()?,
        looked_generated: recomputed.then(looked).transpose()?,
        ends_nullable: named.column.nullable,
        using,
        ..Alteration::default()
    };
    let changes = alteration.using.is_some() || !alteration.is_nothing();
    Ok(changes.then_some(alteration))
}
