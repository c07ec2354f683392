//! Conditions that must hold of every row, and how a constraint comes and goes by its name.

use super::{
    LiveChange, Statement, TableEdit, Transaction, absent,
    expression::{names_column_of, rename_in_expression_of},
    present,
};
use crate::{
    dialect::{ALL, Constraints, Dialect, ForeignKeys, Numbering, Object, POSTGRES, Unsupported},
    schema::{Check, Database, ForeignKey, Name, PerDatabase, Table},
};

/// `CONSTRAINT "price_is_positive" CHECK (price > 0)`; `None` on a database that goes without.
pub fn check_clause(dialect: &Dialect, check: &Check) -> Result<Option<String>, Unsupported> {
    dialect.check_name(&check.name)?;
    let Some(condition) = dialect.text(&check.condition) else {
        return Err(Unsupported::new(
            format!("check `{}`", check.name),
            format!(
                "nothing is said for {}; add its condition, or an empty one where it is to go without",
                dialect.product
            ),
        ));
    };
    let condition = condition.trim();
    let clause = || format!("CONSTRAINT {} CHECK ({condition})", dialect.quote(&check.name));
    Ok((!condition.is_empty()).then(clause))
}

/// Refuses a check that speaks of a column that numbers itself, where checks can't see the number.
pub fn check_seen(dialect: &Dialect, table: &Table, check: &Check) -> Result<(), Unsupported> {
    let Some(condition) = dialect.text(&check.condition) else { return Ok(()) };
    let is_blind = dialect.types.numbering == Numbering::InKey;
    let blind = table.columns.iter().find(|it| {
        is_blind && it.column.is_numbered() && names_column_of(dialect, condition, &it.name)
    });
    match blind {
        None => Ok(()),
        Some(column) => Err(Unsupported::new(
            format!("check `{}`", check.name),
            format!(
                "it speaks of `{}`, which numbers itself, and {} looks at checks before there is a \
                 number; leave the check empty for it",
                column.name, dialect.product
            ),
        )),
    }
}

/// The statement that adds a constraint to a table that is there.
pub fn add_constraint(dialect: &Dialect, table: &Name, name: &str, clause: String) -> Statement {
    let looks = vec![present(Object::Constraint(table.clone(), name.to_owned()))];
    if dialect.constraints == Constraints::Rebuild {
        let edits = vec![TableEdit::AddConstraint { clause }];
        let change = LiveChange { table: table.clone(), edits };
        return change.statement(Transaction::WithoutForeignKeys, looks);
    }
    Statement::schema(format!("ALTER TABLE {} ADD {clause}", dialect.quote_name(table)), looks)
}

