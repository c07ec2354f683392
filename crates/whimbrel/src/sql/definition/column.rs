//! A column inside of a `CREATE TABLE`: its name, its type, and each of its clauses as they were
//! written.

use std::ops::Range;

use super::{
    DefinitionError, FoundForeignKey,
    cut::trailing_space,
    foreign_key::{deferral, target},
    names::{mentions_in_parentheses, same, token_name},
    shortened,
};
use crate::{
    dialect::Dialect,
    sql::{
        lexer::{Token, TokenKind},
        words::Words,
    },
};

/// A column's definition.
#[derive(Clone, Debug)]
pub struct ColumnItem<'a> {
    dialect: &'a Dialect,
    text: String,
    name: String,
    /// Where the name stands.
    name_range: Range<usize>,
    /// Where the type stands; empty, behind the name, where there is none.
    type_range: Range<usize>,
    clauses: Vec<Clause>,
}

/// Something that is said of a column behind its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What is said.
    pub kind: ClauseKind,
    /// The bytes of the column's text that say it, with the `CONSTRAINT name` before.
    pub range: Range<usize>,
    /// The bytes behind `CONSTRAINT name`.
    body: Range<usize>,
}

/// What a clause says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseKind {
    /// `NOT NULL`
    NotNull,
    /// `NULL`
    Null,
    /// `DEFAULT …`
    Default,
    /// `COLLATE …`
    Collate,
    /// `CHARACTER SET …`
    CharacterSet,
    /// `CHECK (…)`
    Check,
    /// `REFERENCES …`
    References,
    /// `GENERATED ALWAYS AS (…)`
    Generated,
    /// `PRIMARY KEY`, with `AUTOINCREMENT` where it stands behind
    PrimaryKey,
    /// `UNIQUE`
    Unique,
    /// `AUTO_INCREMENT`
    AutoIncrement,
    /// `ON UPDATE …`
    OnUpdate,
    /// `COMMENT '…'`
    Comment,
    /// `INVISIBLE`, also as `/*!80023 INVISIBLE */`
    Invisible,
    /// Anything else.
    Other,
}

impl<'a> ColumnItem<'a> {
    /// Takes a column's definition apart.
    pub(super) fn read(dialect: &'a Dialect, text: String) -> Result<Self, DefinitionError> {
        let mut words = Words::new(dialect, &text);
        let no_item = || DefinitionError::NoItem { item: shortened(text.trim()) };
        let first = words.rest().first().copied().ok_or_else(no_item)?;
        let name = token_name(dialect, &text, &first).ok_or_else(no_item)?;
        words.at = 1;
        let type_range = read_type(&mut words, first.end);
        let mut clauses = Vec::new();
        while !words.at_end() {
            clauses.push(read_clause(&mut words));
        }
        Ok(Self { dialect, name, name_range: first.range(), type_range, clauses, text })
    }

    /// The definition with the space and the comments around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The definition from its name to its last clause.
    pub fn definition(&self) -> &str {
        &self.text[self.name_range.start..self.end()]
    }

    /// The column's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as it is written, with its quotes.
    pub fn written_name(&self) -> &str {
        &self.text[self.name_range.clone()]
    }

    /// The type as it is written; empty where there is none.
    pub fn data_type(&self) -> &str {
        &self.text[self.type_range.clone()]
    }

    /// The clauses in their order.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The text of the first clause of this kind.
    pub fn clause(&self, kind: ClauseKind) -> Option<&str> {
        self.find(kind).map(|it| &self.text[self.clauses[it].range.clone()])
    }

    /// Whether the definition says that a row must have a value.
    pub fn is_not_null(&self) -> bool {
        self.find(ClauseKind::NotNull).is_some()
    }

    /// What stands behind `DEFAULT`.
    pub fn default(&self) -> Option<&str> {
        let clause = &self.clauses[self.find(ClauseKind::Default)?];
        let text = &self.text[clause.body.clone()];
        Some(text["DEFAULT".len()..].trim_start())
    }

