//! Changing a column's type, default or nullability.

use whimbrel_migration::{AlterColumn, ColumnChange, DropColumn};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span, column_after,
    conversion::has_meaning,
    fitting::{
        check_auto_update, check_collation, check_default, check_generated, check_identity, column,
        column_user, indexes_column, resolved,
    },
    folding,
    options::{check_column_names, check_column_options, foreign, names},
    recomputed::Recomputed,
};
use crate::{
    dialect::{self, Dialect, ForeignKeys, Numbering},
    schema::{
        CollationChange, Column, ColumnType, CommentChange, Conflict, DefaultChange,
        GeneratedChange, IdentityChange, NamedColumn, Schema, Table,
    },
    sql::{self, Alteration, Renumbering, Statement, Unsupported},
};

impl Change for AlterColumn {
    fn describe(&self) -> String {
        let mut what = Vec::new();
        if self.change.data_type.is_some() {
            what.push("type");
        }
        if self.change.nullable.is_some() {
            what.push("nullability");
        }
        if self.change.default.is_some() {
            what.push("default");
        }
        if self.change.generated.is_some() {
            what.push("computation");
        }
        if self.change.identity.is_some() {
            what.push("numbering");
        }
        if self.change.auto_update.is_some() {
            what.push("automatic update");
        }
        if self.change.collation.is_some() {
            what.push("collation");
        }
        if self.change.comment.is_some() {
            what.push("comment");
        }
        what.extend(names(&self.change.options));
        format!("Change {} of `{}` in `{}`", what.join(" and "), self.column, self.table)
    }

    fn remark(&self, dialect: &Dialect, _span: Span<'_>) -> Option<String> {
        let called = format!("`{}` in `{}`", self.column, self.table);
        let comment = self.change.comment.as_ref();
        let comment = comment.and_then(|_| sql::comments_left_out(dialect, &called));
        let remarks = [comment, foreign(&self.change.options, dialect, &called)];
        remarks.into_iter().flatten().reduce(|all, it| format!("{all}\n{it}"))
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        check_column_names(&self.table, &self.column, &self.change.options)?;
        let table = schema.table(&self.table)?;
        let mut altered = column(table, &self.column)?.clone();
        altered.take(&self.change);
        altered.data_type = resolved(schema, None, &altered.data_type)?;
        altered.nullable &= !table.primary_key.contains(&self.column);
        check_default(schema, &altered)?;
        check_auto_update(&self.table, &self.column, &altered)?;
        check_generated(&self.table, &self.column, &altered)?;
        check_collation(&self.table, &self.column, &altered)?;
        check_identity(&self.table, &self.column, &altered)?;
        check_column_options(&self.table, &self.column, &altered)?;
        let table = schema.table_mut(&self.table)?;
        if let Some(it) = table.columns.iter_mut().find(|it| it.name == self.column) {
            it.column = altered;
        }
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let old = column(before.table(&self.table)?, &self.column)?;
        let begins = matches!(self.change.identity, Some(IdentityChange::Set(_)));
        let change = ColumnChange {
            data_type: self.change.data_type.as_ref().map(|_| old.data_type.clone()),
            using: None,
            nullable: (self.change.nullable.is_some() || (begins && old.nullable))
                .then_some(old.nullable),
            default: self.change.default.as_ref().map(|_| match &old.default {
                Some(value) => DefaultChange::Set(value.clone()),
                None => DefaultChange::Drop,
            }),
            auto_update: self.change.auto_update.map(|_| old.auto_update),
            generated: self.change.generated.as_ref().map(|_| match &old.generated {
                Some(generated) => GeneratedChange::Set(generated.clone()),
                None => GeneratedChange::Drop,
            }),
            collation: self
                .change
                .collation
                .as_ref()
                .map(|_| CollationChange::to(old.collation.as_ref())),
            comment: self.change.comment.as_ref().map(|_| CommentChange::to(old.comment.as_ref())),
            identity: self
                .change
                .identity
                .map(|_| old.identity.map_or(IdentityChange::Drop, IdentityChange::Set)),
            options: self.change.options.back_to(&old.options),
        };
        Ok(Inverse::Operations(vec![Self { change, ..self.clone() }.into()]))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        match next {
            Operation::AlterColumn(next)
                if next.table == self.table
                    && next.column == self.column
                    && self.change.using.is_none()
                    && next.change.using.is_none() =>
            {
                let change = folding::both(&self.change, &next.change);
                Reduced::To(vec![Self { change, ..self.clone() }.into()])
            }
            Operation::DropColumn(DropColumn { table, column })
                if *table == self.table && *column == self.column =>
            {
                Reduced::To(vec![next.clone()])
            }
            next => folding::apart(&self.clone().into(), next),
        }
    }

