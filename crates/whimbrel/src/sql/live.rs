//! Changes that start from a table as it stands in the database, so that nothing is lost that the
//! migrations know nothing of: collations, comments, checks, generated columns, triggers.

use super::{
    LiveChange, TableEdit, Unsupported, auto_update, begin_auto_update, create_index,
    create_table_text,
    definition::{ClauseKind, ColumnItem, DefinitionError, ItemBody, TableDefinition},
    expression::rename_in_expression_of,
    leaning,
    lexer::lex_significant,
    trigger::Trigger,
};
use crate::{
    connection::Row,
    dialect::{AlterColumn, Dialect, Numbering},
    schema::{Name, Schema, Table},
    sql::{Body, Statement},
};

/// A table as it stands in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveTable {
    /// Its name.
    pub name: Name,
    /// Its `CREATE TABLE`.
    pub definition: String,
    /// The `CREATE INDEX` and `CREATE TRIGGER` of what hangs on it, in the order they were made.
    pub attached: Vec<String>,
    /// The views and the triggers of other tables that may speak of it, each with its `CREATE`.
    pub speaking: Vec<Speaking>,
}

/// A view, or a trigger of another table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaking {
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub is_view: bool,
    /// Its `CREATE`.
    pub definition: String,
}

impl LiveTable {
    /// The table that the answers to [`Dialect::live_queries`] show, in their order.
    pub fn from_rows(
        dialect: &Dialect,
        name: &Name,
        answers: Vec<Vec<Row>>,
    ) -> Result<Self, Unsupported> {
        let gone = || {
            Unsupported::new(
                format!("to change table `{name}`"),
                "the database has no such table, or doesn't show its definition to this role",
            )
        };
        let mut live = Self {
            name: name.clone(),
            definition: String::new(),
            attached: vec![],
            speaking: vec![],
        };
        let rows = answers.into_iter().next().unwrap_or_default();
        if dialect.alter_column == AlterColumn::Restate {
            // `SHOW CREATE TABLE`: the name, the text.
            live.definition = rows
                .into_iter()
                .next()
                .and_then(|it| it.into_iter().nth(1))
                .flatten()
                .ok_or_else(gone)?;
            return Ok(live);
        }
        for row in rows {
            let [Some(kind), Some(object), Some(table), Some(text)] =
                <[Option<String>; 4]>::try_from(row).map_err(|_| gone())?
            else {
                return Err(gone());
            };
            live.take(&kind, object, &table, text);
        }
        if live.definition.is_empty() { Err(gone()) } else { Ok(live) }
    }

    /// A row of `sqlite_schema`.
    fn take(&mut self, kind: &str, name: String, table: &str, definition: String) {
        let is_here = table.eq_ignore_ascii_case(&self.name.name);
        match kind {
            "table" if is_here => self.definition = definition,
            "index" | "trigger" if is_here => self.attached.push(definition),
            "view" | "trigger" => {
                self.speaking.push(Speaking { name, is_view: kind == "view", definition });
            }
            _ => {}
        }
    }

    /// The table as whimbrel itself would have made it: what a plan shows without a database.
    pub fn of(dialect: &Dialect, schema: &Schema, table: &Table) -> Result<Self, Unsupported> {
        let mut attached = vec![];
        if !dialect.indexes.in_create_table {
            for index in &table.indexes {
                if let Body::Text(text) = create_index(dialect, table, index)?.body {
                    attached.push(text);
                }
            }
        }
        for column in &table.columns {
            for statement in begin_auto_update(dialect, table, column)? {
                if let Body::Text(text) = statement.body {
                    attached.push(text);
                }
            }
        }
        let definition = create_table_text(dialect, schema, table)?;
        let definition = leaning::with_indexes(dialect, table, definition);
        Ok(Self { name: table.name.clone(), definition, attached, speaking: vec![] })
    }
}

/// The statements that make the change of the table as it stands, in their order.
pub fn rewrite(
    dialect: &Dialect,
    live: &LiveTable,
    change: &LiveChange,
) -> Result<Vec<String>, Unsupported> {
    match dialect.alter_column {
        AlterColumn::Restate => restate(dialect, live, change).map(|it| vec![it]),
        AlterColumn::Rebuild => rebuild(dialect, live, change),
        AlterColumn::Clauses => Err(Unsupported::new(
            format!("to rewrite table `{}`", live.name),
            format!("{} changes its tables in place", dialect.product),
        )),
    }
}

