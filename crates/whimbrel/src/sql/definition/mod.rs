//! Surgery on the text of a `CREATE TABLE` as a database keeps it: what an edit doesn't name stays
//! as it is, byte for byte.
//!
//! SQLite keeps the text in `sqlite_schema`, MySQL and MariaDB write it for `SHOW CREATE TABLE`.

mod check;
mod column;
mod constraint;
mod cut;
mod foreign_key;
mod keys;
mod names;
#[cfg(test)]
mod tests;
mod unique;

use std::ops::Range;

use thiserror::Error;

pub use self::{
    check::named_check,
    column::{Clause, ClauseKind, ColumnItem},
    constraint::ConstraintItem,
    foreign_key::FoundForeignKey,
    keys::FoundIndex,
    unique::FoundUnique,
};
use self::{
    constraint::begins_constraint,
    cut::{cuts, leading_space, trailing_space},
    foreign_key::points_at,
    names::{same, table_name, written_name},
};
use super::{lexer::lex, words::Words};
use crate::{dialect::Dialect, schema::Name};

/// A `CREATE TABLE` cut at its commas.
#[derive(Clone, Debug)]
pub struct TableDefinition<'a> {
    dialect: &'a Dialect,
    /// Everything up to and with the opening parenthesis.
    head: String,
    /// Where the table's name stands in the head.
    name: Range<usize>,
    items: Vec<Item<'a>>,
    /// Everything from the closing parenthesis on.
    tail: String,
}

/// Something between two commas of a `CREATE TABLE`.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// What it is.
    pub body: ItemBody<'a>,
    /// Whether a comma stands before it. SQLite can do without one between two constraints.
    comma: bool,
}