    /// Gives the column another type; what else is said of it stays.
    ///
    /// Where a character set and a collation belong to text types only, they go with the last
    /// text type, and give way to those that the new type brings along. What MariaDB makes of
    /// `JSON`, a `longtext` with a check and a collation, goes with it (manual, "JSON Data Type").
    pub fn set_type(&mut self, data_type: &str) {
        let probe = Self::read(self.dialect, format!("x {data_type}"));
        let brings = probe.is_ok_and(|it| {
            it.find(ClauseKind::CharacterSet).is_some() || it.find(ClauseKind::Collate).is_some()
        });
        let says_json = format!("json_valid({})", self.dialect.quote(&self.name));
        let is_json = |it: &Clause| {
            it.kind == ClauseKind::Check && self.text[it.body.clone()].contains(&says_json)
        };
        let json = self.clauses.iter().position(is_json);
        let json = json.filter(|_| self.data_type().eq_ignore_ascii_case("longtext"));
        if let Some(position) = json {
            self.remove_clause(position);
        }
        let of_text = self.dialect.lexical.collations_of_text && !is_text_type(data_type);
        if brings || of_text || json.is_some() {
            self.remove_kind(ClauseKind::CharacterSet);
            self.remove_kind(ClauseKind::Collate);
        }
        let space = if self.type_range.is_empty() { " " } else { "" };
        self.replace(self.type_range.clone(), &format!("{space}{data_type}"));
    }

    /// Says whether a row may leave the column empty.
    pub fn set_nullable(&mut self, nullable: bool) {
        if nullable {
            // MariaDB, "TIMESTAMP": without `NULL` it may be `NOT NULL` by itself.
            let says_null = self.data_type().to_ascii_lowercase().starts_with("timestamp");
            match self.find(ClauseKind::NotNull) {
                Some(it) if says_null => self.replace(self.clauses[it].range.clone(), "NULL"),
                _ => self.remove_kind(ClauseKind::NotNull),
            }
            return;
        }
        if self.default().is_some_and(|it| it.eq_ignore_ascii_case("null")) {
            self.remove_kind(ClauseKind::Default);
        }
        self.remove_kind(ClauseKind::Null);
        if !self.is_not_null() {
            self.insert_behind_type("NOT NULL", &[ClauseKind::Generated]);
        }
    }

    /// Says what a row gets that names no value: the expression behind `DEFAULT`, or nothing.
    pub fn set_default(&mut self, default: Option<&str>) {
        let Some(default) = default else {
            self.remove_kind(ClauseKind::Default);
            return;
        };
        let clause = format!("DEFAULT {default}");
        match self.find(ClauseKind::Default) {
            Some(it) => self.replace(self.clauses[it].body.clone(), &clause),
            None => self.insert_behind_type(&clause, &[ClauseKind::NotNull, ClauseKind::Null]),
        }
    }

    /// Says what the column is computed from: `GENERATED ALWAYS AS (…) STORED`, or nothing.
    pub fn set_generated(&mut self, clause: Option<&str>) {
        self.remove_kind(ClauseKind::Generated);
        if let Some(clause) = clause {
            self.remove_kind(ClauseKind::Default);
            self.remove_kind(ClauseKind::OnUpdate);
            self.insert_behind_type(clause, &[]);
        }
    }

    /// Says which values there are: `CONSTRAINT "enum …" CHECK (…)`, or nothing.
    pub fn set_values(&mut self, clause: Option<&str>) {
        let says = |it: &usize| {
            self.constraint_name(*it).is_some_and(|it| it.starts_with(crate::sql::VALUES_MARK))
        };
        let said = (0..self.clauses.len()).find(says);
        match (said, clause) {
            (Some(said), Some(clause)) => self.replace(self.clauses[said].range.clone(), clause),
            (Some(said), None) => self.remove_clause(said),
            (None, Some(clause)) => self.replace(self.end()..self.end(), &format!(" {clause}")),
            (None, None) => {}
        }
    }