/// The texts of a statement as they would be in a database that has just what `before` says, for
/// showing a plan without one.
pub fn offline(
    dialect: &Dialect,
    before: &Schema,
    statement: &Statement,
) -> Result<Vec<String>, Unsupported> {
    let change = match &statement.body {
        Body::Text(text) => return Ok(vec![text.clone()]),
        Body::Batches(change) => return Ok(vec![change.at_once(dialect)]),
        // What it asks for is known only while it runs.
        Body::Code(code) => return Ok(vec![code.in_words()]),
        Body::Live(change) => change,
    };
    let Some(table) = before.get(&change.table) else {
        let what = format!("to show how table `{}` changes", change.table);
        return Err(Unsupported::new(what, "no migration says what it is"));
    };
    let mut live = LiveTable::of(dialect, before, table)?;
    // What updates a column by itself was dropped by a statement of its own.
    let dropped = change.edits.iter().filter_map(|it| match it {
        TableEdit::DropColumn { column } => Some(column),
        _ => None,
    });
    for column in dropped {
        let own = auto_update::create(dialect, &table.name, column);
        live.attached.retain(|it| own.iter().all(|own| own.body != Body::Text(it.clone())));
    }
    rewrite(dialect, &live, change)
}

/// One `ALTER TABLE` that says each changed column again, whole.
fn restate(
    dialect: &Dialect,
    live: &LiveTable,
    change: &LiveChange,
) -> Result<String, Unsupported> {
    let mut table = parsed(dialect, live)?;
    let mut clauses = Vec::new();
    for edit in &change.edits {
        if let Some(leaning) = leaning::clauses(dialect, &table, edit) {
            clauses.extend(leaning);
            continue;
        }
        if let TableEdit::AddColumn { definition, foreign_key, .. } = edit {
            clauses.push(format!("ADD COLUMN {definition}"));
            clauses.extend(foreign_key.iter().map(|it| format!("ADD {it}")));
            continue;
        }
        if let TableEdit::Options { words } = edit {
            clauses.push(words.clone());
            continue;
        }
        if let TableEdit::RenameColumn { column, to, drop, add } = edit {
            clauses.extend(drop.iter().cloned());
            clauses.extend(rename_with_computed(dialect, &mut table, column, to));
            clauses.extend(add.iter().cloned());
            continue;
        }
        let before = table.clone();
        edit_definition(dialect, live, &mut table, edit)?;
        let TableEdit::AlterColumn { column, .. } = edit else {
            return Err(Unsupported::new(
                format!("to rewrite table `{}`", live.name),
                format!("{} does this by a statement of its own", dialect.product),
            ));
        };
        let restated = table.column(column).ok_or_else(|| no_column(live, column))?;
        let was = before.column(column).and_then(ColumnItem::computed);
        match (was, restated.computed()) {
            (was, is) if was == is => {}
            (None, Some("STORED")) | (Some("STORED"), None) => {}
            (Some(_), None) => {
                return Err(Unsupported::new(
                    format!("to keep the values of column `{column}` of `{}`", live.name),
                    format!(
                        "{} has computed them only as they were read; add a new column, fill it \
                         from this one, drop this one, and rename the new one",
                        dialect.product
                    ),
                ));
            }
            _ => {
                clauses.extend(computed_anew(dialect, live, &before, restated)?);
                continue;
            }
        }
        clauses.push(format!("MODIFY COLUMN {}", restated.definition()));
    }
    Ok(format!("ALTER TABLE {} {}", dialect.quote_name(&live.name), clauses.join(", ")))
}