    fn hazard(&self, before: &Schema) -> Option<Hazard> {
        let old = column(before.get(&self.table)?, &self.column).ok()?;
        let (column, table) = (&self.column, &self.table);
        let computes = matches!(self.change.generated, Some(GeneratedChange::Set(_)));
        if computes && old.generated.is_none() {
            return Some(Hazard::Loses(format!("the values of `{column}` in `{table}`")));
        }
        if let Some(new) = &self.change.data_type
            && !widens(&old.data_type, new)
        {
            let text =
                format!("values of `{column}` in `{table}` that don't fit its new type, {new}");
            return Some(Hazard::DependsOnRows(text));
        }
        if self.change.collation.is_some() && is_unique(before.get(&self.table)?, column) {
            let text =
                format!("rows of `{table}` that have the same `{column}` by its new collation");
            return Some(Hazard::DependsOnRows(text));
        }
        let begins = matches!(self.change.identity, Some(IdentityChange::Set(_)));
        ((self.change.nullable == Some(false) || begins) && old.nullable)
            .then(|| Hazard::DependsOnRows(format!("rows of `{table}` without `{column}`")))
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let old = column(before.get(&self.table)?, &self.column).ok()?;
        let (column, table) = (&self.column, &self.table);
        let mut given_up = Vec::new();
        if let Some(new) = &self.change.data_type
            && !widens(old.data_type.unspelled(), new.unspelled())
        {
            given_up.push(format!(
                "loses or is refused for values of `{column}` in `{table}` that don't fit its new \
                 type, {new}"
            ));
        }
        let begins = matches!(self.change.identity, Some(IdentityChange::Set(_)));
        if (self.change.nullable == Some(false) || begins) && old.nullable {
            given_up
                .push(format!("is refused where there are rows of `{table}` without `{column}`"));
        }
        if self.change.default == Some(DefaultChange::Drop) && old.default.is_some() {
            given_up.push(format!("loses what rows of `{table}` get that name no `{column}`"));
        }
        if self.change.auto_update == Some(false) && old.auto_update {
            given_up.push(format!(
                "loses that `{column}` in `{table}` gets the moment whenever a row is changed"
            ));
        }
        match (&self.change.generated, &old.generated) {
            (Some(GeneratedChange::Set(_)), None) => given_up.push(format!(
                "loses the values of `{column}` in `{table}`, which are computed from now on"
            )),
            (Some(GeneratedChange::Drop), Some(_)) => given_up.push(format!(
                "loses that `{column}` in `{table}` follows what it is computed from"
            )),
            _ => {}
        }
        let mut new = old.clone();
        new.take(&self.change);
        if old.is_numbered() && !new.is_numbered() {
            given_up.push(format!("loses the number that rows of `{table}` get as `{column}`"));
        }
        // Words for people are worth a line, and no question of their own.
        if self.change.comment == Some(CommentChange::Drop)
            && old.comment.is_some()
            && !given_up.is_empty()
        {
            given_up.push(format!("loses the comment of `{column}` in `{table}`"));
        }
        (!given_up.is_empty()).then(|| given_up.join(", and "))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        let old = span
            .before
            .table(&self.table)
            .and_then(|it| column(it, &self.column))
            .map_err(|it| super::unfit(&it))?;
        let named = column_after(span, &self.table, &self.column)?;
        sql::check_options(dialect, super::table_after(span, &self.table)?)?;
        let new = &named.column;
        let numbers = old.is_numbered() != new.is_numbered();
        if numbers && new.is_numbered() {
            let table = super::table_after(span, &self.table)?;
            sql::check_numbering(dialect, table, named)?;
        }
        sql::check_identity(dialect, named)?;
        if old.data_type != new.data_type {
            let table = super::table_after(span, &self.table)?;
            sql::check_stays_indexed(dialect, table, &self.column)?;
        }
        let renumbering = sql::renumber(dialect, &self.table, old, named)?;
        check_pinned(self, dialect, span, old, new)?;
        let recomputed = recomputed(self, dialect, span, old, new)?;
        if let Some(mut statements) = computed(self, dialect, span, old, named)? {
            // Where the column was made anew it tells nothing any more.
            if old.comment.is_some() || new.comment.is_some() {
                statements.extend(comment(self, dialect, new));
            }
            statements.extend(sql::tell_column_options(dialect, &self.table, named)?);
            return Ok(statements);
        }
        let alteration = alteration(self, dialect, span, old, named)?;
        let sequence = widened_sequence(dialect, self, old, new);
        let begins = match (old.auto_update, new.auto_update) {
            (false, true) => {
                let table = super::table_after(span, &self.table)?;
                sql::begin_auto_update(dialect, table, named)?
            }
            _ => vec![],
        };
        let ends = match (old.auto_update, new.auto_update) {
            (true, false) => sql::end_auto_update(dialect, &self.table, &self.column),
            _ => vec![],
        };
        let mut altered = Vec::new();
        if numbers && new.is_numbered() && dialect.rows.zero.is_some() {
            // Rows without a value are refused and not numbered, as elsewhere.
            let (first, numbering) = alteration.numbered_last();
            altered.extend(sql::alter_columns(dialect, &self.table, vec![first]));
            let numbering = sql::alter_columns(dialect, &self.table, vec![numbering]);
            altered.extend(sql::with_zero(dialect, numbering.into_iter().collect()));
        } else {
            altered.extend(sql::alter_columns(dialect, &self.table, vec![alteration]));
        }
        let altered =
            recomputed.around(dialect, super::table_after(span, &self.table)?, altered)?;
        let comment = (sql::kept_comment(dialect, old.comment.as_ref())
            != sql::kept_comment(dialect, new.comment.as_ref()))
        .then(|| comment(self, dialect, new))
        .flatten();
        let Renumbering { before, behind } = renumbering;
        let changes = altered.into_iter().chain(sequence).chain(ends).chain(begins);
        Ok(before.into_iter().chain(changes).chain(behind).chain(comment).collect())
    }
}

