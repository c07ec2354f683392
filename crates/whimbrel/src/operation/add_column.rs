//! Adding a column behind the others.

use whimbrel_migration::{AddColumn, AlterPrimaryKey, DropColumn, DropForeignKey};

use super::{
    Change, Hazard, Inverse, Operation, Reduced, Span,
    alter_primary_key::{gives_up_key, set_key},
    column_after,
    fitting::{
        check_auto_update, check_collation, check_default, check_foreign_key, check_generated,
        check_identity, check_key_is_free, insert_foreign_key, resolved,
    },
    folding,
    options::check_column_options,
};
use crate::{
    dialect::{self, AlterPrimaryKey::Constraint as ByConstraint, Dialect, Numbering, Object},
    schema::{Column, Conflict, DefaultValue, ForeignKey, NamedColumn, Schema, Table},
    sql::{self, Alteration, Kind, LiveChange, Statement, TableEdit, Transaction, Unsupported},
};

impl Change for AddColumn {
    fn describe(&self) -> String {
        format!("Add column `{}` to `{}`", self.name, self.table)
    }

    fn apply(&self, schema: &mut Schema) -> Result<(), Conflict> {
        let table = schema.table(&self.table)?;
        let (at, column) = (self.table.clone(), self.name.clone());
        if table.position(&self.name).is_some() {
            return Err(Conflict::ColumnExists { table: at, column });
        }
        if self.column.primary_key {
            check_key_is_free(schema, table)?;
        }
        let data_type = resolved(schema, None, &self.column.data_type)?;
        let said = Column { primary_key: false, ..self.column.clone() };
        let column = Column { data_type, references: None, ..said };
        check_default(schema, &column)?;
        check_auto_update(&self.table, &self.name, &column)?;
        check_generated(&self.table, &self.name, &column)?;
        check_collation(&self.table, &self.name, &column)?;
        check_identity(&self.table, &self.name, &column)?;
        check_column_options(&self.table, &self.name, &column)?;
        let mut grown = table.clone();
        grown.columns.push(NamedColumn { name: self.name.clone(), column });
        if self.column.primary_key {
            set_key(&mut grown, vec![self.name.clone()]);
        }
        if let Some(key) = foreign_key(self) {
            check_foreign_key(schema, &grown, &key)?;
            insert_foreign_key(&mut grown, key);
        }
        *schema.table_mut(&self.table)? = grown;
        Ok(())
    }

    fn inverse(&self, before: &Schema) -> Result<Inverse, Conflict> {
        let table = self.table.clone();
        let key = foreign_key(self)
            .map(|it| DropForeignKey { table: table.clone(), foreign_key: it.name }.into());
        let mut back: Vec<Operation> = key.into_iter().collect();
        back.push(DropColumn { table: table.clone(), column: self.name.clone() }.into());
        let columns = before.table(&self.table)?.primary_key.clone();
        if self.column.primary_key && !columns.is_empty() {
            // What is numbered can't be there without being the key; otherwise no row is without.
            let at = back.len() - usize::from(!self.column.is_numbered());
            back.insert(at, AlterPrimaryKey { table, columns }.into());
        }
        Ok(Inverse::Operations(back))
    }

    fn reduce(&self, next: &Operation) -> Reduced {
        folding::into_column(self, next)
    }

    fn hazard(&self, _before: &Schema) -> Option<Hazard> {
        let column = &self.column;
        let is_constant = !matches!(
            column.default,
            Some(DefaultValue::NewUuid | DefaultValue::Named(_) | DefaultValue::Sql(_))
        );
        if column.primary_key && is_constant && !column.is_numbered() {
            let text = format!("rows of `{}` that need a `{}` of their own", self.table, self.name);
            return Some(Hazard::DependsOnRows(text));
        }
        if !column.nullable && column.generated.is_some() {
            let text = format!("rows of `{}` for which `{}` comes to null", self.table, self.name);
            return Some(Hazard::DependsOnRows(text));
        }
        (!column.nullable && column.default.is_none() && !column.is_numbered()).then(|| {
            Hazard::DependsOnRows(format!("rows of `{}` without `{}`", self.table, self.name))
        })
    }

    fn gives_up(&self, before: &Schema) -> Option<String> {
        let table = before.get(&self.table).filter(|_| self.column.primary_key)?;
        gives_up_key(table, std::slice::from_ref(&self.name))
    }

