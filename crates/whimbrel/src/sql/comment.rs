//! What is told of tables and columns in the database, for people.

use super::Statement;
use crate::{
    dialect::{After, ColumnFacts, Comments, Dialect, Look, Object, TableFacts, Unsupported},
    schema::{Column, Name, NamedColumn, Table},
};

/// A comment as a database keeps it: an empty one is none, and some keep none at all.
pub fn kept_comment<'a>(dialect: &Dialect, comment: Option<&'a String>) -> Option<&'a String> {
    comment.filter(|it| !it.is_empty() && dialect.comments != Comments::LeftOut)
}

/// `COMMENT '…'` behind the definition of a column, where it stands there and there is one.
pub(super) fn clause(
    dialect: &Dialect,
    named: &NamedColumn,
) -> Result<Option<String>, Unsupported> {
    let Comments::InDefinition { column: longest, .. } = dialect.comments else { return Ok(None) };
    let Some(text) = kept_comment(dialect, named.column.comment.as_ref()) else { return Ok(None) };
    check_length(dialect, text, longest, || format!("column `{}`", named.name))?;
    Ok(Some(format!("COMMENT {}", dialect.literal(text))))
}

/// ` COMMENT='…'` behind the definition of a table, where it stands there and there is one.
pub(super) fn suffix(dialect: &Dialect, table: &Table) -> Result<String, Unsupported> {
    let Comments::InDefinition { table: longest, .. } = dialect.comments else {
        return Ok(String::new());
    };
    let Some(text) = kept_comment(dialect, table.comment.as_ref()) else {
        return Ok(String::new());
    };
    check_length(dialect, text, longest, || format!("table `{}`", table.name))?;
    Ok(format!(" COMMENT={}", dialect.literal(text)))
}

/// What comes to be told of a column, where that is a part of its definition and changes.
pub fn redefined_comment(
    dialect: &Dialect,
    old: &Column,
    new: &NamedColumn,
) -> Result<Option<Option<String>>, Unsupported> {
    let Comments::InDefinition { .. } = dialect.comments else { return Ok(None) };
    // It may be too long.
    clause(dialect, new)?;
    let [was, is] = [old, &new.column].map(|it| kept_comment(dialect, it.comment.as_ref()));
    Ok((was != is).then(|| is.cloned()))
}

/// The statement that tells this of a column, or nothing any more, where that is no part of its
/// definition.
pub fn comment_on_column(
    dialect: &Dialect,
    table: &Name,
    column: &str,
    comment: Option<&String>,
) -> Option<Statement> {
    if dialect.comments != Comments::Statement {
        return None;
    }
    let comment = kept_comment(dialect, comment);
    let object = Object::Column(table.clone(), column.to_owned());
    let facts = ColumnFacts { comment: Some(comment.cloned()), ..ColumnFacts::default() };
    let text = format!(
        "COMMENT ON COLUMN {}.{} IS {}",
        dialect.quote_name(table),
        dialect.quote(column),
        literal(dialect, comment)
    );
    Some(Statement::schema(text, [Look { object, after: After::Column(facts) }]))
}

/// The statement that tells this of a table that is there, or nothing any more.
pub fn comment_on_table(
    dialect: &Dialect,
    table: &Table,
) -> Result<Option<Statement>, Unsupported> {
    let comment = kept_comment(dialect, table.comment.as_ref());
    let name = dialect.quote_name(&table.name);
    let text = match dialect.comments {
        Comments::Statement => {
            format!("COMMENT ON TABLE {name} IS {}", literal(dialect, comment))
        }
        Comments::InDefinition { .. } => match suffix(dialect, table)? {
            none if none.is_empty() => format!("ALTER TABLE {name} COMMENT=''"),
            suffix => format!("ALTER TABLE {name}{suffix}"),
        },
        Comments::LeftOut => return Ok(None),
    };
    let facts = TableFacts { comment: Some(comment.cloned()), ..TableFacts::default() };
    let look = Look { object: Object::Table(table.name.clone()), after: After::Table(facts) };
    Ok(Some(Statement::schema(text, [look])))
}

/// What a new table and its columns tell, where that is no part of their definitions.
pub(super) fn statements(dialect: &Dialect, table: &Table) -> Result<Vec<Statement>, Unsupported> {
    if dialect.comments != Comments::Statement {
        return Ok(vec![]);
    }
    let own = match kept_comment(dialect, table.comment.as_ref()) {
        Some(_) => comment_on_table(dialect, table)?,
        None => None,
    };
    let of_columns = table.columns.iter().filter_map(|it| {
        let comment = kept_comment(dialect, it.column.comment.as_ref())?;
        comment_on_column(dialect, &table.name, &it.name, Some(comment))
    });
    Ok(own.into_iter().chain(of_columns).collect())
}

/// That a change of comments alone comes to nothing here, and why.
pub fn comments_left_out(dialect: &Dialect, what: &str) -> Option<String> {
    let leaves_out = dialect.comments == Comments::LeftOut;
    leaves_out.then(|| format!("the comment of {what} is left out: {} has none", dialect.product))
}

fn literal(dialect: &Dialect, comment: Option<&String>) -> String {
    comment.map_or_else(|| "NULL".to_owned(), |it| dialect.literal(it))
}

fn check_length(
    dialect: &Dialect,
    text: &str,
    longest: usize,
    of: impl FnOnce() -> String,
) -> Result<(), Unsupported> {
    let length = text.chars().count();
    if length <= longest {
        return Ok(());
    }
    let because = format!(
        "{} keeps {longest} characters of it and this one has {length}; shorten it",
        dialect.product
    );
    Err(Unsupported::new(format!("the comment of {}", of()), because))
}
