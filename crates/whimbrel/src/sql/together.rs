//! Changes of one table that are made at once, where the database would write all its rows anew for
//! each of them.

use super::{Body, LiveChange, Statement, TableEdit, expression::names_column, read_values_clause};
use crate::{
    dialect::{After, AlterColumn, ColumnFacts, Dialect, Look, Object},
    schema::{ColumnType, Name},
};

/// The one statement that does what these two do one after the other; `None` where they don't start
/// from the same table, or may come to something else that way. `refuses` says whether the first one
/// refuses rows: a second one of the same column might let them through.
pub fn at_once(
    dialect: &Dialect,
    first: &Statement,
    next: &Statement,
    refuses: bool,
) -> Option<Statement> {
    let (one, other) = match (&first.body, &next.body) {
        (Body::Live(one), Body::Live(other)) => (one, other),
        (Body::Text(one), Body::Text(other)) => {
            let text = retyped_at_once(dialect, (first, one), (next, other))?;
            let looks = first.looks.iter().chain(&next.looks).cloned().collect();
            return Some(Statement { body: Body::Text(text), looks, ..first.clone() });
        }
        _ => return None,
    };
    let statement = |body, looks| Statement { body, looks, ..first.clone() };
    // Nothing but what they change and how that is told differs.
    let same = statement(next.body.clone(), next.looks.clone()) == *next;
    if one.table != other.table || !same || first.lenient || first.after_commit {
        return None;
    }
    let mut edits = one.edits.clone();
    for edit in &other.edits {
        add(dialect, &mut edits, edit, refuses)?;
    }
    if !edits.iter().all(|it| joins(dialect, it)) {
        return None;
    }
    let looks = both_looks(&first.looks, &next.looks)?;
    Some(statement(Body::Live(LiveChange { table: one.table.clone(), edits }), looks))
}

/// The one text that gives columns of a table their new types, for a database that does so by clauses;
/// `None` where that is not what both do, or where the second one needs what the first one has done.
fn retyped_at_once(
    dialect: &Dialect,
    (first, one): (&Statement, &str),
    (next, other): (&Statement, &str),
) -> Option<String> {
    let same = Statement { body: first.body.clone(), looks: first.looks.clone(), ..next.clone() };
    if dialect.alter_column != AlterColumn::Clauses || *first != same {
        return None;
    }
    if first.lenient || first.after_commit {
        return None;
    }
    let (table, columns) = retyped(first)?;
    let (same_table, more) = retyped(next)?;
    let head = format!("ALTER TABLE {} ", dialect.quote_name(table));
    let clauses = other.strip_prefix(&head)?;
    let both_alter = one.strip_prefix(&head)?.starts_with("ALTER COLUMN ")
        && clauses.starts_with("ALTER COLUMN ");
    // An expression would see the old values where it has seen the new ones.
    let apart = columns.iter().all(|it| !more.contains(it) && !names_column(clauses, it));
    (table == same_table && both_alter && apart).then(|| format!("{one}, {clauses}"))
}

/// The table and the columns of which a statement tells that they come to have another type.
fn retyped(statement: &Statement) -> Option<(&Name, Vec<&str>)> {
    let mut found: Option<(&Name, Vec<&str>)> = None;
    for look in &statement.looks {
        let (Object::Column(table, column), After::Column(facts)) = (&look.object, &look.after)
        else {
            return None;
        };
        facts.data_type.as_ref()?;
        let (of, columns) = found.get_or_insert_with(|| (table, Vec::new()));
        if *of != table {
            return None;
        }
        columns.push(column);
    }
    found
}

/// Whether an edit comes to the same beside others.
fn joins(dialect: &Dialect, edit: &TableEdit) -> bool {
    match (edit, dialect.alter_column) {
        // What is computed may come and go as a whole.
        (TableEdit::AlterColumn { generated: Some(_), .. }, _) => false,
        (TableEdit::AlterColumn { tied, .. }, rebuilds) => {
            !tied || rebuilds == AlterColumn::Rebuild
        }
        (
            TableEdit::AddConstraint { .. }
            | TableEdit::DropConstraint { .. }
            | TableEdit::AddForeignKey { .. }
            | TableEdit::DropForeignKey { .. }
            | TableEdit::DropUnique { .. },
            rebuilds,
        ) => rebuilds == AlterColumn::Rebuild,
        _ => false,
    }
}

