//! Changing columns of a table that is there.

use std::collections::BTreeMap;

use super::{LiveChange, Statement, TableEdit, Transaction, absent, column_option, present};
use crate::{
    dialect::{After, AlterColumn, ColumnFacts, Dialect, DropColumn, Look, Object},
    schema::Name,
};

/// A column gets another name.
pub fn rename_column(dialect: &Dialect, table: &Name, from: &str, to: &str) -> Statement {
    let text = format!(
        "ALTER TABLE {} RENAME COLUMN {} TO {}",
        dialect.quote_name(table),
        dialect.quote(from),
        dialect.quote(to)
    );
    let column = |name: &str| Object::Column(table.clone(), name.to_owned());
    Statement::schema(text, [absent(column(from)), present(column(to))])
}

/// A column goes, with its values, and with the primary key where it is the whole of that.
pub fn drop_column(dialect: &Dialect, table: &Name, column: &str, takes_key: bool) -> Statement {
    let mut looks = vec![absent(Object::Column(table.clone(), column.to_owned()))];
    looks.extend(takes_key.then(|| absent(Object::PrimaryKey(table.clone()))));
    if dialect.drop_column == DropColumn::Rebuild {
        let key = TableEdit::PrimaryKey { columns: vec![], numbered: false, not_null: vec![] };
        let drop = TableEdit::DropColumn { column: column.to_owned() };
        let edits = takes_key.then_some(key).into_iter().chain([drop]).collect();
        let change = LiveChange { table: table.clone(), edits };
        return change.statement(Transaction::WithoutForeignKeys, looks);
    }
    let (table, column) = (dialect.quote_name(table), dialect.quote(column));
    Statement::schema(format!("ALTER TABLE {table} DROP COLUMN {column}"), looks)
}

/// What becomes different about a column, in the database's own words; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alteration {
    /// The column.
    pub column: String,
    /// Its new type.
    pub data_type: Option<String>,
    /// The collation that it comes to have; `Some(None)` for the usual one.
    pub collation: Option<Option<String>>,
    /// What says its collation behind the type afterwards, changed or not.
    pub collation_clause: Option<String>,
    /// How an old value becomes a new one, where the database doesn't know.
    pub using: Option<String>,
    /// Whether a row may leave it empty.
    pub nullable: Option<bool>,
    /// What stands behind `DEFAULT`, or that nothing does; with what happens when a row is changed,
    /// where that is said there.
    pub default: Option<Option<String>>,
    /// Whether what happens when a row is changed is or was said with the default.
    pub on_update: bool,
    /// What it is computed from, as its definition says it, or that it isn't computed any more.
    pub generated: Option<Option<String>>,
    /// The same in the words of a look.
    pub looked_generated: Option<Option<String>>,
    /// What is told of it, or that nothing is any more, where that is a part of its definition.
    pub comment: Option<Option<String>>,
    /// What its definition says of its values, where that is no part of the type.
    pub values: Option<Option<String>>,
    /// Whether the database numbers it from now on, where its definition says so.
    pub numbered: Option<bool>,
    /// Whether it is in a foreign key of its table.
    pub tied: bool,
    /// Whether it may be left empty afterwards, changed or not.
    pub ends_nullable: bool,
    /// What it comes to be told that no other database has a word for; `None` for what goes without
    /// saying.
    pub options: BTreeMap<String, Option<String>>,
    /// How its values are kept where nothing is said of that.
    pub usual_storage: Option<&'static str>,
}

impl Alteration {
    /// Whether anything becomes different.
    pub fn is_nothing(&self) -> bool {
        self.data_type.is_none()
            && self.nullable.is_none()
            && self.default.is_none()
            && self.generated.is_none()
            && self.comment.is_none()
            && self.values.is_none()
            && self.collation.is_none()
            && self.numbered.is_none()
            && self.options.is_empty()
    }

