//! Statements as a script that can be read: each ends in a semicolon, and what is written down
//! only when the table has been looked at stands there in words.

use whimbrel::{
    dialect::Dialect,
    sql::{Body, LiveChange, Statement, TableEdit, Transaction},
};

/// One statement.
pub(crate) fn text(statement: &Statement, dialect: &Dialect) -> String {
    let mut text = String::new();
    match statement.transaction {
        Transaction::Forbidden => text.push_str("-- outside of a transaction\n"),
        Transaction::WithoutForeignKeys => {
            text.push_str("-- in a transaction of its own, foreign keys checked at its end\n");
        }
        Transaction::Allowed | Transaction::Controls => {}
    }
    match &statement.body {
        Body::Text(sql) => {
            let sql = sql.trim();
            text.push_str(sql);
            if !sql.ends_with(';') {
                text.push(';');
            }
        }
        Body::Batches(change) => {
            text.push_str(&change.in_words(dialect));
            text.push(';');
        }
        Body::Code(code) => text.push_str(&code.in_words()),
        Body::Live(change) => text.push_str(&live(change, dialect)),
    }
    text.push('\n');
    text
}

fn live(change: &LiveChange, dialect: &Dialect) -> String {
    let table = dialect.quote_name(&change.table);
    let mut lines =
        vec![format!("-- {table} is changed from what it is in the database when this runs:")];
    lines.extend(change.edits.iter().map(|it| format!("--   {}", edit(it, dialect))));
    lines.join("\n")
}

fn edit(edit: &TableEdit, dialect: &Dialect) -> String {
    match edit {
        TableEdit::AlterColumn {
            column,
            data_type,
            collation,
            nullable,
            default,
            on_update: _,
            generated,
            comment,
            values,
            numbered,
            using,
            tied: _,
        } => {
            let mut parts = Vec::new();
            parts.extend(data_type.as_ref().map(|it| format!("type {it}")));
            parts.extend(collation.as_ref().map(|it| match it {
                Some(clause) => clause.clone(),
                None => "the usual collation".to_owned(),
            }));
            parts.extend(nullable.map(|it| if it { "null" } else { "not null" }.to_owned()));
            parts.extend(default.as_ref().map(|it| match it {
                Some(value) => format!("default {value}"),
                None => "no default".to_owned(),
            }));
            parts.extend(generated.as_ref().map(|it| match it {
                Some(clause) => clause.clone(),
                None => "computed no more".to_owned(),
            }));
            parts.extend(comment.as_ref().map(|it| match it {
                Some(clause) => clause.clone(),
                None => "no comment".to_owned(),
            }));
            parts.extend(values.as_ref().map(|it| match it {
                Some(clause) => clause.clone(),
                None => "no list of its values".to_owned(),
            }));
            parts.extend(
                numbered.map(|it| if it { "numbered" } else { "numbered no more" }.to_owned()),
            );
            parts.extend(using.as_ref().map(|it| format!("values become {it}")));
            format!("column {}: {}", dialect.quote(column), parts.join(", "))
        }
        TableEdit::AddColumn { definition, foreign_key, .. } => match foreign_key {
            Some(key) => format!("add column {definition}, {key}"),
            None => format!("add column {definition}"),
        },
        TableEdit::RenameColumn { column, to, .. } => format!(
            "rename column {} to {}, also where others are computed from it",
            dialect.quote(column),
            dialect.quote(to)
        ),
        TableEdit::DropColumn { column } => format!("drop column {}", dialect.quote(column)),
        TableEdit::AddForeignKey { clause } | TableEdit::AddConstraint { clause } => {
            format!("add {clause}")
        }
        TableEdit::DropConstraint { name } => format!("drop constraint {}", dialect.quote(name)),
        TableEdit::DropUnique { unique } => {
            format!("drop unique constraint {}", dialect.quote(&unique.name))
        }
        TableEdit::DropForeignKey { foreign_key, with_index } => {
            let name = dialect.quote(&foreign_key.name);
            let index = if *with_index { " and the index that was made for it" } else { "" };
            format!("drop foreign key {name}{index}")
        }
        TableEdit::RenameForeignKey { foreign_key, clause, .. } => {
            format!("drop foreign key {}, add {clause}", dialect.quote(&foreign_key.name))
        }
        TableEdit::PrimaryKey { columns, .. } if columns.is_empty() => {
            "drop the primary key".to_owned()
        }
        TableEdit::PrimaryKey { columns, .. } => {
            format!("primary key ({}) instead of the one there is", dialect.quote_all(columns))
        }
        TableEdit::Options { words } if words.is_empty() => "no options any more".to_owned(),
        TableEdit::Options { words } => format!("options{words}"),
        TableEdit::DropIndex { index } => format!(
            "drop index {}; a foreign key that needs it gets one of its own",
            dialect.quote(index)
        ),
    }
}
