//! Surgery on the text of a `CREATE TABLE` as a database keeps it: what an edit doesn't name stays
//! as it is, byte for byte.
//!
//! SQLite keeps the text in `sqlite_schema`, MySQL and MariaDB write it for `SHOW CREATE TABLE`.

mod check;
mod column;
mod keys;
mod unique;

use std::ops::Range;

use thiserror::Error;

pub use self::check::named_check;
pub use self::column::{Clause, ClauseKind, ColumnItem};
pub use self::keys::FoundIndex;
pub use self::unique::FoundUnique;
use super::{
    lexer::{Token, TokenKind, lex},
    words::Words,
};
use crate::{
    dialect::Dialect,
    schema::{Deferral, ForeignKey, Name},
};

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

/// A foreign key that a definition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundForeignKey {
    /// Its name, where it was given one.
    pub name: Option<String>,
    /// The columns that point.
    pub columns: Vec<String>,
    /// The table they point at.
    pub table: Name,
    /// The columns they point at; empty for the primary key.
    pub references: Vec<String>,
    /// When it is looked at.
    pub deferral: Deferral,
    item: usize,
    /// Which of the column's clauses it is; `None` for a constraint of the table.
    clause: Option<usize>,
}

/// The words that a table's constraint begins with.
const CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// The words that an index begins with where indexes stand among the columns.
const KEYS: &[&str] = &["KEY", "INDEX", "FULLTEXT", "SPATIAL", "VECTOR"];