/// Whether no two rows may have the same of a column, by itself or with others.
fn is_unique(table: &Table, column: &String) -> bool {
    table.primary_key.contains(column)
        || table.indexes.iter().any(|it| it.unique && indexes_column(it, column))
        || table.uniques.iter().any(|it| it.columns.contains(column))
}

/// The collation that a column has here, as a look says it.
fn looked_collation(dialect: &Dialect, column: &Column) -> Option<String> {
    sql::own_collation(dialect, column).and_then(|it| (dialect.keeping.collation)(&it))
}

/// Whether a column comes to have another collation here: its own, or that of its table.
fn is_recollated(alter: &AlterColumn, dialect: &Dialect, span: Span<'_>) -> bool {
    let of = |schema: &Schema| {
        let table = schema.get(&alter.table)?;
        let own = table.column_named(&alter.column)?;
        sql::effective_collation(dialect, table, own)
    };
    of(span.before) != of(span.after)
}

fn comment(alter: &AlterColumn, dialect: &Dialect, new: &Column) -> Option<Statement> {
    sql::comment_on_column(dialect, &alter.table, &alter.column, new.comment.as_ref())
}

fn alteration(
    alter: &AlterColumn,
    dialect: &Dialect,
    span: Span<'_>,
    old: &Column,
    named: &NamedColumn,
) -> Result<Alteration, Unsupported> {
    let new = &named.column;
    let collation = is_recollated(alter, dialect, span).then(|| looked_collation(dialect, new));
    let clause = sql::collation_clause(dialect, named)?;
    let spelled = bare_type(dialect, new)?;
    let retyped = bare_type(dialect, old)? != spelled;
    let numbered =
        dialect.types.numbering != Numbering::ByType && old.is_numbered() != new.is_numbered();
    let recomputed = new.generated.is_some();
    // Types that are kept alike may still mean different things.
    let [from, to] = [old, new].map(|it| dialect.own_type(&it.data_type));
    let converts = (retyped || !has_meaning(&from, &to)) && !recomputed;
    let using = if converts { using(alter, dialect, old, new)? } else { None };
    let default = |schema, it: &Column| {
        let named = NamedColumn { name: alter.column.clone(), column: it.clone() };
        sql::catalog_default(dialect, schema, &named)
    };
    let (was, is) = (default(span.before, old)?, default(span.after, new)?);
    // A conversion is for values: the old default goes before it, and the new one comes after.
    let clauses = dialect.alter_column == dialect::AlterColumn::Clauses;
    // A default that is left as it is goes on speaking of the enum.
    let was_enum = clauses && retyped && dialect.own_type(&old.data_type).enumeration().is_some();
    sql::check_column_options(dialect, named)?;
    let anew = clauses && (retyped || collation.is_some());
    let redefault = was != is || ((using.is_some() || was_enum) && was.is_some());
    Ok(Alteration {
        column: alter.column.clone(),
        // A type that is said without its collation has the usual one.
        data_type: (retyped || anew).then_some(spelled),
        collation,
        collation_clause: clause,
        using,
        nullable: (old.nullable != new.nullable).then_some(new.nullable),
        generated: (old.generated != new.generated)
            .then(|| sql::generated_clause(dialect, named))
            .transpose()?,
        looked_generated: (old.generated != new.generated)
            .then(|| sql::catalog_generated(dialect, named))
            .transpose()?,
        values: {
            let said = |it: &Column| {
                let column = it.clone();
                sql::values_clause(dialect, &NamedColumn { name: alter.column.clone(), column })
            };
            let (was, is) = (said(old), said(new));
            (was != is).then_some(is)
        },
        default: redefault.then_some(is),
        numbered: numbered.then_some(new.is_numbered()),
        on_update: redefault && (old.auto_update || new.auto_update),
        comment: sql::redefined_comment(dialect, old, named)?,
        tied: {
            let table = super::table_after(span, &alter.table)?;
            table.foreign_keys.iter().any(|it| it.columns.contains(&alter.column))
        },
        options: sql::changed_column_options(dialect, old, new, anew),
        usual_storage: sql::usual_storage(dialect, new),
        ends_nullable: new.nullable,
    })
}