    /// How the column is computed: `STORED`, `VIRTUAL`; `None` where it isn't.
    pub fn computed(&self) -> Option<&'static str> {
        let clause = self.clause(ClauseKind::Generated)?.to_ascii_uppercase();
        let stored = clause.ends_with("STORED") || clause.ends_with("PERSISTENT");
        Some(if stored { "STORED" } else { "VIRTUAL" })
    }

    /// What the column is computed from, with its parentheses.
    pub fn computation(&self) -> Option<&str> {
        let clause = self.clause(ClauseKind::Generated)?;
        Some(&clause[clause.find('(')?..=clause.rfind(')')?])
    }

    /// Says what happens when a row is changed: `ON UPDATE …`.
    pub fn add_on_update(&mut self, clause: &str) {
        let before = [ClauseKind::NotNull, ClauseKind::Null, ClauseKind::Default];
        self.insert_behind_type(clause, &before);
    }

    /// Says by which collation its texts are compared: `COLLATE …`, or nothing. The character set
    /// goes with the collation.
    pub fn set_collation(&mut self, clause: Option<&str>) {
        self.remove_kind(ClauseKind::CharacterSet);
        self.remove_kind(ClauseKind::Collate);
        if let Some(clause) = clause {
            let at = self.type_range.end;
            self.replace(at..at, &format!(" {clause}"));
        }
    }

    /// What stands behind `COLLATE`.
    pub fn collation(&self) -> Option<String> {
        let clause = &self.clauses[self.find(ClauseKind::Collate)?];
        let text = &self.text[clause.body.clone()];
        let mut words = Words::new(self.dialect, text);
        words.take(&["COLLATE"]).then(|| token_name(self.dialect, text, words.rest().first()?))?
    }

    /// Says what is told of the column: `COMMENT '…'`, or nothing.
    pub fn set_comment(&mut self, clause: Option<&str>) {
        self.remove_kind(ClauseKind::Comment);
        if let Some(clause) = clause {
            // MariaDB takes nothing behind a check of the column (error 1064).
            let check = self.clauses.iter().find(|it| it.kind == ClauseKind::Check);
            let end = check.map_or(self.end(), |it| it.range.start);
            let at = end - trailing_space(self.dialect, &self.text[..end]).len();
            self.replace(at..at, &format!(" {clause}"));
        }
    }

    /// Says that the column is the primary key: `PRIMARY KEY AUTOINCREMENT`.
    pub fn add_key(&mut self, clause: &str) {
        self.insert_behind_type(clause, &[]);
    }

    /// Says that the database numbers it: `AUTO_INCREMENT`.
    pub fn add_auto_increment(&mut self) {
        self.remove_kind(ClauseKind::AutoIncrement);
        self.remove_kind(ClauseKind::Default);
        self.insert_behind_type("AUTO_INCREMENT", &[ClauseKind::NotNull, ClauseKind::Null]);
    }

    /// Says that it is the primary key, or that nothing more is said of that: `PRIMARY KEY
    /// AUTOINCREMENT`.
    pub(super) fn set_key(&mut self, clause: Option<&str>) {
        self.remove_kind(ClauseKind::PrimaryKey);
        if let Some(clause) = clause {
            self.insert_behind_type(clause, &[]);
        }
    }

    /// Gives the column another name.
    pub fn rename(&mut self, name: &str) {
        self.replace(self.name_range.clone(), &self.dialect.quote(name));
    }

    /// Takes the clauses of this kind out.
    pub fn remove_kind(&mut self, kind: ClauseKind) {
        while let Some(position) = self.find(kind) {
            self.remove_clause(position);
        }
    }

    /// Takes out the clause at `position` of [`Self::clauses`], with the space before it.
    pub(super) fn remove_clause(&mut self, position: usize) {
        let Some(clause) = self.clauses.get(position) else { return };
        let (start, end) = (clause.range.start, clause.range.end);
        let space = trailing_space(self.dialect, &self.text[..start]).len();
        self.replace(start - space..end, "");
    }

    /// Takes out the clause that `CONSTRAINT name` stands before.
    pub(super) fn remove_constraint(&mut self, name: &str) -> bool {
        let found = (0..self.clauses.len())
            .find(|it| self.constraint_name(*it).is_some_and(|it| same(&it, name)));
        if let Some(position) = found {
            self.remove_clause(position);
        }
        found.is_some()
    }

    fn constraint_name(&self, position: usize) -> Option<String> {
        let clause = &self.clauses[position];
        let before = &self.text[clause.range.start..clause.body.start];
        let mut words = Words::new(self.dialect, before);
        if !words.take(&["CONSTRAINT"]) {
            return None;
        }
        token_name(self.dialect, before, words.rest().first()?)
    }

    pub(super) fn foreign_keys(&self, item: usize) -> Vec<FoundForeignKey> {
        let of = |clause: usize| {
            let it = &self.clauses[clause];
            let mut words = Words::new(self.dialect, &self.text[it.body.clone()]);
            let (table, references) = words.take(&["REFERENCES"]).then(|| target(&mut words))??;
            let name = self.constraint_name(clause);
            let columns = vec![self.name.clone()];
            let (deferral, clause) = (deferral(&words), Some(clause));
            Some(FoundForeignKey { name, columns, table, references, deferral, item, clause })
        };
        (0..self.clauses.len()).filter_map(of).collect()
    }

    /// Whether a check or a computed value of this column mentions that one.
    pub(super) fn mentions(&self, column: &str) -> bool {
        let computes = [ClauseKind::Check, ClauseKind::Generated, ClauseKind::Default];
        self.clauses.iter().filter(|it| computes.contains(&it.kind)).any(|it| {
            let words = Words::new(self.dialect, &self.text[it.body.clone()]);
            mentions_in_parentheses(&words, words.rest(), column)
        })
    }

    pub(super) fn with_text(&self, text: String) -> Self {
        // Only the space around it differs, so it can be read as it could before.
        Self::read(self.dialect, text).unwrap_or_else(|_| self.clone())
    }

    fn find(&self, kind: ClauseKind) -> Option<usize> {
        self.clauses.iter().position(|it| it.kind == kind)
    }

    /// The end of the last clause, or of what is there.
    fn end(&self) -> usize {
        self.clauses.last().map_or(self.type_range.end, |it| it.range.end)
    }

    /// Says `clause` behind the type and what belongs to it, and behind clauses of these kinds.
    fn insert_behind_type(&mut self, clause: &str, kinds: &[ClauseKind]) {
        let of_type = |it: &&Clause| {
            matches!(it.kind, ClauseKind::CharacterSet | ClauseKind::Collate)
                || kinds.contains(&it.kind)
        };
        let at = self.clauses.iter().filter(of_type).map(|it| it.range.end).max();
        let at = at.unwrap_or(self.type_range.end);
        self.replace(at..at, &format!(" {clause}"));
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        let mut text = self.text.clone();
        text.replace_range(range, with);
        *self = self.with_text(text);
    }
}