    /// The same as two, of which the second begins or ends the numbering; the first is nothing where
    /// no value may be missing already.
    pub fn numbered_last(self) -> (Self, Self) {
        if self.nullable.is_none() {
            return (Self::default(), self);
        }
        let first = Self {
            column: self.column.clone(),
            nullable: self.nullable,
            collation_clause: self.collation_clause.clone(),
            ends_nullable: self.ends_nullable,
            ..Self::default()
        };
        (first, Self { nullable: None, ..self })
    }

    fn look(&self, table: &Name) -> Look {
        let facts = ColumnFacts {
            data_type: self.data_type.clone(),
            nullable: self.nullable,
            default: self.default.clone(),
            generated: self.looked_generated.clone(),
            collation: self.collation.clone(),
            comment: self.comment.clone(),
            values: self.values.as_ref().map(|it| it.as_deref().map(condition)),
            identity: self.numbered.map(|it| it.then(|| "BY DEFAULT".to_owned())),
            options: self.options.clone(),
        };
        Look {
            object: Object::Column(table.clone(), self.column.clone()),
            after: After::Column(facts),
        }
    }
}

/// `CHECK (…)` without the name before.
fn condition(clause: &str) -> String {
    let at = clause.find("\" CHECK (\"").map_or(0, |it| it + 2);
    clause[at..].to_owned()
}

/// The one statement that makes all these changes of a table; `None` where there are none.
pub fn alter_columns(
    dialect: &Dialect,
    table: &Name,
    mut alterations: Vec<Alteration>,
) -> Option<Statement> {
    alterations.retain(|it| !it.is_nothing());
    if alterations.is_empty() {
        return None;
    }
    let looks: Vec<Look> = alterations.iter().map(|it| it.look(table)).collect();
    let clauses: Option<Vec<String>> = match dialect.alter_column {
        AlterColumn::Clauses => {
            Some(alterations.iter().flat_map(|it| by_clauses(dialect, it)).collect())
        }
        AlterColumn::Restate => alterations.iter().map(|it| default_clause(dialect, it)).collect(),
        AlterColumn::Rebuild => None,
    };
    if let Some(clauses) = clauses {
        let text = format!("ALTER TABLE {} {}", dialect.quote_name(table), clauses.join(", "));
        return Some(Statement::schema(text, looks));
    }
    let transaction = match dialect.alter_column {
        AlterColumn::Rebuild => Transaction::WithoutForeignKeys,
        AlterColumn::Clauses | AlterColumn::Restate => Transaction::Allowed,
    };
    let edits = alterations.into_iter().map(|it| edit(dialect, it)).collect();
    Some(LiveChange { table: table.clone(), edits }.statement(transaction, looks))
}

/// The one statement that builds a table anew with all these changes of columns, other edits and
/// conversions of values, for a database that has no other way; `None` where there are none.
/// `done_when` tells whether it has run where no column is looked at.
pub fn rebuild_columns(
    dialect: &Dialect,
    table: &Name,
    alterations: Vec<Alteration>,
    more: Vec<TableEdit>,
    done_when: Option<String>,
) -> Option<Statement> {
    if alterations.is_empty() && more.is_empty() {
        return None;
    }
    let looked = alterations.iter().filter(|it| !it.is_nothing());
    let looks: Vec<Look> = looked.map(|it| it.look(table)).collect();
    let done_when = done_when.filter(|_| looks.is_empty());
    let edits = alterations.into_iter().map(|it| edit(dialect, it)).chain(more).collect();
    let change = LiveChange { table: table.clone(), edits };
    Some(Statement { done_when, ..change.statement(Transaction::WithoutForeignKeys, looks) })
}

/// The statement that says these words of a table itself and makes these changes of its columns, each
/// of which is defined anew.
pub(super) fn alter_with_words(
    dialect: &Dialect,
    table: &Name,
    words: String,
    look: Look,
    alterations: Vec<Alteration>,
) -> Statement {
    let looks = [look].into_iter().chain(alterations.iter().map(|it| it.look(table))).collect();
    let words = TableEdit::Options { words };
    let edits = alterations.into_iter().map(|it| edit(dialect, it));
    let edits = [words].into_iter().chain(edits).collect();
    LiveChange { table: table.clone(), edits }.statement(Transaction::Allowed, looks)
}