/// The clauses by which a column goes and comes again at its place, computed. An index or a key over
/// it would go too.
fn computed_anew(
    dialect: &Dialect,
    live: &LiveTable,
    before: &TableDefinition<'_>,
    restated: &ColumnItem<'_>,
) -> Result<[String; 2], Unsupported> {
    let column = restated.name();
    if let Some(user) = before.mentioning(column).first() {
        let user = before.items().get(*user).map(|it| it.body.text().trim().to_owned());
        return Err(Unsupported::new(
            format!("to make column `{column}` of `{}` anew", live.name),
            format!(
                "the table also says `{}`; drop that first, and make it again afterwards",
                user.unwrap_or_default()
            ),
        ));
    }
    let names: Vec<&str> = before.columns().map(ColumnItem::name).collect();
    let at = names.iter().position(|it| it.eq_ignore_ascii_case(column)).unwrap_or_default();
    let place = match at.checked_sub(1).and_then(|it| names.get(it)) {
        Some(previous) => format!("AFTER {}", dialect.quote(previous)),
        None => "FIRST".to_owned(),
    };
    Ok([
        format!("DROP COLUMN {}", dialect.quote(column)),
        format!("ADD COLUMN {} {place}", restated.definition()),
    ])
}

/// The clauses by which a column gets another name together with those that are computed from it
/// (error 3108).
fn rename_with_computed(
    dialect: &Dialect,
    table: &mut TableDefinition<'_>,
    column: &str,
    to: &str,
) -> Vec<String> {
    let mut clauses =
        vec![format!("RENAME COLUMN {} TO {}", dialect.quote(column), dialect.quote(to))];
    let computed: Vec<(String, String)> = table
        .columns()
        .filter_map(|it| {
            let clause = it.clause(ClauseKind::Generated)?;
            let renamed = rename_in_expression_of(dialect, clause, column, to);
            (renamed != clause).then(|| (it.name().to_owned(), renamed))
        })
        .collect();
    for (name, clause) in computed {
        if let Some(item) = table.column_mut(&name) {
            item.set_generated(Some(&clause));
            clauses.push(format!("MODIFY COLUMN {}", item.definition()));
        }
    }
    clauses
}

/// How the name begins of the table that takes the rows of one that is rebuilt.
pub(crate) const FRESH: &str = "whimbrel_new_";

/// The way that SQLite documents to change what `ALTER TABLE` can't (manual, "ALTER TABLE",
/// "Making Other Kinds Of Table Schema Changes"): a new table takes the rows, the old one goes, the
/// new one gets its name, and what hung on the old one is made again from its own text.
fn rebuild(
    dialect: &Dialect,
    live: &LiveTable,
    change: &LiveChange,
) -> Result<Vec<String>, Unsupported> {
    for edit in &change.edits {
        if let TableEdit::DropColumn { column } = edit {
            no_trigger_speaks_of(dialect, live, column)?;
        }
    }
    if let [TableEdit::DropColumn { column }] = change.edits.as_slice()
        && is_alone(dialect, live, column)?
    {
        let (table, column) = (dialect.quote_name(&live.name), dialect.quote(column));
        return Ok(vec![format!("ALTER TABLE {table} DROP COLUMN {column}")]);
    }
    let mut table = parsed(dialect, live)?;
    for edit in &change.edits {
        edit_definition(dialect, live, &mut table, edit)?;
    }
    let fresh = Name { name: format!("{FRESH}{}", live.name.name), ..live.name.clone() };
    let was_numbered = counts_up(dialect, &live.definition);
    let copy = copy_rows(dialect, live, change, &table, &fresh)?;
    table.rename(&fresh);
    let numbered = was_numbered && counts_up(dialect, &table.print());
    let mut statements = vec![table.print(), copy];
    let (old, new) = (dialect.quote_name(&live.name), dialect.quote_name(&fresh));
    if numbered {
        // The highest number ever given, also where its row is long gone.
        let [old, new] = [&live.name, &fresh].map(|it| dialect.literal(&it.name));
        statements.push(format!("DELETE FROM sqlite_sequence WHERE name = {new}"));
        statements.push(format!(
            "INSERT INTO sqlite_sequence (name, seq) \
             SELECT {new}, seq FROM sqlite_sequence WHERE name = {old}"
        ));
    }
    statements.push(format!("DROP TABLE {old}"));
    // Otherwise SQLite would refuse for views and triggers that speak of the table just dropped,
    // and would turn foreign keys of other tables to a name that is about to go.
    statements.push("PRAGMA legacy_alter_table = ON".to_owned());
    statements.push(format!("ALTER TABLE {new} RENAME TO {}", dialect.quote(&live.name.name)));
    statements.push("PRAGMA legacy_alter_table = OFF".to_owned());
    let goes = |text: &&String| {
        let name = index_made(dialect, text);
        change.edits.iter().any(
            |it| matches!(it, TableEdit::DropIndex { index } if name.as_deref() == Some(index)),
        )
    };
    statements.extend(live.attached.iter().filter(|it| !goes(it)).cloned());
    // A view is only read when it is used: one that the change broke is to be found out now.
    let views = live.speaking.iter().filter(|it| it.is_view);
    let speaking = views.filter(|it| mentions(dialect, &it.definition, &live.name.name) > 0);
    statements
        .extend(speaking.map(|it| format!("SELECT * FROM {} LIMIT 0", dialect.quote(&it.name))));
    Ok(statements)
}