/// The type of the values, as a definition says it, whoever numbers them.
fn bare_type(dialect: &Dialect, column: &Column) -> Result<String, Unsupported> {
    dialect.type_text(&column.data_type.unnumbered())
}

/// How a column comes to be computed otherwise, where that is no clause and no part of a definition
/// that is said again.
fn computed(
    alter: &AlterColumn,
    dialect: &Dialect,
    span: Span<'_>,
    old: &Column,
    named: &NamedColumn,
) -> Result<Option<Vec<Statement>>, Unsupported> {
    let (Some(generated), dialect::AlterColumn::Clauses) =
        (&named.column.generated, dialect.alter_column)
    else {
        return Ok(None);
    };
    if old.generated.as_ref() == Some(generated) {
        return Ok(None);
    }
    let table = super::table_after(span, &alter.table)?;
    let definition = sql::column_definition(dialect, span.after, table, named)?;
    let expression_only = Column { generated: Some(generated.clone()), ..old.clone() };
    let stays = old.generated.as_ref().is_some_and(|it| it.stored == generated.stored);
    if stays && expression_only == named.column {
        return Ok(Some(vec![sql::set_expression(dialect, &alter.table, named, &definition)?]));
    }
    if let Some(user) = column_user(span.after, table, &alter.column) {
        return Err(Unsupported::new(
            format!("to compute column `{}` of `{}`", alter.column, alter.table),
            format!(
                "the column is made anew for that, and {user} leans on it; drop that first, and \
                 make it again afterwards"
            ),
        ));
    }
    let mut statements = Vec::new();
    if old.auto_update {
        statements = sql::end_auto_update(dialect, &alter.table, &alter.column);
    }
    statements.push(sql::make_anew(dialect, &alter.table, &alter.column, &definition));
    Ok(Some(statements))
}