fn begins_constraint(words: &Words<'_>) -> bool {
    let first = words.peek();
    let key = words.dialect.lexical.keys_in_tables
        && (KEYS.contains(&first.as_str()) || words.next_are(&["PERIOD", "FOR"]));
    key || CONSTRAINTS.contains(&first.as_str())
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

    /// The foreign keys, those of columns too.
    pub fn foreign_keys(&self) -> Vec<FoundForeignKey> {
        let of = |(item, it): (usize, &Item<'_>)| match &it.body {
            ItemBody::Constraint(constraint) => constraint.foreign_key(item).into_iter().collect(),
            ItemBody::Column(column) => column.foreign_keys(item),
        };
        self.items.iter().enumerate().flat_map(of).collect()
    }

    /// The foreign key that `wanted` is: by its name, or without one by what points where.
    ///
    /// `target` are the columns that it points at, for a key that names none.
    pub fn foreign_key(&self, wanted: &ForeignKey, target: &[String]) -> Option<FoundForeignKey> {
        let found = self.foreign_keys();
        let named =
            found.iter().find(|it| it.name.as_ref().is_some_and(|it| same(it, &wanted.name)));
        let references = if wanted.references.is_empty() { target } else { &wanted.references };
        let alike = |it: &&FoundForeignKey| {
            it.name.is_none()
                && same_all(&it.columns, &wanted.columns)
                && same(&it.table.name, &wanted.table.name)
                && (it.references.is_empty() || same_all(&it.references, references))
        };
        named.or_else(|| found.iter().find(alike)).cloned()
    }

    /// The text of a foreign key that stands by itself and not in a column's definition.
    pub fn foreign_key_text(&self, key: &FoundForeignKey) -> Option<&str> {
        let item = self.items.get(key.item).filter(|_| key.clause.is_none())?;
        Some(item.body.text().trim())
    }

    /// Takes a foreign key out that was found in this definition as it stands.
    pub fn remove_foreign_key(&mut self, key: &FoundForeignKey) {
        match (key.clause, self.items.get_mut(key.item).map(|it| &mut it.body)) {
            (Some(clause), Some(ItemBody::Column(column))) => column.remove_clause(clause),
            (None, Some(ItemBody::Constraint(_))) => self.remove(key.item),
            _ => {}
        }
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

/// Names of columns and constraints differ by more than case.
fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn same_all(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// Where the name stands behind `CREATE TABLE`, with its namespace.
fn table_name(dialect: &Dialect, text: &str) -> Option<Range<usize>> {
    let mut words = Words::new(dialect, text);
    if !words.take(&["CREATE"]) {
        return None;
    }
    words.take(&["OR", "REPLACE"]);
    words.take_one_of(&["TEMP", "TEMPORARY"]);
    if !words.take(&["TABLE"]) {
        return None;
    }
    words.take(&["IF", "NOT", "EXISTS"]);
    let first = words.rest().first()?.range();
    let dotted = words.rest().get(1).is_some_and(|it| it.is_symbol(text, '.'));
    let last = if dotted { words.rest().get(2)?.range() } else { first.clone() };
    let named = text[first.start..last.end].chars().next()? != '(';
    named.then_some(first.start..last.end)
}

/// The name that a token is; SQLite takes a string for one where nothing else can stand.
fn token_name(dialect: &Dialect, source: &str, token: &Token) -> Option<String> {
    if token.kind != TokenKind::String {
        return token.name(dialect, source);
    }
    let text = token.text(source);
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
}

fn written_name(dialect: &Dialect, text: &str) -> Option<Name> {
    let words = Words::new(dialect, text);
    let name = |it: &Token| token_name(dialect, text, it);
    match words.rest() {
        [one] => Some(Name::new(name(one)?)),
        [namespace, _, one] => Some(Name { namespace: Some(name(namespace)?), name: name(one)? }),
        _ => None,
    }
}

/// The items between the parenthesis at `open` and its closing one, each with whether a comma
/// stands before it; and where the closing one stands.
fn cuts(text: &str, tokens: &[Token], open: usize) -> (Vec<(Range<usize>, bool)>, Option<usize>) {
    let mut cuts = Vec::new();
    let (mut start, mut comma) = (tokens[open].end, true);
    let (mut depth, mut constraint, mut complete, mut fresh) = (0_usize, false, false, true);
    for token in &tokens[open + 1..] {
        if token.is_symbol(text, '(') {
            depth += 1;
        } else if token.is_symbol(text, ')') {
            if depth == 0 {
                cuts.push((start..token.start, comma));
                return (cuts, Some(token.start));
            }
            depth -= 1;
            complete |= depth == 0;
        } else if depth == 0 && token.is_symbol(text, ',') {
            cuts.push((start..token.start, comma));
            (start, comma) = (token.end, true);
            (constraint, complete, fresh) = (false, false, true);
            continue;
        }
        if token.is_blank() {
            continue;
        }
        let begins = CONSTRAINTS.iter().any(|it| token.is_word(text, it)) && depth == 0;
        // SQLite, "CREATE TABLE": its parser takes two constraints without a comma between.
        if begins && constraint && complete {
            cuts.push((start..token.start, comma));
            (start, comma) = (token.start, false);
            complete = false;
        }
        if fresh {
            constraint = begins;
        }
        fresh = false;
    }
    (cuts, None)
}

/// The white space that a text begins with.
fn leading_space<'a>(dialect: &Dialect, text: &'a str) -> &'a str {
    match lex(dialect, text).first() {
        Some(it) if it.kind == TokenKind::Whitespace => it.text(text),
        _ => "",
    }
}

/// The white space that a text ends with; not the line break that ends a comment.
fn trailing_space<'a>(dialect: &Dialect, text: &'a str) -> &'a str {
    let tokens = lex(dialect, text);
    match tokens.as_slice() {
        [.., before, last] if last.kind == TokenKind::Whitespace => {
            let line = before.kind == TokenKind::Comment && !before.text(text).starts_with("/*");
            if line { "" } else { last.text(text) }
        }
        _ => "",
    }
}

/// A constraint or an index of a table.
#[derive(Clone, Debug)]
pub struct ConstraintItem<'a> {
    dialect: &'a Dialect,
    text: String,
}