/// Puts an edit behind the others, or makes one of it and the one of the same column.
fn add(
    dialect: &Dialect,
    edits: &mut Vec<TableEdit>,
    next: &TableEdit,
    refuses: bool,
) -> Option<()> {
    let TableEdit::AlterColumn { column, .. } = next else {
        edits.push(next.clone());
        return Some(());
    };
    let is_it = |it: &&mut TableEdit| matches!(it, TableEdit::AlterColumn { column: own, .. } if own == column);
    match edits.iter_mut().find(is_it) {
        Some(_) if refuses => return None,
        Some(first) => *first = both(dialect, first, next)?,
        None => edits.push(next.clone()),
    }
    Some(())
}

/// Two changes of one column. Values become those of its new type step by step, so that they are
/// apart where one step might refuse or change some.
fn both(dialect: &Dialect, first: &TableEdit, next: &TableEdit) -> Option<TableEdit> {
    let (
        TableEdit::AlterColumn {
            column,
            data_type,
            collation,
            nullable,
            default,
            on_update,
            generated: None,
            comment,
            values,
            numbered,
            tied,
            using: None,
        },
        TableEdit::AlterColumn {
            column: _,
            data_type: new_type,
            collation: new_collation,
            nullable: new_nullable,
            default: new_default,
            on_update: new_on_update,
            generated: None,
            comment: new_comment,
            values: new_values,
            numbered: new_numbered,
            tied: new_tied,
            using: None,
        },
    ) = (first, next)
    else {
        return None;
    };
    let own = |text: &String| values_of((dialect.types.read)(text));
    if let (Some(was), Some(is)) = (data_type, new_type)
        && !adds(own(was), own(is))
    {
        return None;
    }
    let said =
        |text: &Option<String>| values_of(read_values_clause(dialect, column, text.as_deref()?)?);
    if let (Some(was), Some(is)) = (values, new_values)
        && !adds(said(was), said(is))
    {
        return None;
    }
    // Rows may be refused for want of a value that another step has no word for.
    if nullable.is_some() && new_nullable.is_some() || numbered.is_some() || new_numbered.is_some()
    {
        return None;
    }
    Some(TableEdit::AlterColumn {
        column: column.clone(),
        data_type: new_type.clone().or_else(|| data_type.clone()),
        collation: new_collation.clone().or_else(|| collation.clone()),
        nullable: new_nullable.or(*nullable),
        default: new_default.clone().or_else(|| default.clone()),
        on_update: *on_update || *new_on_update,
        generated: None,
        comment: new_comment.clone().or_else(|| comment.clone()),
        values: new_values.clone().or_else(|| values.clone()),
        numbered: None,
        tied: *tied || *new_tied,
        using: None,
    })
}

fn values_of(data_type: ColumnType) -> Option<Vec<String>> {
    match data_type {
        ColumnType::Enum { values, .. } => Some(values),
        _ => None,
    }
}

/// Whether values come and none goes.
fn adds(was: Option<Vec<String>>, is: Option<Vec<String>>) -> bool {
    matches!((was, is), (Some(was), Some(is)) if was.iter().all(|it| is.contains(it)))
}

/// How to tell that both have had their effect; of one object the later look counts.
fn both_looks(first: &[Look], next: &[Look]) -> Option<Vec<Look>> {
    let mut looks = first.to_vec();
    for look in next {
        let Some(was) = looks.iter_mut().find(|it| it.object == look.object) else {
            looks.push(look.clone());
            continue;
        };
        was.after = match (&was.after, &look.after) {
            (After::Column(was), After::Column(is)) => After::Column(both_facts(was, is)),
            (After::Present | After::Absent, after @ (After::Present | After::Absent)) => {
                after.clone()
            }
            _ => return None,
        };
    }
    Some(looks)
}

fn both_facts(was: &ColumnFacts, is: &ColumnFacts) -> ColumnFacts {
    ColumnFacts {
        data_type: is.data_type.clone().or_else(|| was.data_type.clone()),
        nullable: is.nullable.or(was.nullable),
        default: is.default.clone().or_else(|| was.default.clone()),
        generated: is.generated.clone().or_else(|| was.generated.clone()),
        collation: is.collation.clone().or_else(|| was.collation.clone()),
        comment: is.comment.clone().or_else(|| was.comment.clone()),
        values: is.values.clone().or_else(|| was.values.clone()),
        identity: is.identity.clone().or_else(|| was.identity.clone()),
        options: was.options.clone().into_iter().chain(is.options.clone()).collect(),
    }
}
