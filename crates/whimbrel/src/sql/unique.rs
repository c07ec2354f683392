//! Unique constraints as SQL. MySQL's family has no such thing beside a unique index, which gets the
//! constraint's name; SQLite has them in the table's own text only.

use super::{
    LiveChange, Statement, TableEdit, Transaction, absent, add_constraint, constraint,
    index::check_indexed, present,
};
use crate::{
    dialect::{Constraints, Dialect, Object, RenameIndex, Unsupported},
    schema::{Deferral, Index, IndexColumn, Name, Table, Unique},
};

/// `CONSTRAINT "uq" UNIQUE NULLS NOT DISTINCT ("a", "b") INCLUDE ("c") DEFERRABLE`.
pub fn unique_clause(
    dialect: &Dialect,
    table: &Table,
    unique: &Unique,
) -> Result<String, Unsupported> {
    dialect.check_name(&unique.name)?;
    let what = format!("unique constraint `{}`", unique.name);
    let refused = |said: &str, because: Option<&str>| match because {
        Some(because) => Err(Unsupported::new(format!("{what} {said}"), because)),
        None => Ok(()),
    };
    for name in &unique.columns {
        check_indexed(dialect, table, &what, name, None)?;
    }
    let mut text = format!("CONSTRAINT {} UNIQUE", dialect.quote(&unique.name));
    if unique.nulls_not_distinct {
        refused("with `nulls_not_distinct`", dialect.uniques.no_equal_nulls)?;
        text += " NULLS NOT DISTINCT";
    }
    text = format!("{text} ({})", dialect.quote_all(&unique.columns));
    if !unique.include.is_empty() {
        refused("with columns that it includes", dialect.indexes.no_include)?;
        text = format!("{text} INCLUDE ({})", dialect.quote_all(&unique.include));
    }
    if !unique.deferral.is_never() {
        refused("that can be put off (`deferrable`)", dialect.uniques.no_deferral)?;
        text += deferral_words(unique.deferral);
    }
    Ok(text)
}

/// ` DEFERRABLE INITIALLY DEFERRED` and the like.
pub(super) const fn deferral_words(deferral: Deferral) -> &'static str {
    match deferral {
        Deferral::Never => "",
        Deferral::Allowed => " DEFERRABLE",
        Deferral::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// The statement that adds a unique constraint to a table that is there.
pub fn add_unique(
    dialect: &Dialect,
    table: &Table,
    unique: &Unique,
) -> Result<Statement, Unsupported> {
    let clause = unique_clause(dialect, table, unique)?;
    let mut statement = add_constraint(dialect, &table.name, &unique.name, clause);
    statement.looks = vec![present(object(dialect, &table.name, &unique.name))];
    Ok(statement)
}

/// The statement that drops a unique constraint.
pub fn drop_unique(dialect: &Dialect, table: &Name, unique: &Unique) -> Statement {
    let looks = vec![absent(object(dialect, table, &unique.name))];
    let (edit, transaction) = if dialect.uniques.are_indexes {
        (TableEdit::DropIndex { index: unique.name.clone() }, Transaction::Allowed)
    } else if dialect.constraints == Constraints::Rebuild {
        (TableEdit::DropUnique { unique: unique.clone() }, Transaction::WithoutForeignKeys)
    } else {
        return constraint::drop_constraint(dialect, table, &unique.name);
    };
    LiveChange { table: table.clone(), edits: vec![edit] }.statement(transaction, looks)
}

/// The statement that gives a unique constraint another name.
pub fn rename_unique(
    dialect: &Dialect,
    table: &Table,
    old: &Unique,
    new: &Unique,
) -> Result<Statement, Unsupported> {
    let clause = unique_clause(dialect, table, new)?;
    let named = |it: &Unique| object(dialect, &table.name, &it.name);
    let looks = vec![absent(named(old)), present(named(new))];
    let (from, to) = (dialect.quote(&old.name), dialect.quote(&new.name));
    let alter = format!("ALTER TABLE {}", dialect.quote_name(&table.name));
    if dialect.uniques.are_indexes && dialect.indexes.rename == RenameIndex::InTable {
        return Ok(Statement::schema(format!("{alter} RENAME INDEX {from} TO {to}"), looks));
    }
    Ok(match dialect.constraints {
        Constraints::Clauses { renamed: true, .. } => {
            Statement::schema(format!("{alter} RENAME CONSTRAINT {from} TO {to}"), looks)
        }
        Constraints::Clauses { renamed: false, .. } => {
            Statement::schema(format!("{alter} DROP CONSTRAINT {from}, ADD {clause}"), looks)
        }
        Constraints::Rebuild => {
            let drop = TableEdit::DropUnique { unique: old.clone() };
            let edits = vec![drop, TableEdit::AddConstraint { clause }];
            LiveChange { table: table.name.clone(), edits }
                .statement(Transaction::WithoutForeignKeys, looks)
        }
    })
}

/// What the catalog calls it.
fn object(dialect: &Dialect, table: &Name, name: &str) -> Object {
    if dialect.uniques.are_indexes {
        Object::Index(table.clone(), name.to_owned())
    } else {
        Object::Constraint(table.clone(), name.to_owned())
    }
}

/// The unique index that a unique constraint is, where it is nothing else.
pub(super) fn as_index(unique: &Unique) -> Index {
    Index {
        name: unique.name.clone(),
        columns: unique.columns.iter().map(IndexColumn::new).collect(),
        unique: true,
        nulls_not_distinct: unique.nulls_not_distinct,
        include: unique.include.clone(),
        ..Index::default()
    }
}

/// A unique constraint as a database keeps it that has such.
pub(super) fn normal_unique(dialect: &Dialect, unique: &Unique) -> Unique {
    let keep = |names: &[String]| names.iter().map(|it| (dialect.keeping.name)(it)).collect();
    Unique {
        name: (dialect.keeping.name)(&unique.name),
        columns: keep(&unique.columns),
        include: keep(&unique.include),
        ..unique.clone()
    }
}

/// Whether no two rows may be equal in just these columns because of it, at any moment: one that is
/// put off tells nothing apart meanwhile.
pub(crate) fn promises(unique: &Unique, columns: &[String]) -> bool {
    unique.deferral.is_never()
        && unique.columns.len() == columns.len()
        && unique.columns.iter().all(|it| columns.contains(it))
}