impl ConstraintItem<'_> {
    /// Its text with the space and the comments around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn words(&self) -> Words<'_> {
        Words::new(self.dialect, &self.text)
    }

    /// Whether it is a check.
    pub fn is_check(&self) -> bool {
        self.is(&["CHECK"])
    }

    /// Whether it is the primary key.
    pub fn is_primary_key(&self) -> bool {
        self.is(&["PRIMARY", "KEY"])
    }

    /// Whether these words stand at its beginning, or behind its name.
    fn is(&self, wanted: &[&str]) -> bool {
        let mut words = self.words();
        if words.take(&["CONSTRAINT"]) && !words.next_are(wanted) {
            words.at += 1;
        }
        words.next_are(wanted)
    }

    /// The name behind `CONSTRAINT`, or of an index.
    pub fn name(&self) -> Option<String> {
        let mut words = self.words();
        if words.take(&["CONSTRAINT"]) {
            let token = words.rest().first()?;
            return token_name(self.dialect, &self.text, token);
        }
        if !self.dialect.lexical.keys_in_tables {
            return None;
        }
        let special = words.take_one_of(&["UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"]);
        if !words.take_one_of(&["KEY", "INDEX"]) && !special {
            return None;
        }
        words.identifier()
    }

    fn foreign_key(&self, item: usize) -> Option<FoundForeignKey> {
        let mut words = self.words();
        let mut name = None;
        if words.take(&["CONSTRAINT"]) && !words.next_are(&["FOREIGN"]) {
            name = token_name(self.dialect, &self.text, words.rest().first()?);
            words.at += 1;
        }
        if !words.take(&["FOREIGN", "KEY"]) {
            return None;
        }
        while !words.at_end() && !words.next_is('(') {
            words.at += 1;
        }
        let columns = names_in_parentheses(&mut words);
        let (table, references) = words.take(&["REFERENCES"]).then(|| target(&mut words))??;
        let deferral = deferral(&words);
        Some(FoundForeignKey { name, columns, table, references, deferral, item, clause: None })
    }

    fn mentions(&self, column: &str, this: Option<&Name>) -> bool {
        if let Some(key) = self.foreign_key(0) {
            return key.columns.iter().any(|it| same(it, column)) || points_at(&key, this, column);
        }
        let words = self.words();
        // The name of an index may be its column's; what it is over stands in parentheses.
        mentions_in_parentheses(&words, words.rest(), column)
    }
}

/// Whether the key points at this column of the table it stands in.
fn points_at(key: &FoundForeignKey, this: Option<&Name>, column: &str) -> bool {
    this.is_some_and(|it| same(&it.name, &key.table.name))
        && key.references.iter().any(|it| same(it, column))
}

/// `(a, b DESC)`: the first name of each.
/// What stands behind a foreign key's target of when it is looked at; only what is deferrable can
/// be deferred (SQLite, "Deferred Foreign Key Constraints").
fn deferral(words: &Words<'_>) -> Deferral {
    let mut words = words.clone();
    while !words.at_end() && !words.next_are(&["NOT"]) && !words.next_are(&["DEFERRABLE"]) {
        words.at += 1;
    }
    if !words.take(&["DEFERRABLE"]) {
        return Deferral::Never;
    }
    if words.take(&["INITIALLY", "DEFERRED"]) { Deferral::Deferred } else { Deferral::Allowed }
}

fn names_in_parentheses(words: &mut Words<'_>) -> Vec<String> {
    let mut names = Vec::new();
    if !words.take_symbol('(') {
        return names;
    }
    let mut begins = true;
    while let Some(token) = words.rest().first().copied() {
        words.at += 1;
        if token.is_symbol(words.source, ')') {
            break;
        }
        if begins {
            names.extend(token_name(words.dialect, words.source, &token));
        }
        begins = token.is_symbol(words.source, ',');
    }
    names
}