/// The statement that drops a constraint by its name.
pub fn drop_constraint(dialect: &Dialect, table: &Name, name: &str) -> Statement {
    let looks = vec![absent(Object::Constraint(table.clone(), name.to_owned()))];
    if dialect.constraints == Constraints::Rebuild {
        let edits = vec![TableEdit::DropConstraint { name: name.to_owned() }];
        let change = LiveChange { table: table.clone(), edits };
        return change.statement(Transaction::WithoutForeignKeys, looks);
    }
    let (table, name) = (dialect.quote_name(table), dialect.quote(name));
    Statement::schema(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"), looks)
}

/// The statement that gives a check another name; `None` on a database that goes without.
pub fn rename_check(
    dialect: &Dialect,
    table: &Name,
    old: &Check,
    new: &Check,
) -> Result<Option<Statement>, Unsupported> {
    let Some(clause) = check_clause(dialect, new)? else { return Ok(None) };
    let object = |it: &Check| Object::Constraint(table.clone(), it.name.clone());
    let looks = vec![absent(object(old)), present(object(new))];
    let edits = vec![
        TableEdit::DropConstraint { name: old.name.clone() },
        TableEdit::AddConstraint { clause: clause.clone() },
    ];
    let (from, to) = (dialect.quote(&old.name), dialect.quote(&new.name));
    let alter = format!("ALTER TABLE {}", dialect.quote_name(table));
    Ok(Some(match dialect.constraints {
        Constraints::Clauses { renamed: true, .. } => {
            Statement::schema(format!("{alter} RENAME CONSTRAINT {from} TO {to}"), looks)
        }
        Constraints::Clauses { renamed: false, .. } => {
            Statement::schema(format!("{alter} DROP CONSTRAINT {from}, ADD {clause}"), looks)
        }
        Constraints::Rebuild => LiveChange { table: table.clone(), edits }
            .statement(Transaction::WithoutForeignKeys, looks),
    }))
}

/// The statement that gives a foreign key another name; `clause` is the key under that name, and
/// with it goes the index that the database made for it.
pub fn rename_foreign_key(
    dialect: &Dialect,
    table: &Name,
    key: ForeignKey,
    to: &str,
    clause: String,
    with_index: bool,
) -> Statement {
    let object = |it: &str| Object::ForeignKey(table.clone(), it.to_owned());
    let looks = vec![absent(object(&key.name)), present(object(to))];
    if let Constraints::Clauses { renamed: true, .. } = dialect.constraints {
        let (from, to) = (dialect.quote(&key.name), dialect.quote(to));
        let alter = format!("ALTER TABLE {}", dialect.quote_name(table));
        return Statement::schema(format!("{alter} RENAME CONSTRAINT {from} TO {to}"), looks);
    }
    let (edits, transaction) = match dialect.foreign_keys {
        ForeignKeys::Clauses { .. } => {
            let to = to.to_owned();
            let edit = TableEdit::RenameForeignKey { foreign_key: key, to, clause, with_index };
            (vec![edit], Transaction::Allowed)
        }
        ForeignKeys::Rebuild => {
            let drop = TableEdit::DropForeignKey { foreign_key: key, with_index: false };
            let add = TableEdit::AddForeignKey { clause };
            (vec![drop, add], Transaction::WithoutForeignKeys)
        }
    };
    LiveChange { table: table.clone(), edits }.statement(transaction, looks)
}

/// The statement that gives a column another name while checks that speak of it come anew, where
/// the database does not follow the name into them; `None` where there is nothing to be done.
pub fn rename_checked_column(
    dialect: &Dialect,
    table: &Name,
    (from, to): (&str, &str),
    (before, after): (&[Check], &[Check]),
) -> Result<Option<Statement>, Unsupported> {
    let (drop, add) = clauses_of_checks(dialect, (from, to), (before, after))?;
    if drop.is_empty() {
        return Ok(None);
    }
    let rename = format!("RENAME COLUMN {} TO {}", dialect.quote(from), dialect.quote(to));
    let clauses: Vec<String> = drop.into_iter().chain([rename]).chain(add).collect();
    let column = |name: &str| Object::Column(table.clone(), name.to_owned());
    let text = format!("ALTER TABLE {} {}", dialect.quote_name(table), clauses.join(", "));
    Ok(Some(Statement::schema(text, [absent(column(from)), present(column(to))])))
}

/// The clauses by which checks go that speak of the column `from`, and those by which they come again
/// once it is called otherwise; none where the database sees to it.
pub fn clauses_of_checks(
    dialect: &Dialect,
    (from, _): (&str, &str),
    (before, after): (&[Check], &[Check]),
) -> Result<(Vec<String>, Vec<String>), Unsupported> {
    let (mut drop, mut add) = (Vec::new(), Vec::new());
    if !matches!(dialect.constraints, Constraints::Clauses { follow_renames: false, .. }) {
        return Ok((drop, add));
    }
    for check in before.iter().filter(|it| speaks_of(&it.condition, from)) {
        let new = after.iter().find(|it| it.name == check.name);
        let (Some(_), Some(new)) = (check_clause(dialect, check)?, new) else { continue };
        drop.push(format!("DROP CONSTRAINT {}", dialect.quote(&check.name)));
        add.extend(check_clause(dialect, new)?.map(|it| format!("ADD {it}")));
    }
    Ok((drop, add))
}

/// Whether a condition speaks of a column, on any database.
pub fn speaks_of(condition: &PerDatabase, column: &str) -> bool {
    let own = condition.texts.iter();
    own.into_iter().any(|(on, it)| names_column_of(reader_of(*on), it, column))
        || condition.otherwise.iter().any(|it| names_column_of(&POSTGRES, it, column))
}

/// The condition with one column's name put for another's, each text read as its database reads
/// it, and one for all by the standard's rules.
pub fn renamed_in(condition: &PerDatabase, from: &str, to: &str) -> PerDatabase {
    let rename = |dialect: &Dialect, text: &str| rename_in_expression_of(dialect, text, from, to);
    PerDatabase {
        texts: condition.texts.iter().map(|(on, it)| (*on, rename(reader_of(*on), it))).collect(),
        otherwise: condition.otherwise.as_deref().map(|it| rename(&POSTGRES, it)),
    }
}

/// The dialect that reads a text for this database.
pub(super) fn reader_of(database: Database) -> &'static Dialect {
    ALL.iter().copied().find(|it| it.databases.first() == Some(&database)).unwrap_or(&POSTGRES)
}