/// The index that a `CREATE INDEX` makes; `None` for any other text.
fn index_made(dialect: &Dialect, text: &str) -> Option<String> {
    let tokens = lex_significant(dialect, text);
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(text, word));
    let at = if is(1, "UNIQUE") { 2 } else { 1 };
    let named = tokens.get(at + 1).filter(|_| is(0, "CREATE") && is(at, "INDEX"))?;
    named.name(dialect, text)
}

/// A trigger is only read when it is set off, so one that the change would break is found here.
fn no_trigger_speaks_of(
    dialect: &Dialect,
    live: &LiveTable,
    column: &str,
) -> Result<(), Unsupported> {
    let texts = live.attached.iter().chain(live.speaking.iter().map(|it| &it.definition));
    let mut triggers = texts.filter_map(|it| Trigger::read(dialect, it));
    let speaks = triggers.find(|it| it.uses_column(&live.name.name, column));
    match speaks.and_then(|it| it.name()) {
        None => Ok(()),
        Some(name) => Err(Unsupported::new(
            format!("to drop column `{column}` of `{}`", live.name),
            format!(
                "trigger `{name}` speaks of it; drop that before (`DROP TRIGGER {name}`), and make \
                 it anew without the column"
            ),
        )),
    }
}

/// The rows of every column that stays and whose values are stored.
fn copy_rows(
    dialect: &Dialect,
    live: &LiveTable,
    change: &LiveChange,
    after: &TableDefinition<'_>,
    fresh: &Name,
) -> Result<String, Unsupported> {
    let before = parsed(dialect, live)?;
    let stored = |it: &&super::definition::ColumnItem<'_>| {
        it.clause(ClauseKind::Generated).is_none() && before.column(it.name()).is_some()
    };
    let (mut names, mut values) = (vec![], vec![]);
    for column in after.columns().filter(stored) {
        let name = dialect.quote(column.name());
        let converted = change.edits.iter().find_map(|it| match it {
            TableEdit::AlterColumn { column: altered, using, .. }
                if altered.eq_ignore_ascii_case(column.name()) =>
            {
                using.clone()
            }
            _ => None,
        });
        values.push(converted.unwrap_or_else(|| name.clone()));
        names.push(name);
    }
    Ok(format!(
        "INSERT INTO {} ({}) SELECT {} FROM {}",
        dialect.quote_name(fresh),
        names.join(", "),
        values.join(", "),
        dialect.quote_name(&live.name)
    ))
}