    fn sql(&self, dialect: &Dialect, span: Span<'_>) -> Result<Vec<Statement>, Unsupported> {
        sql::check_options(dialect, super::table_after(span, &self.table)?)?;
        let named = column_after(span, &self.table, &self.name)?;
        let table = super::table_after(span, &self.table)?;
        let is_numbered_as_key =
            named.column.is_numbered() && dialect.types.numbering != Numbering::ByType;
        if is_numbered_as_key && !self.column.primary_key {
            return Err(Unsupported::new(
                format!("to add the numbered column `{}`", self.name),
                "only a key's column is numbered; add it as the primary key",
            ));
        }
        let definition = sql::column_definition(dialect, span.after, table, named)?;
        let late = comes_late(dialect, span.after, named)?;
        let is_key = self.column.primary_key && dialect.alter_primary_key != ByConstraint;
        let key = foreign_key(self);
        if let Some(key) = &key {
            sql::check_key(dialect, span.after, table, key)?;
        }
        if is_key && late.is_none() {
            return Ok(vec![as_key(self, dialect, span, definition)?]);
        }
        let clause =
            key.as_ref().map(|it| sql::foreign_key_clause(dialect, span.after, it)).transpose()?;
        let mut looks = vec![sql::present(Object::Column(self.table.clone(), self.name.clone()))];
        if let Some(key) = key {
            looks.push(sql::present(Object::ForeignKey(self.table.clone(), key.name)));
        }
        if dialect.add_column == dialect::AddColumn::ClauseOrRebuild
            && (clause.is_some() || needs_rebuild(dialect, span.after, &named.column)?)
        {
            let column = self.name.clone();
            let edit = TableEdit::AddColumn { column, definition, foreign_key: clause };
            let change = LiveChange { table: self.table.clone(), edits: vec![edit] };
            let begins = sql::begin_auto_update(dialect, table, named)?;
            let rebuilt = change.statement(Transaction::WithoutForeignKeys, looks);
            return Ok([rebuilt].into_iter().chain(begins).collect());
        }
        let begins = sql::begin_auto_update(dialect, table, named)?;
        let definition = match &late {
            Some(_) => sql::column_definition(dialect, span.after, table, &bare(named))?,
            None => definition,
        };
        let mut text =
            format!("ALTER TABLE {} ADD COLUMN {definition}", dialect.quote_name(&self.table));
        if let Some(clause) = clause {
            text = format!("{text}, ADD {clause}");
        }
        let mut statements = vec![Statement::schema(text, looks)];
        if let Some(default) = late {
            let whole = sql::catalog_default(dialect, span.after, named)?;
            statements.extend(fill(dialect, table, named, &default, whole));
        }
        statements.extend(begins);
        let comment = sql::kept_comment(dialect, named.column.comment.as_ref());
        statements.extend(
            comment
                .and_then(|it| sql::comment_on_column(dialect, &self.table, &self.name, Some(it))),
        );
        statements.extend(sql::tell_column_options(dialect, &self.table, named)?);
        if self.column.primary_key {
            let before = span.before.table(&self.table).map_err(|it| super::unfit(&it))?;
            statements.push(sql::set_primary_key(dialect, before, table, None)?);
        }
        Ok(statements)
    }
}

/// The statement that adds the column as the table's key, at once: a column that is numbered can't be
/// there without being the key.
fn as_key(
    add: &AddColumn,
    dialect: &Dialect,
    span: Span<'_>,
    definition: String,
) -> Result<Statement, Unsupported> {
    let before = span.before.table(&add.table).map_err(|it| super::unfit(&it))?;
    let after = super::table_after(span, &add.table)?;
    let key = foreign_key(add);
    let foreign_key =
        key.as_ref().map(|it| sql::foreign_key_clause(dialect, span.after, it)).transpose()?;
    let edit = TableEdit::AddColumn { column: add.name.clone(), definition, foreign_key };
    let mut statement = sql::set_primary_key(dialect, before, after, Some(edit))?;
    let named = key.map(|it| Object::ForeignKey(add.table.clone(), it.name));
    statement.looks.extend(named.map(sql::present));
    Ok(statement)
}

/// The foreign key that comes with the column.
pub(super) fn foreign_key(add: &AddColumn) -> Option<ForeignKey> {
    let reference = add.column.references.clone()?;
    Some(reference.of(&add.table, vec![add.name.clone()]))
}

/// What SQLite's `ALTER TABLE ADD COLUMN` refuses as soon as there are rows: `NOT NULL` without a
/// default, a default that isn't the same for every row, and values that are computed when the row is
/// written (manual, "ALTER TABLE ADD COLUMN").
fn needs_rebuild(dialect: &Dialect, schema: &Schema, column: &Column) -> Result<bool, Unsupported> {
    if let Some(generated) = &column.generated {
        return Ok(generated.stored || !column.nullable);
    }
    let default = match &column.default {
        Some(value) => sql::default_text(dialect, schema, value, &column.data_type)?,
        None => None,
    };
    Ok(match default {
        Some(text) => text.starts_with('(') || text.to_ascii_uppercase().starts_with("CURRENT_"),
        None => !column.nullable,
    })
}

/// The default that a column can only get once it is there and its rows are filled.
fn comes_late(
    dialect: &Dialect,
    schema: &Schema,
    named: &NamedColumn,
) -> Result<Option<String>, Unsupported> {
    let Some(value) = &named.column.default else { return Ok(None) };
    let text = sql::default_text(dialect, schema, value, &named.column.data_type)?;
    Ok(text.filter(|it| sql::calls_any(dialect, it, dialect.defaults.unlogged)))
}

/// The column without its default, and so without a value in the rows that are there.
fn bare(named: &NamedColumn) -> NamedColumn {
    let column = Column { nullable: true, default: None, ..named.column.clone() };
    NamedColumn { name: named.name.clone(), column }
}

/// Gives each row a value of its own, and the column what it is to be. For columns that are updated
/// by themselves this is no change of the row.
fn fill(
    dialect: &Dialect,
    table: &Table,
    named: &NamedColumn,
    default: &str,
    whole: Option<String>,
) -> impl Iterator<Item = Statement> {
    let column = dialect.quote(&named.name);
    let updated = |it: &&NamedColumn| it.column.auto_update && it.name != named.name;
    let mut kept = String::new();
    for updated in table.columns.iter().filter(updated) {
        let name = dialect.quote(&updated.name);
        kept = format!("{kept}, {name} = {name}");
    }
    let name = dialect.quote_name(&table.name);
    let rows = Statement {
        kind: Kind::Rows,
        ..Statement::schema(
            format!("UPDATE {name} SET {column} = {default}{kept} WHERE {column} IS NULL"),
            [],
        )
    };
    let alteration = Alteration {
        column: named.name.clone(),
        nullable: (!named.column.nullable).then_some(false),
        default: Some(whole),
        on_update: named.column.auto_update,
        ends_nullable: named.column.nullable,
        ..Alteration::default()
    };
    [rows].into_iter().chain(sql::alter_columns(dialect, &table.name, vec![alteration]))
}
