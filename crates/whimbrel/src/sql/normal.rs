//! A schema as one database keeps it, so that what was asked for and what is found can be compared
//! by equality.

use super::{
    auto_update::without_update,
    collation::{kept_collation, table_collation},
    column_option::normal_column_options,
    default_text,
    generated::normal_generated,
    identity::{normal_identity, says_numbered},
    kept_comment,
    option::normal_options,
    routine::normal_routine,
    unique::{as_index, normal_unique},
    view::normal_view,
    without_parentheses,
};
use crate::{
    dialect::{Dialect, Enums},
    schema::{
        Check, Column, ColumnType, DefaultValue, ForeignKey, Index, IndexColumn, Name, PerDatabase,
        Routine, RoutineName, Schema, Table, View,
    },
};

/// The schema as this database keeps it: types as it spells them, defaults and conditions in the
/// words of its catalog, foreign keys with their targets' columns, names as it folds them, and
/// without what it makes by itself. `namespace` is the connection's own, which names leave out.
///
/// A schema in this form is for comparing: [`normal`] of it is itself.
pub fn normal(dialect: &Dialect, schema: &Schema, namespace: &str) -> Schema {
    let own = |it: &Name| in_namespace(dialect, it, namespace);
    let mut normal: Schema =
        schema.tables().map(|table| normal_table(dialect, schema, table, &own)).collect();
    if dialect.types.enums == Enums::Types {
        normal.enums = schema.enums.iter().map(|(it, values)| (own(it), values.clone())).collect();
    }
    let keep = dialect.keeping.name;
    let namespaces = schema.namespaces.iter().map(|it| keep(it));
    normal.namespaces = namespaces.filter(|it| it != namespace).collect();
    let views = schema.views.values().filter_map(|it| normal_view(dialect, it, own(&it.name)));
    normal.views = views.map(|it| (it.name.clone(), it)).collect();
    let routines = schema.routines.values();
    let routines = routines.filter_map(|it| normal_routine(dialect, it, own));
    normal.routines = routines.map(|it| (it.name.clone(), it)).collect();
    normal
}

/// A schema in its normal form, with the names of its tables and views in lower case.
pub fn lowered(normal: &Schema) -> Schema {
    let lower = |it: &mut Name| {
        it.name = it.name.to_lowercase();
        it.namespace = it.namespace.take().map(|it| it.to_lowercase());
    };
    let of_table = |table: &Table| {
        let mut table = table.clone();
        lower(&mut table.name);
        table.foreign_keys.iter_mut().for_each(|it| lower(&mut it.table));
        table
    };
    let mut lowered: Schema = normal.tables().map(of_table).collect();
    lowered.enums = normal.enums.clone();
    lowered.namespaces = normal.namespaces.iter().map(|it| it.to_lowercase()).collect();
    let of_view = |view: &View| {
        let mut view = view.clone();
        lower(&mut view.name);
        (view.name.clone(), view)
    };
    lowered.views = normal.views.values().map(of_view).collect();
    let of_routine = |routine: &Routine| {
        let mut routine = routine.clone();
        if let RoutineName::Trigger(table, _) = &mut routine.name {
            lower(table);
        }
        (routine.name.clone(), routine)
    };
    lowered.routines = normal.routines.values().map(of_routine).collect();
    lowered
}

/// A table's name as it is kept; in the connection's own namespace it stands alone.
fn in_namespace(dialect: &Dialect, name: &Name, own: &str) -> Name {
    let keep = dialect.keeping.name;
    let namespace = name.namespace.as_deref().map(keep).filter(|it| it != own);
    Name { namespace, name: keep(&name.name) }
}

fn normal_table(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
    own: &impl Fn(&Name) -> Name,
) -> Table {
    let keep = dialect.keeping.name;
    let mut normal = table.clone();
    normal.name = own(&table.name);
    normal.comment = kept_comment(dialect, table.comment.as_ref()).cloned();
    normal.options = normal_options(dialect, &table.options);
    normal.primary_key.iter_mut().for_each(|it| *it = keep(it));
    for named in &mut normal.columns {
        let is_key = table.primary_key.contains(&named.name);
        let collation = kept_collation(dialect, &table.options, &named.column);
        named.name = keep(&named.name);
        normal_column(dialect, schema, &mut named.column, is_key);
        named.column.collation = collation;
        if let (Enums::Types, Some((name, _))) =
            (dialect.types.enums, named.column.data_type.enumeration_mut())
        {
            *name = own(name);
        }
    }
    for key in &mut normal.foreign_keys {
        *key = normal_key(dialect, schema, key, own);
    }
    normal.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    let implied = |index: &Index| {
        let of = |key: &ForeignKey| key.name == index.name && is_over(index, &key.columns);
        dialect.keeping.foreign_key_index && normal.foreign_keys.iter().any(of)
    };
    normal.checks = table.checks.iter().filter_map(|it| normal_check(dialect, it)).collect();
    normal.checks.sort_by(|a, b| a.name.cmp(&b.name));
    normal.uniques = table.uniques.iter().map(|it| normal_unique(dialect, it)).collect();
    normal.uniques.sort_by(|a, b| a.name.cmp(&b.name));
    normal.indexes = table.indexes.iter().map(|it| normal_index(dialect, it)).collect();
    if dialect.uniques.are_indexes {
        let sole = std::mem::take(&mut normal.uniques);
        normal.indexes.extend(sole.iter().map(|it| normal_index(dialect, &as_index(it))));
    }
    normal.indexes.retain(|it| !implied(it));
    let usual = table_collation(dialect, &table.options);
    let usual = usual.as_deref().unwrap_or(dialect.keeping.usual_collation);
    let usual = PerDatabase::all(usual);
    let columns = &normal.columns;
    for part in normal.indexes.iter_mut().flat_map(|it| &mut it.columns) {
        // That of its column goes without saying.
        let column = columns.iter().find(|it| it.name == part.name);
        let own = column.and_then(|it| it.column.collation.as_ref()).unwrap_or(&usual);
        if part.collation.as_ref() == Some(own) {
            part.collation = None;
        }
    }
    normal.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    normal
}