fn edit_definition(
    dialect: &Dialect,
    live: &LiveTable,
    table: &mut TableDefinition<'_>,
    edit: &TableEdit,
) -> Result<(), Unsupported> {
    match edit {
        TableEdit::AlterColumn {
            column,
            data_type,
            collation,
            nullable,
            default,
            on_update: told,
            generated,
            comment,
            values,
            numbered,
            tied: _,
            using: _,
        } => {
            let altered = table.column_mut(column).ok_or_else(|| no_column(live, column))?;
            if let Some(data_type) = data_type {
                // What numbers a column is a clause of its own in the text.
                altered.set_type(data_type.trim_end_matches(" AUTO_INCREMENT"));
            }
            if let Some(collation) = collation {
                altered.set_collation(collation.as_deref());
            }
            if let Some(generated) = generated {
                altered.set_generated(generated.as_deref());
            }
            if *numbered == Some(false) && dialect.types.numbering == Numbering::InKey {
                altered.remove_kind(ClauseKind::AutoIncrement);
            }
            if let Some(nullable) = nullable {
                altered.set_nullable(*nullable);
            }
            if let Some(default) = default {
                let (default, on_update) = match default.as_deref().map(split_on_update) {
                    Some((default, on_update)) => (Some(default), on_update),
                    None => (None, None),
                };
                // Nothing says what happens on update any more, either.
                if on_update.is_some() || default.is_none() || *told {
                    altered.remove_kind(ClauseKind::OnUpdate);
                }
                // What comes of itself can't be said where a row must have a value.
                let implied = on_update.is_some()
                    && default.is_some_and(|it| it.eq_ignore_ascii_case("null"));
                altered.set_default(default.filter(|_| !implied));
                if let Some(on_update) = on_update {
                    altered.add_on_update(on_update);
                }
            }
            if let Some(comment) = comment {
                altered.set_comment(comment.as_deref());
            }
            if let Some(values) = values {
                altered.set_values(values.as_deref());
            }
            match (numbered, dialect.types.numbering) {
                (Some(true), Numbering::InKey) => altered.add_auto_increment(),
                (Some(numbered), Numbering::AsKey) => table.number_key(column, *numbered),
                _ => {}
            }
            Ok(())
        }
        TableEdit::AddColumn { definition, foreign_key, .. } => {
            table.add_column(definition).map_err(|it| unread(live, &it))?;
            match foreign_key {
                Some(clause) => table.add_constraint(clause).map_err(|it| unread(live, &it)),
                None => Ok(()),
            }
        }
        TableEdit::DropColumn { column } => {
            if let Some(user) = table.mentioning(column).first() {
                let user = table.items().get(*user).map(|it| it.body.text().trim().to_owned());
                return Err(Unsupported::new(
                    format!("to drop column `{column}` of `{}`", live.name),
                    format!(
                        "in the database the table also says `{}`; drop that first",
                        user.unwrap_or_default()
                    ),
                ));
            }
            if table.remove_column(column) { Ok(()) } else { Err(no_column(live, column)) }
        }
        TableEdit::AddForeignKey { clause } | TableEdit::AddConstraint { clause } => {
            table.add_constraint(clause).map_err(|it| unread(live, &it))
        }
        TableEdit::PrimaryKey { columns, .. }
            if columns.is_empty() && without_rowid(dialect, table) =>
        {
            Err(Unsupported::new(
                format!("to drop the primary key of `{}`", live.name),
                "the table is WITHOUT ROWID, and such a table has one always",
            ))
        }
        TableEdit::PrimaryKey { columns, numbered, not_null } => {
            table.remove_primary_key();
            for column in not_null {
                table
                    .column_mut(column)
                    .ok_or_else(|| no_column(live, column))?
                    .set_nullable(false);
            }
            if let (true, [column]) = (*numbered, columns.as_slice()) {
                let column = table.column_mut(column).ok_or_else(|| no_column(live, column))?;
                column.add_key("PRIMARY KEY AUTOINCREMENT");
                return Ok(());
            }
            if columns.is_empty() {
                return Ok(());
            }
            let clause = format!("PRIMARY KEY ({})", dialect.quote_all(columns));
            table.add_key(&clause).map_err(|it| unread(live, &it))
        }
        TableEdit::Options { words } => {
            table.set_options(words);
            Ok(())
        }
        TableEdit::DropConstraint { name } if table.remove_constraint(name) => Ok(()),
        TableEdit::DropConstraint { name } => Err(Unsupported::new(
            format!("to drop `{name}` of `{}`", live.name),
            "in the database the table has no constraint of this name",
        )),
        TableEdit::DropUnique { unique } if table.remove_unique(unique) => Ok(()),
        TableEdit::DropUnique { unique } => Err(Unsupported::new(
            format!("to drop unique constraint `{}` of `{}`", unique.name, live.name),
            "in the database the table has no constraint of this name or over these columns",
        )),
        TableEdit::RenameForeignKey { foreign_key, .. } => Err(Unsupported::new(
            format!("to rename foreign key `{}` of `{}`", foreign_key.name, live.name),
            format!("{} does this by dropping it and adding it again", dialect.product),
        )),
        TableEdit::RenameColumn { column, .. } => Err(Unsupported::new(
            format!("to rename column `{column}` of `{}`", live.name),
            format!("{} does this by a statement of its own", dialect.product),
        )),
        // It isn't made again.
        TableEdit::DropIndex { .. } if dialect.alter_column == AlterColumn::Rebuild => Ok(()),
        TableEdit::DropIndex { index } => Err(Unsupported::new(
            format!("to drop index `{index}` of `{}`", live.name),
            format!("{} does this by a statement of its own", dialect.product),
        )),
        TableEdit::DropForeignKey { foreign_key, with_index: _ } => {
            let found = table.foreign_key(foreign_key, &foreign_key.references);
            let found = found.ok_or_else(|| {
                Unsupported::new(
                    format!("to drop foreign key `{}` of `{}`", foreign_key.name, live.name),
                    format!("in the database {} has no such key", dialect.quote_name(&live.name)),
                )
            })?;
            table.remove_foreign_key(&found);
            Ok(())
        }
    }
}