fn edit(dialect: &Dialect, it: Alteration) -> TableEdit {
    let comment = it.comment.map(|it| it.map(|text| format!("COMMENT {}", dialect.literal(&text))));
    TableEdit::AlterColumn {
        column: it.column,
        data_type: it.data_type,
        collation: it.collation.map(|_| it.collation_clause),
        nullable: it.nullable,
        tied: it.tied && it.nullable == Some(false),
        default: it.default,
        on_update: it.on_update,
        generated: it.generated,
        comment,
        values: it.values,
        numbered: it.numbered,
        using: it.using,
    }
}

/// Clauses that each say one thing. The database itself puts those of one statement in the
/// right order: defaults go first and come last (manual, "ALTER TABLE").
fn by_clauses(dialect: &Dialect, it: &Alteration) -> Vec<String> {
    let column = dialect.quote(&it.column);
    let mut clauses = Vec::new();
    if it.generated == Some(None) {
        clauses.push(format!("ALTER COLUMN {column} DROP EXPRESSION"));
    }
    if let Some(data_type) = &it.data_type {
        let using = it.using.as_ref().map(|it| format!(" USING {it}")).unwrap_or_default();
        // The old default may not have the new type even where the values do.
        if it.using.is_some() && it.default.is_some() {
            clauses.push(format!("ALTER COLUMN {column} DROP DEFAULT"));
        }
        let collation = it.collation_clause.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        clauses.push(format!("ALTER COLUMN {column} TYPE {data_type}{collation}{using}"));
    }
    if let Some(nullable) = it.nullable {
        let word = if nullable { "DROP" } else { "SET" };
        clauses.push(format!("ALTER COLUMN {column} {word} NOT NULL"));
    }
    match &it.default {
        Some(Some(text)) => clauses.push(format!("ALTER COLUMN {column} SET DEFAULT {text}")),
        Some(None) if it.data_type.is_some() && it.using.is_some() => {}
        Some(None) => clauses.push(format!("ALTER COLUMN {column} DROP DEFAULT")),
        None => {}
    }
    clauses.extend(it.options.iter().map(|(name, value)| {
        let clause = column_option::clause(name, value.as_deref(), it.usual_storage);
        format!("ALTER COLUMN {column} {clause}")
    }));
    clauses
}

/// A change of nothing but the default needs no restatement, and touches no row. `None` where
/// more changes, or the default says what happens on update.
fn default_clause(dialect: &Dialect, it: &Alteration) -> Option<String> {
    let definition = it.data_type.is_some()
        || it.generated.is_some()
        || it.numbered.is_some()
        || it.collation.is_some()
        || it.comment.is_some();
    if definition || it.nullable.is_some() || it.on_update {
        return None;
    }
    let column = dialect.quote(&it.column);
    Some(match it.default.as_ref()? {
        Some(text) if text.to_ascii_uppercase().contains(" ON UPDATE ") => return None,
        // Here MySQL takes a constant in brackets for a plain one, which a text can't have (error
        // 1101); where the column is defined anew it takes it for the expression that it is.
        Some(text)
            if text
                .strip_prefix('(')
                .and_then(|it| it.strip_suffix(')'))
                .is_some_and(crate::dialect::is_constant) =>
        {
            return None;
        }
        Some(text) if text.starts_with('(') || crate::dialect::is_constant(text) => {
            format!("ALTER COLUMN {column} SET DEFAULT {text}")
        }
        Some(text) => format!("ALTER COLUMN {column} SET DEFAULT ({text})"),
        // `DROP DEFAULT` would take the implied NULL too, and inserts would fail for want of a
        // value (error 1364); `SET DEFAULT NULL` a text doesn't take (error 1101). Where the column
        // is defined anew nothing is to be said.
        None if it.ends_nullable => return None,
        None => format!("ALTER COLUMN {column} DROP DEFAULT"),
    })
}