/// What stands behind `REFERENCES`.
fn target(words: &mut Words<'_>) -> Option<(Name, Vec<String>)> {
    let first = take_name(words)?;
    let table = if words.take_symbol('.') {
        Name { namespace: Some(first), name: take_name(words)? }
    } else {
        Name::new(first)
    };
    Some((table, names_in_parentheses(words)))
}

fn take_name(words: &mut Words<'_>) -> Option<String> {
    let name = token_name(words.dialect, words.source, words.rest().first()?)?;
    words.at += 1;
    Some(name)
}

/// Whether a name in parentheses is this column's.
fn mentions_in_parentheses(words: &Words<'_>, tokens: &[Token], column: &str) -> bool {
    let mut depth = 0_usize;
    tokens.iter().any(|token| {
        if token.is_symbol(words.source, '(') {
            depth += 1;
        } else if token.is_symbol(words.source, ')') {
            depth = depth.saturating_sub(1);
        }
        depth > 0
            && token.kind != TokenKind::String
            && token.name(words.dialect, words.source).is_some_and(|it| same(&it, column))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dialect::{ALL, MARIADB, MYSQL, SQLITE};

    const SQLITE_TABLES: &[&str] = &[
        "CREATE TABLE a(b)",
        "CREATE TABLE \"odd \"\"name\"\"\" ([first col] TEXT, `second``col` int, 'third''col' REAL, \"fourth\" BLOB)",
        "CREATE TABLE IF NOT EXISTS main.users (\n  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, (of course)\n  \
         email TEXT NOT NULL COLLATE NOCASE UNIQUE ON CONFLICT IGNORE, /* a, b */\n  \
         kind VARCHAR(20) DEFAULT 'a,b)' CHECK (kind IN ('a,b)', ')', 'it''s')),\n  \
         total DECIMAL(12, 2) NOT NULL DEFAULT -1.5,\n  created TEXT DEFAULT (datetime('now', 'utc')),\n  \
         twice INT GENERATED ALWAYS AS (total * 2) STORED,\n  half AS (total / 2),\n  \
         org INT CONSTRAINT org_fk REFERENCES orgs(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED NOT NULL,\n  \
         CONSTRAINT email_ck CHECK (length(email) > 3),\n  \
         FOREIGN KEY (org, kind) REFERENCES \"orgs\" (\"id\", kind) ON UPDATE CASCADE\n) STRICT, WITHOUT ROWID",
        "CREATE TABLE t(key TEXT, comment, \"primary\" INT, desc, índice TEXT DEFAULT 'ä', UNIQUE(key) CHECK(key > 1) FOREIGN KEY(desc) REFERENCES t(key))",
        "CREATE TEMP TABLE t (a UNSIGNED BIG INT, b DOUBLE PRECISION NULL, c NATIVE CHARACTER(70) DEFAULT NULL)",
    ];

    const MYSQL_TABLES: &[&str] = &[
        "CREATE TABLE `orders` (\n  `id` bigint unsigned NOT NULL AUTO_INCREMENT,\n  \
         `key` varchar(320) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'it''s, (odd)',\n  \
         `kind` enum('a,b','c)') NOT NULL DEFAULT 'a,b',\n  \
         `seen` timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),\n  \
         `secret` int DEFAULT '0' /*!80023 INVISIBLE */,\n  \
         `code` char(2) DEFAULT _utf8mb4'x',\n  `u` binary(16) DEFAULT (uuid_to_bin(uuid())),\n  \
         `twice` int GENERATED ALWAYS AS ((`id` * 2)) VIRTUAL,\n  \
         PRIMARY KEY (`id`),\n  UNIQUE KEY `key` (`key`(10)),\n  KEY `kind` (`kind`,`seen` DESC) USING BTREE,\n  \
         CONSTRAINT `orders_fk` FOREIGN KEY (`id`) REFERENCES `x`.`tenants` (`id`) ON DELETE CASCADE,\n  \
         CONSTRAINT `orders_chk_1` CHECK ((`secret` > 0)) /*!80016 NOT ENFORCED */\n) \
         ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4 COMMENT='a)b'\n/*!50100 PARTITION BY HASH (`id`) */",
        "CREATE TABLE `m` (\n  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`j`)),\n  \
         `c` varchar(10) /*M!100301 COMPRESSED*/ DEFAULT current_timestamp(),\n  \
         `n` bigint(20) DEFAULT nextval(`s`.`q`),\n  `h` int(11) INVISIBLE DEFAULT -1\n)",
    ];

    fn parse<'a>(dialect: &'a Dialect, text: &str) -> TableDefinition<'a> {
        TableDefinition::parse(dialect, text).unwrap_or_else(|it| panic!("{text}: {it}"))
    }

    fn all_tables() -> Vec<(&'static Dialect, &'static str)> {
        let sqlite = SQLITE_TABLES.iter().map(|it| (&SQLITE, *it));
        let mysql = MYSQL_TABLES.iter().flat_map(|it| [(&MYSQL, *it), (&MARIADB, *it)]);
        sqlite.chain(mysql).collect()
    }

    #[test]
    fn what_is_not_edited_prints_as_it_was() {
        for (dialect, text) in all_tables() {
            assert_eq!(parse(dialect, text).print(), text);
        }
    }

    #[test]
    fn an_edit_and_its_opposite_give_the_text_back() {
        for (dialect, text) in all_tables() {
            let columns: Vec<String> =
                parse(dialect, text).columns().map(|it| it.name().to_owned()).collect();
            for column in &columns {
                let mut table = parse(dialect, text);
                let edited = table.column_mut(column).unwrap();
                let data_type = edited.data_type().to_owned();
                // The check that makes JSON of a text goes with it.
                let is_json = edited.definition().contains("json_valid");
                if !data_type.is_empty() && !is_json {
                    edited.set_type("varchar(7)");
                    assert_eq!(edited.data_type(), "varchar(7)", "{column} of {text}");
                    edited.set_type(&data_type);
                    assert_eq!(table.print(), text, "{column}");
                }
            }
            let mut table = parse(dialect, text);
            table.add_constraint("CONSTRAINT zz CHECK (1 > 0)").unwrap();
            assert_ne!(table.print(), text);
            assert!(table.remove_constraint("ZZ"), "{text}");
            assert_eq!(table.print(), text);
            table.add_column("zz int").unwrap();
            assert_eq!(table.columns().last().unwrap().name(), "zz");
            assert!(table.remove_column("zz"));
            assert_eq!(table.print(), text);
        }
    }

    fn names(dialect: &Dialect, text: &str) -> Vec<String> {
        parse(dialect, text)
            .columns()
            .map(|it| format!("{}: {}", it.name(), it.data_type()))
            .collect()
    }

    #[test]
    fn names_and_types_are_told_apart() {
        assert_eq!(
            names(&SQLITE, SQLITE_TABLES[1]),
            ["first col: TEXT", "second`col: int", "third'col: REAL", "fourth: BLOB",]
        );
        assert_eq!(
            names(&SQLITE, SQLITE_TABLES[2]),
            [
                "id: INTEGER",
                "email: TEXT",
                "kind: VARCHAR(20)",
                "total: DECIMAL(12, 2)",
                "created: TEXT",
                "twice: INT",
                "half: ",
                "org: INT",
            ]
        );
        assert_eq!(
            names(&SQLITE, SQLITE_TABLES[3]),
            ["key: TEXT", "comment: ", "primary: INT", "desc: ", "índice: TEXT",]
        );
        assert_eq!(
            names(&SQLITE, SQLITE_TABLES[4]),
            ["a: UNSIGNED BIG INT", "b: DOUBLE PRECISION", "c: NATIVE CHARACTER(70)",]
        );
        assert_eq!(
            names(&MYSQL, MYSQL_TABLES[0]),
            [
                "id: bigint unsigned",
                "key: varchar(320)",
                "kind: enum('a,b','c)')",
                "seen: timestamp(6)",
                "secret: int",
                "code: char(2)",
                "u: binary(16)",
                "twice: int",
            ]
        );
    }

    #[test]
    fn every_clause_is_known() {
        use ClauseKind::*;
        let kinds = |dialect, text, name: &str| -> Vec<ClauseKind> {
            let table = parse(dialect, text);
            table.column(name).unwrap().clauses().iter().map(|it| it.kind).collect()
        };
        assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "id"), [PrimaryKey]);
        assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "email"), [NotNull, Collate, Unique]);
        assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "kind"), [Default, Check]);
        assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "half"), [Generated]);
        assert_eq!(kinds(&SQLITE, SQLITE_TABLES[2], "org"), [References, NotNull]);
        assert_eq!(
            kinds(&MYSQL, MYSQL_TABLES[0], "key"),
            [CharacterSet, Collate, Default, Comment]
        );
        assert_eq!(kinds(&MYSQL, MYSQL_TABLES[0], "seen"), [Null, Default, OnUpdate]);
        assert_eq!(kinds(&MYSQL, MYSQL_TABLES[0], "secret"), [Default, Invisible]);
        assert_eq!(kinds(&MARIADB, MYSQL_TABLES[1], "c"), [Other, Default]);
        assert_eq!(kinds(&MARIADB, MYSQL_TABLES[1], "j"), [CharacterSet, Collate, Default, Check]);
        let default = |dialect, text, name: &str| {
            parse(dialect, text).column(name).unwrap().default().map(ToOwned::to_owned)
        };
        assert_eq!(default(&SQLITE, SQLITE_TABLES[2], "total").as_deref(), Some("-1.5"));
        assert_eq!(default(&MYSQL, MYSQL_TABLES[0], "code").as_deref(), Some("_utf8mb4'x'"));
        assert_eq!(default(&MARIADB, MYSQL_TABLES[1], "n").as_deref(), Some("nextval(`s`.`q`)"));
    }

    fn edited(dialect: &Dialect, column: &str, edit: impl Fn(&mut ColumnItem<'_>)) -> String {
        let text = format!("CREATE TABLE t ({column})");
        let mut table = parse(dialect, &text);
        let name = table.columns().next().unwrap().name().to_owned();
        edit(table.column_mut(&name).unwrap());
        let print = table.print();
        print["CREATE TABLE t (".len()..print.len() - 1].to_owned()
    }

    #[test]
    fn a_type_keeps_its_character_set_while_it_is_text() {
        let text = "a varchar(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'x'";
        let set = |to: &'static str| edited(&MYSQL, text, |it| it.set_type(to));
        assert_eq!(
            set("text"),
            "a text CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'x'"
        );
        assert_eq!(set("bigint unsigned"), "a bigint unsigned NOT NULL COMMENT 'x'");
        assert_eq!(
            set("text COLLATE utf8mb4_bin"),
            "a text COLLATE utf8mb4_bin NOT NULL COMMENT 'x'"
        );
        let told = |text| edited(&MARIADB, text, |it| it.set_comment(Some("COMMENT 'y'")));
        assert_eq!(told("a int NOT NULL COMMENT 'x'"), "a int NOT NULL COMMENT 'y'");
        assert_eq!(
            told("a longtext DEFAULT NULL CHECK (json_valid(`a`))"),
            "a longtext DEFAULT NULL COMMENT 'y' CHECK (json_valid(`a`))"
        );
        let sqlite = edited(&SQLITE, "a TEXT COLLATE NOCASE", |it| it.set_type("INTEGER"));
        assert_eq!(sqlite, "a INTEGER COLLATE NOCASE");
        assert_eq!(edited(&SQLITE, "a", |it| it.set_type("TEXT")), "a TEXT");
        assert_eq!(
            edited(&SQLITE, "[a]/*x*/ NOT NULL", |it| it.set_type("TEXT")),
            "[a] TEXT/*x*/ NOT NULL"
        );
    }

    #[test]
    fn nullability_is_said_where_the_database_wants_it() {
        let set = |nullable, text| edited(&MYSQL, text, |it| it.set_nullable(nullable));
        assert_eq!(
            set(false, "a text COLLATE x DEFAULT NULL COMMENT 'y'"),
            "a text COLLATE x NOT NULL COMMENT 'y'"
        );
        assert_eq!(
            set(false, "a int AS (b) VIRTUAL COMMENT 'y'"),
            "a int AS (b) VIRTUAL NOT NULL COMMENT 'y'"
        );
        assert_eq!(set(false, "a timestamp NULL DEFAULT NULL"), "a timestamp NOT NULL");
        assert_eq!(set(true, "a timestamp NOT NULL"), "a timestamp NULL");
        assert_eq!(set(true, "a int NOT NULL DEFAULT 1"), "a int DEFAULT 1");
        assert_eq!(set(false, "a int NOT NULL"), "a int NOT NULL");
        let named = edited(&SQLITE, "a INT CONSTRAINT x NOT NULL ON CONFLICT FAIL UNIQUE", |it| {
            it.set_nullable(true);
        });
        assert_eq!(named, "a INT UNIQUE");
        let comment = edited(&SQLITE, "a INT -- x\n NOT NULL", |it| it.set_nullable(true));
        assert_eq!(comment, "a INT -- x\n ");
    }

    #[test]
    fn defaults_come_change_and_go() {
        let set = |default: Option<&'static str>, text| {
            edited(&MYSQL, text, |it| it.set_default(default))
        };
        assert_eq!(
            set(Some("'x'"), "a text COLLATE x NOT NULL COMMENT 'y'"),
            "a text COLLATE x NOT NULL DEFAULT 'x' COMMENT 'y'"
        );
        assert_eq!(
            set(Some("2"), "a int DEFAULT -1 ON UPDATE now()"),
            "a int DEFAULT 2 ON UPDATE now()"
        );
        assert_eq!(
            set(None, "a int NOT NULL DEFAULT (1 + 2) COMMENT 'y'"),
            "a int NOT NULL COMMENT 'y'"
        );
        assert_eq!(set(None, "a int"), "a int");
    }

    #[test]
    fn foreign_keys_are_found_and_removed() {
        let mut table = parse(&SQLITE, SQLITE_TABLES[2]);
        let keys = table.foreign_keys();
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0].name.as_deref(), Some("org_fk"));
        assert_eq!(
            (&keys[0].columns[..], &keys[0].references[..]),
            (&["org".to_owned()][..], &["id".to_owned()][..])
        );
        assert_eq!(keys[1].columns, ["org", "kind"]);
        assert_eq!(keys[1].table, "orgs".into());
        table.remove_foreign_key(&keys[1]);
        let keys = table.foreign_keys();
        table.remove_foreign_key(&keys[0]);
        assert!(table.foreign_keys().is_empty());
        let print = table.print();
        assert!(print.contains("  org INT NOT NULL,\n"), "{print}");
        assert!(print.ends_with("CHECK (length(email) > 3)\n) STRICT, WITHOUT ROWID"), "{print}");
        let mysql = parse(&MYSQL, MYSQL_TABLES[0]).foreign_keys();
        assert_eq!(mysql[0].table, Name { namespace: Some("x".into()), name: "tenants".into() });
    }

    #[test]
    fn what_mentions_a_column_is_found() {
        let mentioning = |dialect, text, column| -> Vec<String> {
            let table = parse(dialect, text);
            let found = table.mentioning(column);
            found
                .iter()
                .map(|it| shortened(table.items()[*it].body.text().trim())[..9].to_owned())
                .collect()
        };
        let [plain, odd] = [SQLITE_TABLES[2], SQLITE_TABLES[3]];
        assert_eq!(mentioning(&SQLITE, plain, "email"), ["CONSTRAIN"]);
        assert_eq!(mentioning(&SQLITE, plain, "TOTAL"), ["twice INT", "half AS ("]);
        assert_eq!(mentioning(&SQLITE, plain, "id"), [""; 0]);
        assert_eq!(mentioning(&SQLITE, odd, "key"), ["UNIQUE(ke", "CHECK(key", "FOREIGN K"]);
        assert_eq!(mentioning(&MYSQL, MYSQL_TABLES[0], "seen"), ["KEY `kind"]);
        assert_eq!(mentioning(&MYSQL, MYSQL_TABLES[0], "key"), ["UNIQUE KE"]);
    }

    #[test]
    fn tables_are_renamed_and_items_leave_no_stray_comma() {
        let mut table = parse(&SQLITE, "CREATE TABLE main.'old' (a, b, c)");
        assert_eq!(table.name().unwrap().to_string(), "main.old");
        table.rename(&"new\"er".into());
        table.remove_column("A");
        table.remove_column("c");
        assert_eq!(table.print(), "CREATE TABLE \"new\"\"er\" ( b)");
        assert_eq!(table.name(), Some("new\"er".into()));
        assert!(!table.remove_column("x"));
        let mut table = parse(&MYSQL, MYSQL_TABLES[0]);
        assert!(table.remove_constraint("KEY"));
        assert!(!table.print().contains("UNIQUE"));
    }

    #[test]
    fn what_is_no_definition_is_refused() {
        for (text, wanted) in [
            (
                "CREATE VIEW v AS SELECT (1)",
                "`CREATE VIEW v AS SELECT (1)` is no `CREATE TABLE` with its columns in parentheses",
            ),
            (
                "CREATE TABLE a AS SELECT (1)",
                "`CREATE TABLE a AS SELECT (1)` is no `CREATE TABLE` with its columns in parentheses",
            ),
            ("CREATE TABLE a (b", "the definition isn't closed behind `(b`"),
            ("CREATE TABLE a (b 'x)", "the definition isn't closed behind `'x)`"),
            ("CREATE TABLE a (b, , c)", "`` is no column and no constraint"),
            ("", "`` is no `CREATE TABLE` with its columns in parentheses"),
        ] {
            assert_eq!(TableDefinition::parse(&SQLITE, text).unwrap_err().to_string(), wanted);
        }
    }

    proptest! {
        #[test]
        fn any_definition_that_parses_prints_as_it_was(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "a", "\"b c\"", "[d]", "'e'", "`f`", "int", "varchar(3)", ",", "(", ")", "NOT NULL",
                "NULL", "DEFAULT", "-1", "'x,)'", "CHECK", "(1)", "REFERENCES", "CONSTRAINT", "PRIMARY KEY",
                "UNIQUE", "FOREIGN KEY", "(a)", "ON DELETE", "CASCADE", "KEY", "/* , */", "-- )\n", "AS",
                "COLLATE", "CHARACTER SET", "COMMENT", "ON UPDATE", "/*!80023 INVISIBLE */", "ä", ".",
            ]), 0..24)
        ) {
            let text = format!("CREATE TABLE t ({})", words.join(" "));
            for dialect in ALL {
                let Ok(mut table) = TableDefinition::parse(dialect, &text) else { continue };
                prop_assert_eq!(table.print(), text.as_str());
                table.foreign_keys();
                table.mentioning("a");
                let Some(name) = table.columns().next().map(|it| it.name().to_owned()) else { continue };
                let column = table.column_mut(&name).unwrap();
                column.set_type("bigint");
                column.set_nullable(false);
                column.set_default(Some("1"));
                column.set_nullable(true);
                column.set_default(None);
                TableDefinition::parse(dialect, &table.print()).unwrap();
            }
        }
    }
}