/// Whether SQLite keeps the rows of a table in its primary key.
fn without_rowid(dialect: &Dialect, table: &TableDefinition<'_>) -> bool {
    lex_significant(dialect, table.tail()).iter().any(|it| it.is_word(table.tail(), "ROWID"))
}

/// `CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP` as its two clauses.
fn split_on_update(default: &str) -> (&str, Option<&str>) {
    match default.find(" ON UPDATE ") {
        Some(at) => (&default[..at], Some(&default[at + 1..])),
        None => (default, None),
    }
}

fn parsed<'a>(dialect: &'a Dialect, live: &LiveTable) -> Result<TableDefinition<'a>, Unsupported> {
    TableDefinition::parse(dialect, &live.definition).map_err(|it| unread(live, &it))
}

fn unread(live: &LiveTable, error: &DefinitionError) -> Unsupported {
    Unsupported::new(format!("to change table `{}`", live.name), error.to_string())
}

fn no_column(live: &LiveTable, column: &str) -> Unsupported {
    Unsupported::new(
        format!("to change column `{column}` of `{}`", live.name),
        "the table has no such column in the database",
    )
}

/// Whether SQLite numbers the table's rows by a mark that outlives them.
pub(super) fn counts_up(dialect: &Dialect, definition: &str) -> bool {
    let tokens = lex_significant(dialect, definition);
    tokens.iter().any(|it| it.is_word(definition, "AUTOINCREMENT"))
}

/// Whether nothing but its own definition speaks of a column, so that `DROP COLUMN` is allowed
/// (manual, "ALTER TABLE DROP COLUMN").
fn is_alone(dialect: &Dialect, live: &LiveTable, column: &str) -> Result<bool, Unsupported> {
    let table = parsed(dialect, live)?;
    let own = table.column(column).ok_or_else(|| no_column(live, column))?;
    let tied = [ClauseKind::PrimaryKey, ClauseKind::Unique, ClauseKind::References];
    let is_tied = tied.iter().any(|it| own.clause(*it).is_some());
    let others = live.attached.iter().chain(live.speaking.iter().map(|it| &it.definition));
    let is_spoken_of = others.into_iter().any(|it| mentions(dialect, it, column) > 0);
    let in_table: usize = table
        .items()
        .iter()
        .map(|it| match &it.body {
            ItemBody::Column(it) => mentions(dialect, it.definition(), column),
            ItemBody::Constraint(it) => mentions(dialect, it.text(), column),
        })
        .sum();
    Ok(!is_tied && !is_spoken_of && in_table == 1)
}

/// How often a text names something so, in any case and with any quotes.
fn mentions(dialect: &Dialect, text: &str, name: &str) -> usize {
    lex_significant(dialect, text)
        .iter()
        .filter_map(|it| it.name(dialect, text))
        .filter(|it| it.eq_ignore_ascii_case(name))
        .count()
}