/// What is computed from the column and has to be made anew with its type, where the database says so.
fn recomputed<'a>(
    alter: &'a AlterColumn,
    dialect: &Dialect,
    span: Span<'a>,
    old: &Column,
    new: &Column,
) -> Result<Recomputed<'a>, Unsupported> {
    let retyped =
        bare_type(dialect, old)? != bare_type(dialect, new)? || is_recollated(alter, dialect, span);
    if !dialect.generation.pins_types || !retyped {
        return Ok(Recomputed::default());
    }
    let table = super::table_after(span, &alter.table)?;
    Recomputed::of(dialect, span.after, table, &alter.column)
}

fn using(
    alter: &AlterColumn,
    dialect: &Dialect,
    old: &Column,
    new: &Column,
) -> Result<Option<String>, Unsupported> {
    let written = alter.change.using.as_ref().and_then(|it| dialect.text(it));
    if written.is_none() {
        check_meaning(alter, dialect, old, new)?;
    }
    if written.is_some() && dialect.alter_column == dialect::AlterColumn::Restate {
        return Err(Unsupported::new(
            format!("to convert the values of `{}` by an expression", alter.column),
            format!(
                "{} converts by rules of its own when a column changes; add a new column, \
                 fill it by SQL, drop the old one and rename the new one",
                dialect.product
            ),
        ));
    }
    Ok(written.map(str::to_owned).or_else(|| {
        let column = dialect.quote(&alter.column);
        let [old, new] = [old, new].map(|it| dialect.own_type(&it.data_type));
        (dialect.types.conversion)(&column, &old, &new)
    }))
}

/// Refuses another type that the old values mean nothing in, before any of them is touched.
fn check_meaning(
    alter: &AlterColumn,
    dialect: &Dialect,
    old: &Column,
    new: &Column,
) -> Result<(), Unsupported> {
    let [from, to] = [old, new].map(|it| dialect.own_type(&it.data_type));
    if has_meaning(&from, &to) {
        return Ok(());
    }
    let how = match dialect.alter_column {
        dialect::AlterColumn::Restate => {
            "add a new column, fill it by SQL, drop the old one and rename the new one"
        }
        dialect::AlterColumn::Clauses | dialect::AlterColumn::Rebuild => {
            "say how with `.using(\"…\")`, or add a new column, fill it by SQL, drop the old one and \
             rename the new one"
        }
    };
    Err(Unsupported::new(
        format!(
            "to change `{}` in `{}` from {} to {}",
            alter.column, alter.table, old.data_type, new.data_type
        ),
        format!("values of the one mean nothing as values of the other; {how}"),
    ))
}