/// Whether MySQL keeps text in a column of this type.
fn is_text_type(data_type: &str) -> bool {
    let end = data_type.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(data_type.len());
    let word = data_type[..end].to_ascii_lowercase();
    let text = [
        "char",
        "character",
        "enum",
        "long",
        "longtext",
        "mediumtext",
        "national",
        "nchar",
        "nvarchar",
        "set",
        "text",
        "tinytext",
        "varchar",
        "varcharacter",
    ];
    text.contains(&word.as_str())
}

/// Goes behind the type, which ends where the first clause begins.
fn read_type(words: &mut Words<'_>, behind_name: usize) -> Range<usize> {
    let mut range = behind_name..behind_name;
    while let Some(token) = words.rest().first().copied() {
        if begins_clause(words) {
            break;
        }
        if range.is_empty() {
            range.start = token.start;
        }
        skip_one(words);
        range.end = words.tokens[words.at - 1].end;
    }
    range
}

/// Goes behind one token, or behind a whole pair of parentheses.
fn skip_one(words: &mut Words<'_>) {
    let mut depth = 0_usize;
    while let Some(token) = words.rest().first().copied() {
        words.at += 1;
        if token.is_symbol(words.source, '(') {
            depth += 1;
        } else if token.is_symbol(words.source, ')') {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return;
        }
    }
}

fn begins_clause(words: &Words<'_>) -> bool {
    const FIRST: &[&str] = &[
        "AS",
        "AUTOINCREMENT",
        "AUTO_INCREMENT",
        "CHARSET",
        "CHECK",
        "COLLATE",
        "COLUMN_FORMAT",
        "COMMENT",
        "CONSTRAINT",
        "DEFAULT",
        "DEFERRABLE",
        "ENGINE_ATTRIBUTE",
        "GENERATED",
        "INVISIBLE",
        "KEY",
        "NOT",
        "NULL",
        "ON",
        "PRIMARY",
        "REFERENCES",
        "SRID",
        "STORAGE",
        "UNIQUE",
        "VISIBLE",
        "WITH",
        "WITHOUT",
    ];
    let executable = TokenKind::ExecutableComment;
    words.rest().first().is_some_and(|it| it.kind == executable)
        || FIRST.contains(&words.peek().as_str())
        || words.next_are(&["CHARACTER", "SET"])
}

fn read_clause(words: &mut Words<'_>) -> Clause {
    let start = words.rest().first().map_or(0, |it| it.start);
    let mut body = start;
    if words.take(&["CONSTRAINT"]) {
        words.at += 1;
        body = words.rest().first().map_or(start, |it| it.start);
    }
    let kind = read_body(words);
    let end = words.tokens[(words.at - 1).min(words.tokens.len() - 1)].end;
    Clause { kind, range: start..end, body: body.min(end)..end }
}