fn is_over(index: &Index, columns: &[String]) -> bool {
    let plain = index.columns.iter().all(IndexColumn::is_plain);
    !index.unique && plain && index.column_names().eq(columns)
}

fn normal_column(dialect: &Dialect, schema: &Schema, column: &mut Column, is_key: bool) {
    // What goes without saying depends on the type as it was said.
    let options = normal_column_options(dialect, column);
    let spelled = dialect.type_text(&column.data_type).unwrap_or_default();
    let numbered = column.is_numbered() || says_numbered(&spelled);
    let data_type = normal_type(dialect, &column.data_type);
    let mut auto_update = column.auto_update;
    column.default = column.default.as_ref().and_then(|it| {
        let text = default_text(dialect, schema, it, &column.data_type).ok()??;
        let (text, on_update) = without_update(dialect, &text);
        auto_update |= on_update;
        normal_default(dialect, text, &data_type)
    });
    column.auto_update = auto_update;
    column.generated = column.generated.as_ref().map(|it| Box::new(normal_generated(dialect, it)));
    column.data_type = data_type;
    normal_identity(dialect, column, numbered);
    // A key is never null, and neither is a number that the database gives.
    column.nullable &= !is_key && !numbered;
    column.primary_key = false;
    column.comment = kept_comment(dialect, column.comment.as_ref()).cloned();
    column.options = options;
}

/// The type that this database makes of `data_type`.
fn normal_type(dialect: &Dialect, data_type: &ColumnType) -> ColumnType {
    let enums = dialect.types.enums;
    match (&*dialect.own_type(data_type), enums) {
        (ColumnType::Enum { values, .. }, Enums::Inline) => {
            return ColumnType::Enum { name: Box::new(Name::new("")), values: values.clone() };
        }
        (own @ ColumnType::Enum { .. }, Enums::Types | Enums::Checks) => return own.clone(),
        (own @ ColumnType::Array { .. }, Enums::Types) if own.enumeration().is_some() => {
            return own.clone();
        }
        _ => {}
    }
    match dialect.type_text(data_type) {
        Ok(spelled) => match (dialect.types.read)(&spelled) {
            ColumnType::Other { spelled } => {
                ColumnType::Other { spelled: (dialect.looking.type_name)(&spelled) }
            }
            known => known,
        },
        Err(_) => data_type.clone(),
    }
}

/// A default of null is none at all, and catalogs say it either way.
fn normal_default(dialect: &Dialect, text: &str, data_type: &ColumnType) -> Option<DefaultValue> {
    let text = (dialect.looking.default)(text);
    let text = (dialect.keeping.default)(&text, data_type);
    let is_null = text.eq_ignore_ascii_case("null");
    (!is_null).then(|| DefaultValue::Sql(PerDatabase::all(text)))
}

fn normal_index(dialect: &Dialect, index: &Index) -> Index {
    let keep = dialect.keeping.name;
    let mut normal = index.clone();
    normal.name = keep(&index.name);
    normal.columns = index.columns.iter().map(|it| normal_part(dialect, it)).collect();
    normal.include.iter_mut().for_each(|it| *it = keep(it));
    normal.method = (dialect.keeping.method)(index.method.as_deref());
    normal.filter = index.filter.as_deref().map(dialect.keeping.condition);
    normal
}

fn normal_part(dialect: &Dialect, part: &IndexColumn) -> IndexColumn {
    let own = |it: &Option<PerDatabase>| -> Option<String> {
        it.as_ref().and_then(|it| dialect.text(it)).map(str::to_owned)
    };
    let expression = own(&part.expression).map(|it| {
        let it = it.as_str();
        let text = (dialect.keeping.expression)(without_parentheses(it));
        PerDatabase::all(without_parentheses(&text))
    });
    IndexColumn {
        name: (dialect.keeping.name)(&part.name),
        expression,
        direction: part.direction,
        nulls: part.nulls.filter(|it| *it != dialect.own_nulls(part.direction)),
        prefix: part.prefix,
        collation: own(&part.collation)
            .and_then(|it| (dialect.keeping.collation)(&it))
            .map(PerDatabase::all),
        operator_class: own(&part.operator_class)
            .and_then(|it| (dialect.keeping.operator_class)(&it))
            .map(PerDatabase::all),
    }
}

/// A check as it is kept; `None` on a database that goes without.
fn normal_check(dialect: &Dialect, check: &Check) -> Option<Check> {
    let text = dialect.text(&check.condition)?;
    let condition = (dialect.keeping.condition)(text);
    (!condition.is_empty()).then(|| Check {
        name: (dialect.keeping.name)(&check.name),
        condition: PerDatabase::all(condition),
    })
}

fn normal_key(
    dialect: &Dialect,
    schema: &Schema,
    key: &ForeignKey,
    own: &impl Fn(&Name) -> Name,
) -> ForeignKey {
    let keep = dialect.keeping.name;
    let targets = schema.target_columns(key).unwrap_or_default();
    ForeignKey {
        name: keep(&key.name),
        columns: key.columns.iter().map(|it| keep(it)).collect(),
        table: own(&key.table),
        references: targets.iter().map(|it| keep(it)).collect(),
        on_delete: (dialect.keeping.action)(key.on_delete),
        on_update: (dialect.keeping.action)(key.on_update),
        deferral: key.deferral,
    }
}