/// Refuses another type for a column at either end of a foreign key, where the database would;
/// texts may differ in length.
fn check_pinned(
    alter: &AlterColumn,
    dialect: &Dialect,
    span: Span<'_>,
    old: &Column,
    new: &Column,
) -> Result<(), Unsupported> {
    let pins = matches!(dialect.foreign_keys, ForeignKeys::Clauses { pins_types: true, .. });
    let is_varchar =
        |it: &Column| matches!(*dialect.own_type(&it.data_type), ColumnType::Varchar { .. });
    let recollated = is_recollated(alter, dialect, span);
    let texts = is_varchar(old) && is_varchar(new) && !recollated;
    let spelled = |it: &Column| bare_type(dialect, it);
    let renumbered = old.is_numbered() != new.is_numbered();
    let same = texts || (spelled(old)? == spelled(new)? && !recollated);
    if !pins || (same && !renumbered) {
        return Ok(());
    }
    let table = super::table_after(span, &alter.table)?;
    let own = table.foreign_keys.iter().find(|it| it.columns.contains(&alter.column));
    let others = span
        .after
        .pointing_at(&alter.table)
        .find(|(_, key)| span.after.target_columns(key).is_ok_and(|it| it.contains(&alter.column)));
    let (what, ties) = if renumbered {
        ("numbering", "another column; drop the key, change this column")
    } else {
        ("type", "a column of the same type and collation; drop the key, change both columns")
    };
    match own.or(others.map(|(_, key)| key)) {
        None => Ok(()),
        Some(key) => Err(Unsupported::new(
            format!("to change the {what} of `{}` in `{}`", alter.column, alter.table),
            format!("foreign key `{}` ties it to {ties}, and add the key again", key.name),
        )),
    }
}

/// A numbered column's sequence has a type of its own and would stop at the old one's end.
fn widened_sequence(
    dialect: &Dialect,
    change: &AlterColumn,
    old: &Column,
    new: &Column,
) -> Option<Statement> {
    // The sequence of an identity follows by itself, and a new one has the type already.
    let has_one = old.data_type.is_numbered() && new.data_type.is_numbered();
    let same = old.data_type == new.data_type || !has_one;
    if same || dialect.alter_column != dialect::AlterColumn::Clauses {
        return None;
    }
    let spelled = dialect.type_text(&new.data_type.unnumbered()).ok()?;
    let table = dialect.literal(&dialect.quote_name(&change.table));
    let column = dialect.literal(&change.column);
    Some(Statement::schema(
        format!(
            "DO $whimbrel$ BEGIN EXECUTE 'ALTER SEQUENCE ' || \
             pg_get_serial_sequence({table}, {column}) || ' AS {spelled}'; END $whimbrel$"
        ),
        [],
    ))
}

/// Whether every value of the old type is one of the new type.
fn widens(old: &ColumnType, new: &ColumnType) -> bool {
    use ColumnType as T;
    let rank = |it: &T| match it {
        T::Smallint => Some(1),
        T::Integer | T::Serial => Some(2),
        T::Bigint | T::Bigserial => Some(3),
        _ => None,
    };
    match (old, new) {
        (old, new) if old == new => true,
        (T::Varchar { length: old }, T::Varchar { length: new }) => old <= new,
        (T::Varchar { .. } | T::Text { .. }, T::Text { length: None }) => true,
        (T::Enum { .. }, T::Text { length: None }) => true,
        (T::Enum { values, .. }, T::Varchar { length }) => {
            values.iter().all(|it| it.chars().count() <= *length as usize)
        }
        (T::Enum { name, .. }, T::Enum { name: new, .. }) => name == new,
        (T::Float, T::Double) => true,
        (
            T::Decimal { precision: old, scale: old_scale },
            T::Decimal { precision: new, scale: new_scale },
        ) => old_scale <= new_scale && old - old_scale.min(old) <= new - new_scale.min(new),
        (old, new) => matches!((rank(old), rank(new)), (Some(old), Some(new)) if old <= new),
    }
}