/// What an item defines.
#[derive(Clone, Debug)]
pub enum ItemBody<'a> {
    /// A column.
    Column(ColumnItem<'a>),
    /// A constraint or an index of the table.
    Constraint(ConstraintItem<'a>),
}

impl<'a> ItemBody<'a> {
    /// Its text with the space and the comments around it.
    pub fn text(&self) -> &str {
        match self {
            Self::Column(column) => column.text(),
            Self::Constraint(constraint) => &constraint.text,
        }
    }

    fn read(dialect: &'a Dialect, text: String) -> Result<Self, DefinitionError> {
        if begins_constraint(&Words::new(dialect, &text)) {
            Ok(Self::Constraint(ConstraintItem { dialect, text }))
        } else {
            ColumnItem::read(dialect, text).map(Self::Column)
        }
    }
}

/// Why a text can't be taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DefinitionError {
    /// It is no `CREATE TABLE` with columns in parentheses.
    #[error("`{begins}` is no `CREATE TABLE` with its columns in parentheses")]
    NoTable {
        /// How the text begins.
        begins: String,
    },
    /// A string, a comment or a parenthesis isn't closed.
    #[error("the definition isn't closed behind `{after}`")]
    Unclosed {
        /// The text before.
        after: String,
    },
    /// An item that is neither a column nor a constraint.
    #[error("`{item}` is no column and no constraint")]
    NoItem {
        /// The item.
        item: String,
    },
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

impl<'a> TableDefinition<'a> {
    /// Takes a definition apart.
    pub fn parse(dialect: &'a Dialect, text: &str) -> Result<Self, DefinitionError> {
        let tokens = lex(dialect, text);
        if let Some(open) = tokens.iter().find(|it| !it.terminated) {
            return Err(DefinitionError::Unclosed { after: shortened(&text[open.start..]) });
        }
        let no_table = || DefinitionError::NoTable { begins: shortened(text) };
        let name = table_name(dialect, text).ok_or_else(no_table)?;
        let open = tokens
            .iter()
            .position(|it| it.start >= name.end && !it.is_blank())
            .filter(|it| tokens[*it].is_symbol(text, '('))
            .ok_or_else(no_table)?;
        let (cuts, close) = cuts(text, &tokens, open);
        let close = close.ok_or_else(|| DefinitionError::Unclosed {
            after: shortened(&text[tokens[open].start..]),
        })?;
        let mut items = Vec::new();
        for (index, (range, comma)) in cuts.into_iter().enumerate() {
            let body = ItemBody::read(dialect, text[range].to_owned())?;
            items.push(Item { body, comma: comma && index > 0 });
        }
        let head = text[..tokens[open].end].to_owned();
        Ok(Self { dialect, head, name, items, tail: text[close..].to_owned() })
    }

    /// The definition as text: what it was parsed from, with what was edited since.
    pub fn print(&self) -> String {
        let mut text = self.head.clone();
        for item in &self.items {
            if item.comma {
                text.push(',');
            }
            text.push_str(item.body.text());
        }
        text.push_str(&self.tail);
        text
    }

    /// The table's name.
    pub fn name(&self) -> Option<Name> {
        written_name(self.dialect, &self.head[self.name.clone()])
    }

    /// Gives the table another name.
    pub fn rename(&mut self, name: &Name) {
        let quoted = self.dialect.quote_name(name);
        self.head.replace_range(self.name.clone(), &quoted);
        self.name.end = self.name.start + quoted.len();
    }

    /// What stands behind the columns: from the closing parenthesis to the end.
    pub fn tail(&self) -> &str {
        &self.tail
    }

    /// Puts these words behind the columns, in the place of those that stand there.
    pub fn set_options(&mut self, words: &str) {
        self.tail = format!("){words}");
    }

    /// The columns and constraints in their order.
    pub fn items(&self) -> &[Item<'a>] {
        &self.items
    }

    /// The columns in their order.
    pub fn columns(&self) -> impl Iterator<Item = &ColumnItem<'a>> {
        self.items.iter().filter_map(|it| match &it.body {
            ItemBody::Column(column) => Some(column),
            ItemBody::Constraint(_) => None,
        })
    }

    /// The column called `name`, in any case.
    pub fn column(&self, name: &str) -> Option<&ColumnItem<'a>> {
        self.columns().find(|it| same(it.name(), name))
    }

    /// The column called `name`, in any case, to be edited.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut ColumnItem<'a>> {
        self.items.iter_mut().find_map(|it| match &mut it.body {
            ItemBody::Column(column) if same(column.name(), name) => Some(column),
            _ => None,
        })
    }

    /// Takes a column out; `false` if there is none of this name. What else mentions it stays:
    /// see [`Self::mentioning`].
    pub fn remove_column(&mut self, name: &str) -> bool {
        let position = self.items.iter().position(|it| match &it.body {
            ItemBody::Column(column) => same(column.name(), name),
            ItemBody::Constraint(_) => false,
        });
        position.map(|it| self.remove(it)).is_some()
    }

    /// Takes out the item at `position` of [`Self::items`].
    pub fn remove(&mut self, position: usize) {
        let last = position + 1 == self.items.len();
        let removed = self.items.remove(position);
        if position == 0 {
            if let Some(first) = self.items.first_mut() {
                first.comma = false;
            }
        } else if let Some(next) = self.items.get_mut(position) {
            next.comma |= removed.comma;
        }
        // The closing parenthesis keeps its line.
        if last && let Some(before) = self.items.last_mut() {
            let space = trailing_space(self.dialect, removed.body.text());
            let text = format!("{}{space}", before.body.text());
            before.body = before.body.with_text(text);
        }
    }

    /// Adds a column behind the others: its definition, beginning with its quoted name.
    pub fn add_column(&mut self, definition: &str) -> Result<(), DefinitionError> {
        self.insert(self.behind_columns(), definition)
    }

    fn behind_columns(&self) -> usize {
        let columns = |it: &Item<'_>| matches!(it.body, ItemBody::Column(_));
        self.items.iter().rposition(columns).map_or(0, |it| it + 1)
    }

    /// Adds a primary key behind the columns.
    pub fn add_key(&mut self, key: &str) -> Result<(), DefinitionError> {
        self.insert(self.behind_columns(), key)
    }

    /// Takes the primary key out, also one that a column's definition holds.
    pub fn remove_primary_key(&mut self) {
        let is_key = |it: &Item<'_>| match &it.body {
            ItemBody::Constraint(it) => it.is_primary_key(),
            ItemBody::Column(_) => false,
        };
        while let Some(position) = self.items.iter().position(is_key) {
            self.remove(position);
        }
        for item in &mut self.items {
            if let ItemBody::Column(column) = &mut item.body {
                column.remove_kind(ClauseKind::PrimaryKey);
            }
        }
    }

    /// Adds a constraint or an index of the table behind everything else.
    pub fn add_constraint(&mut self, constraint: &str) -> Result<(), DefinitionError> {
        self.insert(self.items.len(), constraint)
    }

    fn insert(&mut self, position: usize, text: &str) -> Result<(), DefinitionError> {
        let Some(before) = position.checked_sub(1).map(|it| &mut self.items[it]) else {
            let body = ItemBody::read(self.dialect, text.to_owned())?;
            self.items.insert(0, Item { body, comma: false });
            if let Some(next) = self.items.get_mut(1) {
                next.comma = true;
            }
            return Ok(());
        };
        let old = before.body.text().to_owned();
        let leading = leading_space(self.dialect, &old);
        let leading = if leading.is_empty() { " " } else { leading };
        let trailing = trailing_space(self.dialect, &old);
        let body = ItemBody::read(self.dialect, format!("{leading}{text}{trailing}"))?;
        before.body = before.body.with_text(old[..old.len() - trailing.len()].to_owned());
        self.items.insert(position, Item { body, comma: true });
        Ok(())
    }

    /// Takes out the constraint or the index called `name`, also one that a column's definition
    /// holds; `false` if there is none.
    pub fn remove_constraint(&mut self, name: &str) -> bool {
        let of_table = self.items.iter().position(|it| match &it.body {
            ItemBody::Constraint(it) => it.name().is_some_and(|it| same(&it, name)),
            ItemBody::Column(_) => false,
        });
        if let Some(position) = of_table {
            self.remove(position);
            return true;
        }
        self.items.iter_mut().any(|it| match &mut it.body {
            ItemBody::Column(column) => column.remove_constraint(name),
            ItemBody::Constraint(_) => false,
        })
    }

    /// The positions among [`Self::items`] of what mentions the column beside the column itself:
    /// constraints and indexes over it, checks and generated columns that compute with it.
    pub fn mentioning(&self, column: &str) -> Vec<usize> {
        let this = self.name();
        let of_column = |it: &ColumnItem<'_>| {
            let points_here =
                it.foreign_keys(0).iter().any(|key| points_at(key, this.as_ref(), column));
            !same(it.name(), column) && (points_here || it.mentions(column))
        };
        let mentions = |it: &Item<'_>| match &it.body {
            ItemBody::Column(it) => of_column(it),
            ItemBody::Constraint(it) => it.mentions(column, this.as_ref()),
        };
        (0..self.items.len()).filter(|it| mentions(&self.items[*it])).collect()
    }
}

impl ItemBody<'_> {
    /// The same item with other space around it.
    fn with_text(&self, text: String) -> Self {
        match self {
            Self::Column(column) => Self::Column(column.with_text(text)),
            Self::Constraint(it) => Self::Constraint(ConstraintItem { dialect: it.dialect, text }),
        }
    }
}