fn read_body(words: &mut Words<'_>) -> ClauseKind {
    let Some(first) = words.rest().first().copied() else { return ClauseKind::Other };
    if first.kind == TokenKind::ExecutableComment {
        words.at += 1;
        let invisible = first.text(words.source).to_ascii_uppercase().contains("INVISIBLE");
        return if invisible { ClauseKind::Invisible } else { ClauseKind::Other };
    }
    let word = words.peek();
    skip_one(words);
    match word.as_str() {
        "NOT" if words.take(&["NULL"]) => on_conflict(words, ClauseKind::NotNull),
        "NULL" => on_conflict(words, ClauseKind::Null),
        "DEFAULT" => default(words),
        "COLLATE" => one_more(words, ClauseKind::Collate),
        "CHARSET" => one_more(words, ClauseKind::CharacterSet),
        "CHARACTER" if words.take(&["SET"]) => one_more(words, ClauseKind::CharacterSet),
        "CHECK" => check(words),
        "REFERENCES" => references(words),
        "GENERATED" | "AS" => generated(words, word == "AS"),
        "PRIMARY" => {
            words.take(&["KEY"]);
            words.take_one_of(&["ASC", "DESC"]);
            on_conflict(words, ClauseKind::PrimaryKey);
            words.take(&["AUTOINCREMENT"]);
            ClauseKind::PrimaryKey
        }
        "UNIQUE" => {
            words.take(&["KEY"]);
            on_conflict(words, ClauseKind::Unique)
        }
        "AUTO_INCREMENT" => ClauseKind::AutoIncrement,
        "ON" if words.take(&["UPDATE"]) => {
            one_more(words, ClauseKind::OnUpdate);
            if words.next_is('(') {
                skip_one(words);
            }
            ClauseKind::OnUpdate
        }
        "COMMENT" => one_more(words, ClauseKind::Comment),
        "INVISIBLE" => ClauseKind::Invisible,
        _ => ClauseKind::Other,
    }
}

fn one_more(words: &mut Words<'_>, kind: ClauseKind) -> ClauseKind {
    if !words.at_end() {
        skip_one(words);
    }
    kind
}

fn on_conflict(words: &mut Words<'_>, kind: ClauseKind) -> ClauseKind {
    if words.take(&["ON", "CONFLICT"]) && !words.at_end() {
        words.at += 1;
    }
    kind
}

/// A literal with its sign or its character set, a word, a call, or parentheses.
fn default(words: &mut Words<'_>) -> ClauseKind {
    while words.take_symbol('-') || words.take_symbol('+') {}
    let Some(first) = words.rest().first().copied() else { return ClauseKind::Default };
    skip_one(words);
    let follows = |words: &Words<'_>, token: Token| {
        words.rest().first().is_some_and(|it| it.start == token.end)
    };
    let next_is_string = words.rest().first().is_some_and(|it| it.kind == TokenKind::String);
    if first.kind == TokenKind::Word && follows(words, first) && next_is_string {
        words.at += 1;
    }
    let named = matches!(first.kind, TokenKind::Word | TokenKind::QuotedName);
    while named && words.take_symbol('.') {
        words.at += 1;
    }
    if named && words.next_is('(') {
        skip_one(words);
    }
    ClauseKind::Default
}

fn check(words: &mut Words<'_>) -> ClauseKind {
    if words.next_is('(') {
        skip_one(words);
    }
    let _ = words.take(&["NOT", "ENFORCED"]) || words.take(&["ENFORCED"]);
    on_conflict(words, ClauseKind::Check)
}

fn generated(words: &mut Words<'_>, short: bool) -> ClauseKind {
    if !short {
        words.take(&["ALWAYS"]);
        words.take(&["AS"]);
    }
    if words.next_is('(') {
        skip_one(words);
    } else if words.take(&["ROW"]) {
        words.take_one_of(&["START", "END"]);
    }
    words.take_one_of(&["STORED", "VIRTUAL", "PERSISTENT"]);
    ClauseKind::Generated
}

fn references(words: &mut Words<'_>) -> ClauseKind {
    let mut ahead = Words {
        dialect: words.dialect,
        source: words.source,
        tokens: words.tokens.clone(),
        at: words.at,
    };
    if target(&mut ahead).is_some() {
        words.at = ahead.at;
    }
    loop {
        if words.take(&["ON", "DELETE"]) || words.take(&["ON", "UPDATE"]) {
            if !words.take(&["SET", "NULL"])
                && !words.take(&["SET", "DEFAULT"])
                && !words.take(&["NO", "ACTION"])
            {
                words.at += 1;
            }
        } else if words.take(&["MATCH"]) {
            words.at += 1;
        } else if !(words.take(&["NOT", "DEFERRABLE"])
            || words.take(&["DEFERRABLE"])
            || words.take(&["INITIALLY", "DEFERRED"])
            || words.take(&["INITIALLY", "IMMEDIATE"]))
        {
            break;
        }
    }
    ClauseKind::References
}
