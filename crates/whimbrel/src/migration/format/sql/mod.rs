//! Migrations written in SQL: statements, and comments that say what SQL has no words for.
//!
//! ```sql
//! -- whimbrel: after 0002_orders
//! CREATE INDEX orders_day ON orders (day);
//!
//! -- whimbrel: down
//! DROP INDEX orders_day;
//! ```
//!
//! A directive is a line of its own that begins with `-- whimbrel:`. The statements are cut apart
//! only for the database they run on, as each reads SQL in its own way.

mod print;
mod state;

use std::{ops::Range, sync::Arc};

use whimbrel_migration::{Irreversible, Migration, NeedsReview, RunSql, StateOnly};

pub use self::{
    print::{Printed, Unwritable, print},
    state::State,
};
use super::rust::Siblings;
use crate::{
    diagnostic::{Diagnostic, SourceFile, Span, did_you_mean},
    dialect::{ALL, Dialect},
    operation::Operation,
    schema::{Database, PerDatabase, Script, Undo},
    sql::split::split,
};

/// A migration as its SQL file states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlMigration {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The migrations that it comes after; none for a root.
    pub parents: Vec<String>,
    /// Where they are stated.
    pub parents_place: Option<Span>,
    /// Whether every statement is to run outside of a transaction.
    pub no_transaction: bool,
    /// Whether it runs only after the programs that need what it takes away are gone.
    pub after_deploy: bool,
    /// The migrations in whose place it stands.
    pub replaces: Vec<String>,
    /// What somebody has to look at before it runs, and where that is said.
    pub needs_review: Option<(String, Span)>,
    /// Why it can't be taken back, and where that is said.
    pub irreversible: Option<(String, Span)>,
    /// What it changes of the schema, where it says so.
    pub state: Option<State>,
    /// What runs on the way up.
    pub up: Vec<Section>,
    /// What runs on the way down; `None` where the file doesn't say.
    pub down: Option<Vec<Section>>,
}

/// A stretch of statements for one database or for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The database; `None` for every one.
    pub database: Option<Database>,
    /// Its statements, cut only before those that a `done-when` belongs to.
    pub parts: Vec<Part>,
}

/// Statements, the first of which may have a query that tells whether it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The query.
    pub done_when: Option<String>,
    /// The bytes of the file.
    pub range: Range<usize>,
}

/// The directives, as they are written.
const DIRECTIVES: [&str; 12] = [
    "after",
    "first",
    "after-deploy",
    "replaces",
    "needs-review",
    "irreversible",
    "state",
    "up",
    "down",
    "for",
    "no-transaction",
    "done-when",
];

/// Reads a file; what is wrong with it is in the diagnostics.
pub fn parse(file: &Arc<SourceFile>, siblings: &dyn Siblings) -> (SqlMigration, Vec<Diagnostic>) {
    let mut parser = Parser {
        migration: SqlMigration {
            file: Arc::clone(file),
            parents: Vec::new(),
            parents_place: None,
            no_transaction: false,
            after_deploy: false,
            replaces: Vec::new(),
            needs_review: None,
            irreversible: None,
            state: None,
            up: vec![Section {
                database: None,
                parts: vec![Part { done_when: None, range: 0..0 }],
            }],
            down: None,
        },
        state: None,
        in_state: false,
        diagnostics: Vec::new(),
    };
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        match directive(line) {
            Some(offset) => parser.directive(range.start + offset, range),
            None if parser.in_state && is_blank(line) => parser.state_line(range),
            None => {
                parser.in_state = false;
                parser.part().range.end = range.end;
            }
        }
    }
    parser.read_state(siblings);
    parser.finish();
    (parser.migration, parser.diagnostics)
}

/// Where the words of a directive begin in a line, if it is one.
fn directive(line: &str) -> Option<usize> {
    let comment = line.trim_start_matches('\u{feff}').trim_start().strip_prefix("--")?.trim_start();
    let (word, rest) = (comment.get(.."whimbrel".len())?, comment.get("whimbrel".len()..)?);
    let words = rest.trim_start().strip_prefix(':')?;
    word.eq_ignore_ascii_case("whimbrel").then(|| line.len() - words.trim_start().len())
}

/// The file to begin with for a migration that has no statements yet: all that it says of itself.
pub fn template(migration: &Migration, name: &str) -> String {
    let title = name.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start_matches('_');
    let title = title.replace('_', " ");
    format!("{}-- {title}\n\n", header(migration))
}

/// All that a migration says of itself, line by line.
fn header(migration: &Migration) -> String {
    let mut directives = vec![parents(&migration.parents)];
    if migration.after_deploy {
        directives.push("after-deploy".to_owned());
    }
    if migration.no_transaction {
        directives.push("no-transaction".to_owned());
    }
    if !migration.replaces.is_empty() {
        directives.push(format!("replaces {}", migration.replaces.join(", ")));
    }
    directives.extend(migration.operations.iter().filter_map(|it| match it {
        Operation::NeedsReview(it) => Some(format!("needs-review {}", it.why)),
        Operation::Irreversible(it) => Some(format!("irreversible {}", it.why)),
        _ => None,
    }));
    let lines: Vec<String> = directives.iter().map(|it| format!("-- whimbrel: {it}\n")).collect();
    lines.concat()
}

/// The words of the directive that states where a migration belongs.
pub fn parents(parents: &[String]) -> String {
    if parents.is_empty() { "first".to_owned() } else { format!("after {}", parents.join(", ")) }
}

struct Parser {
    migration: SqlMigration,
    /// The section that says what changes of the schema, until it is read.
    state: Option<state::Section>,
    /// Whether the lines of it go on.
    in_state: bool,
    diagnostics: Vec<Diagnostic>,
}

impl Parser {
    fn span(&self, range: Range<usize>) -> Span {
        Span { file: Arc::clone(&self.migration.file), range }
    }

    fn sections(&mut self) -> &mut Vec<Section> {
        self.migration.down.as_mut().unwrap_or(&mut self.migration.up)
    }

    /// The part that lines are added to.
    fn part(&mut self) -> &mut Part {
        let sections = self.sections();
        if sections.last().is_none_or(|it| it.parts.is_empty()) {
            let part = Part { done_when: None, range: 0..0 };
            sections.push(Section { database: None, parts: vec![part] });
        }
        let parts = sections.last_mut().map(|it| &mut it.parts);
        parts.and_then(|it| it.last_mut()).expect("one was just added where there was none")
    }

    fn begin(&mut self, database: Option<Database>, at: usize) {
        let parts = vec![Part { done_when: None, range: at..at }];
        self.sections().push(Section { database, parts });
    }

    fn error(&mut self, range: Range<usize>, message: String, label: &str, help: &str) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic::error(message).at(span, label).help(help));
    }

    /// Reads the directive whose words begin at `start`, in the line at `line`.
    fn directive(&mut self, start: usize, line: Range<usize>) {
        let words = self.migration.file.text[start..line.end].trim_end().to_owned();
        let name_end = words.find(char::is_whitespace).unwrap_or(words.len());
        let name = words[..name_end].to_ascii_lowercase();
        let rest = words[name_end..].trim_start();
        let rest_start = start + words.len() - rest.len();
        let rest_range = rest_start..start + words.len();
        let all = start..start + words.len();
        self.in_state = false;
        match name.as_str() {
            "state" => self.begin_state(all, rest_range),
            "after" => {
                if let Some(parents) = self.names(&name, rest, &all) {
                    self.place(parents, all);
                }
            }
            "replaces" => self.replaces(rest, &all),
            "needs-review" => {
                let why = self.why(&name, rest, &all);
                let before = self.migration.needs_review.take();
                self.migration.needs_review = self.once(before, why, &name);
            }
            "irreversible" => {
                let why = self.why(&name, rest, &all);
                let before = self.migration.irreversible.take();
                self.migration.irreversible = self.once(before, why, &name);
            }
            "first" => self.place(Vec::new(), all),
            "no-transaction" => self.migration.no_transaction = true,
            "after-deploy" => self.migration.after_deploy = true,
            "done-when" => self.done_when(rest, all, line.end),
            "up" | "down" => {
                if name == "up" && self.migration.down.is_some() {
                    self.error(
                        all,
                        "`up` stands behind `down`".to_owned(),
                        "what runs on the way up comes first",
                        "move it before the line `-- whimbrel: down`",
                    );
                }
                if name == "down" {
                    self.migration.down.get_or_insert_default();
                }
                let database = if rest.is_empty() { None } else { self.database(rest, rest_range) };
                self.begin(database, line.end);
            }
            "for" => {
                let database = self.database(rest, if rest.is_empty() { all } else { rest_range });
                self.begin(database, line.end);
            }
            _ => self.unknown(&name, start..start + name_end),
        }
        if !["up", "down", "for", "done-when"].contains(&name.as_str()) {
            self.go_on_behind(line);
        }
    }

    /// Goes on with the same statements behind a directive's line: it is a comment to every
    /// database, and left out where nothing stands before it.
    fn go_on_behind(&mut self, line: Range<usize>) {
        let file = Arc::clone(&self.migration.file);
        let part = self.part();
        if is_blank(&file.text[part.range.clone()]) {
            part.range.start = line.end;
        }
        part.range.end = line.end;
    }

    fn unknown(&mut self, name: &str, range: Range<usize>) {
        let help = match did_you_mean(name, DIRECTIVES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of `{}`", DIRECTIVES.join("`, `")),
        };
        self.error(range, format!("there is no directive `{name}`"), "not known", &help);
    }

    /// The migrations that a directive names.
    fn names(&mut self, name: &str, rest: &str, all: &Range<usize>) -> Option<Vec<String>> {
        let names = rest.split(|it: char| it == ',' || it.is_whitespace());
        let names: Vec<_> = names.filter(|it| !it.is_empty()).map(ToOwned::to_owned).collect();
        if !names.is_empty() {
            return Some(names);
        }
        let help = if name == "after" {
            "write it behind, as in `-- whimbrel: after 0002_orders`, or `-- whimbrel: first` for a \
             migration that comes after none"
        } else {
            "write them behind, as in `-- whimbrel: replaces 0001_users, 0002_orders`"
        };
        let message = format!("`{name}` names no migration");
        self.error(all.clone(), message, "a name is missing here", help);
        // What comes after nothing by mistake is no root.
        (name == "after").then_some(names)
    }

    fn replaces(&mut self, rest: &str, all: &Range<usize>) {
        for name in self.names("replaces", rest, all).unwrap_or_default() {
            if self.migration.replaces.contains(&name) {
                let message = format!("`{name}` is replaced twice");
                self.error(all.clone(), message, "here again", "name it once");
            } else {
                self.migration.replaces.push(name);
            }
        }
    }

    /// The reason that a directive gives, and where.
    fn why(&mut self, name: &str, rest: &str, all: &Range<usize>) -> Option<(String, Span)> {
        if rest.is_empty() {
            self.error(
                all.clone(),
                format!("`{name}` doesn't say why"),
                "a reason is missing here",
                &format!("write it behind, as in `-- whimbrel: {name} drops users.legacy`"),
            );
            return None;
        }
        Some((rest.to_owned(), self.span(all.clone())))
    }

    /// What is said once; a second time is a mistake.
    fn once(
        &mut self,
        before: Option<(String, Span)>,
        now: Option<(String, Span)>,
        name: &str,
    ) -> Option<(String, Span)> {
        if let (Some((_, first)), Some((_, again))) = (&before, &now) {
            let twice = Diagnostic::error(format!("`{name}` is stated twice"))
                .at(again.clone(), "here again")
                .and(first.clone(), "first here")
                .help("keep one of the two");
            self.diagnostics.push(twice);
        }
        before.or(now)
    }

    fn place(&mut self, parents: Vec<String>, range: Range<usize>) {
        let span = self.span(range);
        if let Some(before) = self.migration.parents_place.clone() {
            let twice = Diagnostic::error("where this migration belongs is stated twice")
                .at(span, "here again")
                .and(before, "first here")
                .help("keep one of the two; several migrations are written `after a, b`");
            self.diagnostics.push(twice);
            return;
        }
        self.migration.parents = parents;
        self.migration.parents_place = Some(span);
    }

    fn database(&mut self, name: &str, range: Range<usize>) -> Option<Database> {
        let found = Dialect::named(name).and_then(|it| it.databases.first().copied());
        if found.is_none() {
            let names = ALL.iter().flat_map(|it| std::iter::once(&it.name).chain(it.aliases));
            let help = if let Some(near) = did_you_mean(name, names.copied()) {
                format!("did you mean `{near}`?")
            } else {
                let names: Vec<_> = ALL.iter().map(|it| it.name).collect();
                format!("write one of `{}`", names.join("`, `"))
            };
            let message = if name.is_empty() {
                "no database is named".to_owned()
            } else {
                format!("there is no database `{name}`")
            };
            self.error(range, message, "a database is wanted here", &help);
        }
        found
    }

    fn done_when(&mut self, query: &str, all: Range<usize>, behind: usize) {
        let query = query.trim_end_matches(';').trim_end();
        if query.is_empty() {
            self.error(
                all,
                "`done-when` has no query".to_owned(),
                "a query is missing here",
                "write it in the same line, as in `-- whimbrel: done-when SELECT count(*) > 0 FROM \
                 orders`",
            );
            return;
        }
        if self.migration.down.is_some() {
            self.error(
                all,
                "`done-when` stands behind `down`".to_owned(),
                "only statements on the way up can have one",
                "take it out",
            );
            return;
        }
        let part = Part { done_when: Some(query.to_owned()), range: behind..behind };
        if let Some(section) = self.migration.up.last_mut() {
            section.parts.push(part);
        }
    }

    fn finish(&mut self) {
        if self.migration.parents_place.is_none() {
            let text = &self.migration.file.text;
            let end = text.find('\n').unwrap_or(text.len());
            self.error(
                0..end,
                "the file doesn't say which migration it comes after".to_owned(),
                "before this line",
                "add `-- whimbrel: after NAME` as the first line, or `-- whimbrel: first` if it \
                 comes after none",
            );
        }
        let file = Arc::clone(&self.migration.file);
        let mut idle = Vec::new();
        let down = self.migration.down.iter_mut().flatten();
        for section in self.migration.up.iter_mut().chain(down) {
            for part in &section.parts {
                if part.done_when.is_some() && is_blank(&file.text[part.range.clone()]) {
                    idle.push(part.range.start);
                }
            }
            section.parts.retain(|it| !is_blank(&file.text[it.range.clone()]));
        }
        // A section for one database stays without statements: there is nothing to do there.
        let said = |it: &Section| it.database.is_some() || !it.parts.is_empty();
        self.migration.up.retain(said);
        if let Some(down) = &mut self.migration.down {
            down.retain(said);
        }
        let undoes = self.migration.down.as_ref().is_some_and(|it| !it.is_empty());
        if let (true, Some((_, span))) = (undoes, self.migration.irreversible.clone()) {
            self.diagnostics.push(
                Diagnostic::error("the file has a way down and says that there is none")
                    .at(span, "this says so")
                    .help("take out this line, or what stands behind `-- whimbrel: down`"),
            );
        }
        if self.migration.up.is_empty() && undoes {
            self.diagnostics.push(
                Diagnostic::error("the file has a way down and nothing on the way up")
                    .help("write what is to be taken back before the line `-- whimbrel: down`"),
            );
        }
        for at in idle {
            let line = file.text[..at].trim_end().rfind('\n').map_or(0, |it| it + 1);
            self.error(
                line..file.text[..at].trim_end().len(),
                "`done-when` has no statement behind it".to_owned(),
                "it belongs to the statement that follows",
                "write it above the statement",
            );
        }
    }
}

/// Whether there are comments of whole lines at most.
fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .all(|it| it.is_empty() || it.starts_with("--"))
}

/// Sections that stand side by side: one for all databases, or one for each of several.
type Group<'a> = Vec<&'a Section>;

fn groups(sections: &[Section]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for section in sections {
        match groups.last_mut() {
            Some(group) if section.database.is_some() && group[0].database.is_some() => {
                group.push(section);
            }
            _ => groups.push(vec![section]),
        }
    }
    groups
}

impl SqlMigration {
    /// The migration as a value, and where each of its operations is written.
    pub fn migration(&self) -> (Migration, Vec<Option<Span>>) {
        let mut operations = Vec::new();
        let mut places = Vec::new();
        let mut said: Vec<Operation> = Vec::new();
        if let Some((why, place)) = self.needs_review.clone() {
            said.push(NeedsReview { why }.into());
            places.push(Some(place));
        }
        if let Some((why, place)) = self.irreversible.clone() {
            said.push(Irreversible { why }.into());
            places.push(Some(place));
        }
        for group in groups(&self.up) {
            for (script, place) in self.scripts(&group) {
                operations.push(RunSql { script });
                let file = Arc::clone(&self.file);
                places.push(place.map(|range| Span { file, range }));
            }
        }
        // The way down is one for all, and so is what changes of the schema: it belongs to the
        // operation that is taken back last, so that it runs whatever of the others was done.
        if let Some((first, others)) = operations.split_first_mut() {
            let down = self.down.as_ref().map(|it| self.undo(it));
            let state = self.state.as_ref().map(|it| it.operations.clone());
            if down.is_some() || state.as_ref().is_some_and(|it| !it.is_empty()) {
                for other in others {
                    other.script.undo = Undo::Nothing;
                }
            }
            first.script.undo = down.unwrap_or_default();
            first.script.state = state;
        } else if let Some(state) = self.state.as_ref().filter(|it| !it.operations.is_empty()) {
            said.push(StateOnly { operations: state.operations.clone() }.into());
            places.push(state.place.clone());
        }
        let migration = Migration {
            parents: self.parents.clone(),
            operations: said.into_iter().chain(operations.into_iter().map(Into::into)).collect(),
            no_transaction: self.no_transaction,
            after_deploy: self.after_deploy,
            replaces: self.replaces.clone(),
        };
        (migration, places)
    }

    /// The scripts of a group: several where a `done-when` cuts them.
    fn scripts(&self, group: &Group<'_>) -> Vec<(Script, Option<Range<usize>>)> {
        let databases = databases(group);
        let of = |database: Option<Database>| -> Vec<&Part> {
            let sections = group.iter().filter(|it| it.database == database);
            sections.flat_map(|it| &it.parts).collect()
        };
        let columns: Vec<_> = databases.iter().map(|it| (*it, self.merged(&of(*it)))).collect();
        let count = columns.iter().map(|(_, parts)| parts.len()).max().unwrap_or(0).max(1);
        let script = |position: usize| {
            let (mut up, mut done_when) = (PerDatabase::default(), PerDatabase::default());
            for (database, parts) in &columns {
                let part = parts.get(position);
                let text = part.map(|it| it.text.clone()).unwrap_or_default();
                put(&mut up, *database, text);
                if let Some(query) = part.and_then(|it| it.done_when.clone()) {
                    put(&mut done_when, *database, query);
                }
            }
            let done_when = Some(done_when).filter(|it| *it != PerDatabase::default());
            let place = columns.iter().find_map(|(_, it)| it.get(position));
            (Script { done_when, ..Script::of(up) }, place.map(|it| it.range.clone()))
        };
        (0..count).map(script).collect()
    }

    /// Parts put together that no `done-when` keeps apart.
    fn merged(&self, parts: &[&Part]) -> Vec<Merged> {
        let mut merged: Vec<Merged> = Vec::new();
        for part in parts {
            let text = self.file.text[part.range.clone()].trim_start_matches('\u{feff}').trim();
            match merged.last_mut() {
                Some(last) if part.done_when.is_none() => {
                    last.text.push('\n');
                    last.text.push_str(text);
                }
                _ => merged.push(Merged {
                    done_when: part.done_when.clone(),
                    text: text.to_owned(),
                    range: part.range.clone(),
                }),
            }
        }
        merged
    }

    /// Everything that runs on the way down, for each database in one text.
    fn undo(&self, down: &[Section]) -> Undo {
        let groups = groups(down);
        if groups.iter().flatten().all(|it| it.parts.is_empty()) {
            return Undo::Nothing;
        }
        let mut undo = PerDatabase::default();
        let mut named: Vec<_> = groups.iter().flat_map(|it| databases(it)).collect();
        if named.iter().any(Option::is_some) {
            named.retain(Option::is_some);
        }
        named.sort_unstable();
        named.dedup();
        for database in named {
            let texts = groups.iter().map(|group| {
                let sections =
                    group.iter().filter(|it| it.database.is_none() || it.database == database);
                let parts: Vec<_> = sections.clone().flat_map(|it| &it.parts).collect();
                let text: String = self.merged(&parts).into_iter().map(|it| it.text).collect();
                sections.clone().next().map(|_| text)
            });
            // Where a part of the way down has no text for this database, there is none at all.
            if let Some(texts) = texts.collect::<Option<Vec<_>>>() {
                put(&mut undo, database, texts.join("\n"));
            }
        }
        Undo::Sql(undo)
    }

    /// What keeps the statements for this database from being cut apart.
    pub fn check(&self, dialect: &Dialect) -> Vec<Diagnostic> {
        let sections = self.up.iter().chain(self.down.iter().flatten());
        let meant =
            sections.filter(|it| it.database.is_none_or(|it| dialect.databases.contains(&it)));
        let mut diagnostics = Vec::new();
        for part in meant.flat_map(|it| &it.parts) {
            let errors = split(dialect, &self.file.text[part.range.clone()]).err();
            for error in errors.into_iter().flatten() {
                let start = part.range.start;
                let range = start + error.range.start..start + error.range.end;
                let span = Span { file: Arc::clone(&self.file), range };
                diagnostics
                    .push(Diagnostic::error(error.message).at(span, "here").help(error.help));
            }
        }
        diagnostics
    }
}

struct Merged {
    done_when: Option<String>,
    text: String,
    range: Range<usize>,
}

/// The databases of a group, each once, in the order they are written.
fn databases(group: &Group<'_>) -> Vec<Option<Database>> {
    let mut databases = Vec::new();
    for section in group {
        if !databases.contains(&section.database) {
            databases.push(section.database);
        }
    }
    databases
}

fn put(texts: &mut PerDatabase, database: Option<Database>, text: String) {
    match database {
        Some(database) => texts.texts.push((database, text)),
        None => texts.otherwise = Some(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        dialect::{MARIADB, MYSQL, POSTGRES, SQLITE},
        migration::format::rust::NoSiblings,
        operation::Operation,
    };

    fn read(text: &str) -> SqlMigration {
        let (migration, diagnostics) = parse(&SourceFile::new("0003_x.sql", text), &NoSiblings);
        assert!(diagnostics.is_empty(), "{diagnostics:#?}");
        migration
    }

    fn scripts(text: &str) -> Vec<Script> {
        let (migration, places) = read(text).migration();
        assert_eq!(places.len(), migration.operations.len());
        let script = |it| match it {
            Operation::RunSql(run) => run.script,
            other => panic!("{other:?}"),
        };
        migration.operations.into_iter().map(script).collect()
    }

    fn errors(text: &str) -> Vec<String> {
        let (_, diagnostics) = parse(&SourceFile::new("0003_x.sql", text), &NoSiblings);
        let help = |it: &Diagnostic| it.help.clone().unwrap_or_default();
        diagnostics.iter().map(|it| format!("{it}; {}", help(it))).collect()
    }

    #[test]
    fn a_plain_file_is_one_script_with_its_way_back() {
        let text = "\u{feff}-- whimbrel: after 0001_a, 0002_b\r\n-- Days.\r\nCREATE TABLE a (b int);\r\n\r\n\
                    --whimbrel:down\r\nDROP TABLE a;\r\n";
        let (migration, places) = read(text).migration();
        assert_eq!(migration.parents, ["0001_a", "0002_b"]);
        assert!(!migration.no_transaction);
        let place = places[0].clone().unwrap();
        assert_eq!(place.file.text[place.range].trim(), "-- Days.\r\nCREATE TABLE a (b int);");
        let scripts = scripts(text);
        assert_eq!(scripts.len(), 1);
        assert_eq!(scripts[0].up, PerDatabase::all("-- Days.\r\nCREATE TABLE a (b int);"));
        assert_eq!(scripts[0].undo, Undo::Sql(PerDatabase::all("DROP TABLE a;")));
    }

    #[test]
    fn without_down_nobody_knows_the_way_back_and_an_empty_down_is_nothing() {
        assert_eq!(scripts("-- whimbrel: first\nSELECT 1")[0].undo, Undo::Unknown);
        let empty = "-- whimbrel: first\nSELECT 1;\n-- whimbrel: down\n-- nothing\n";
        assert_eq!(scripts(empty)[0].undo, Undo::Nothing);
        assert!(scripts("-- whimbrel: after a b\n-- whimbrel: no-transaction\n").is_empty());
        assert!(read("-- whimbrel: first\n-- whimbrel: no-transaction").no_transaction);
    }

    #[test]
    fn sections_say_what_runs_on_which_database() {
        let text = "-- whimbrel: first\nSELECT 0;\n-- whimbrel: for pg\nSELECT 1;\n\
                    -- whimbrel: up mysql\n-- nothing to do\n-- whimbrel: up\nSELECT 2;\n\
                    -- whimbrel: down postgres\nSELECT 3;\n-- whimbrel: for mysql\nSELECT 4;\n\
                    -- whimbrel: down\nSELECT 5;";
        let scripts = scripts(text);
        let on = |dialect: &Dialect| -> Vec<Option<String>> {
            scripts.iter().map(|it| dialect.text(&it.up).map(ToOwned::to_owned)).collect()
        };
        let some = |it: &str| Some(it.to_owned());
        assert_eq!(on(&POSTGRES), [some("SELECT 0;"), some("SELECT 1;"), some("SELECT 2;")]);
        assert_eq!(on(&MARIADB), [some("SELECT 0;"), some(""), some("SELECT 2;")]);
        assert_eq!(on(&SQLITE), [some("SELECT 0;"), None, some("SELECT 2;")]);
        let Undo::Sql(undo) = &scripts[0].undo else { panic!("{:?}", scripts[0].undo) };
        assert_eq!(POSTGRES.text(undo), Some("SELECT 3;\nSELECT 5;"));
        assert_eq!(MYSQL.text(undo), Some("SELECT 4;\nSELECT 5;"));
        assert_eq!(SQLITE.text(undo), None);
        assert_eq!(scripts[1].undo, Undo::Nothing);
    }

    #[test]
    fn a_query_belongs_to_the_statement_that_follows() {
        let text = "-- whimbrel: first\nSELECT 0;\n-- whimbrel: done-when SELECT 9;\nCALL p();\nSELECT 1;\n\
                    -- whimbrel: done-when SELECT 8\nCALL q();";
        let scripts = scripts(text);
        let queries: Vec<_> = scripts.iter().map(|it| it.done_when.clone()).collect();
        let query = |it: &str| Some(PerDatabase::all(it));
        assert_eq!(queries, [None, query("SELECT 9"), query("SELECT 8")]);
        assert_eq!(scripts[1].up, PerDatabase::all("CALL p();\nSELECT 1;"));
        let operation: Operation = RunSql { script: scripts[1].clone() }.into();
        let schema = crate::schema::Schema::default();
        let span = crate::operation::Span { before: &schema, after: &schema };
        let statements = crate::operation::as_change(&operation).sql(&MYSQL, span).unwrap();
        let queries: Vec<_> = statements.iter().map(|it| it.done_when.as_deref()).collect();
        assert_eq!(queries, [Some("SELECT 9"), None]);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_way_out() {
        assert_eq!(
            errors("SELECT 1;"),
            ["0003_x.sql:1:1: the file doesn't say which migration it comes after (before this \
             line); add `-- whimbrel: after NAME` as the first line, or `-- whimbrel: first` if \
             it comes after none",]
        );
        assert_eq!(
            errors("-- whimbrel: first\n-- whimbrel: dwon\nSELECT 1"),
            ["0003_x.sql:2:14: there is no directive `dwon` (not known); did you mean `down`?",]
        );
        assert_eq!(
            errors("-- whimbrel: first\n-- whimbrel: for postgre\nSELECT 1"),
            [
                "0003_x.sql:2:18: there is no database `postgre` (a database is wanted here); did you \
             mean `postgres`?",
            ]
        );
        assert_eq!(errors("-- whimbrel: first\n-- whimbrel: after a\n").len(), 1);
        assert_eq!(errors("-- whimbrel: after\n").len(), 1);
        assert_eq!(errors("-- whimbrel: first\n-- whimbrel: done-when\nSELECT 1").len(), 1);
        assert_eq!(errors("-- whimbrel: first\n-- whimbrel: done-when SELECT 1\n").len(), 1);
        assert_eq!(errors("-- whimbrel: first\n-- whimbrel: down\nSELECT 1").len(), 1);
    }

    #[test]
    fn statements_that_cannot_be_cut_are_shown_in_the_file() {
        let migration = read("-- whimbrel: first\nSELECT 1;\nSELECT 'a;\n");
        let diagnostics = migration.check(&SQLITE);
        let wanted = "0003_x.sql:3:8: this string is never closed (here)";
        assert_eq!(diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>(), [wanted]);
    }

    #[test]
    fn a_new_file_reads_as_a_migration_that_does_nothing() {
        for parents in [vec![], vec!["0001_a".to_owned()], vec!["a".to_owned(), "b".to_owned()]] {
            let written = Migration { parents, ..Migration::default() };
            let migration = read(&template(&written, "0003_some_days"));
            assert_eq!(migration.migration().0, written);
            assert!(migration.up.is_empty() && migration.down.is_none());
        }
    }

    #[test]
    fn what_a_whole_migration_says_of_itself_is_said_in_sql_too() {
        let written = Migration::after("0002_b")
            .needs_review("drops users.legacy")
            .irreversible("the rows are gone")
            .replaces(["0001_a", "0002_b"])
            .after_deploy()
            .no_transaction();
        let text = template(&written, "0003_some_days");
        let (migration, places) = read(&text).migration();
        assert_eq!(migration, written);
        let place = |at: usize| {
            let place = places[at].clone().unwrap();
            place.file.text[place.range].to_owned()
        };
        assert_eq!(place(0), "needs-review drops users.legacy");
        assert_eq!(place(1), "irreversible the rows are gone");
        let (migration, places) = read(&format!("{text}SELECT 1;\n")).migration();
        assert_eq!((migration.operations.len(), places.len()), (3, 3));
        for (text, wanted) in [
            ("-- whimbrel: replaces", "`replaces` names no migration"),
            ("-- whimbrel: replaces a b a", "`a` is replaced twice"),
            ("-- whimbrel: needs-review", "`needs-review` doesn't say why"),
            ("-- whimbrel: irreversible  ", "`irreversible` doesn't say why"),
            ("-- whimbrel: irreversible a\n-- whimbrel: irreversible b", "is stated twice"),
            ("-- whimbrel: irreversible a\nSELECT 1;\n-- whimbrel: down\nSELECT 2", "a way down"),
        ] {
            let found = errors(&format!("-- whimbrel: first\n{text}\n"));
            assert!(found.len() == 1 && found[0].contains(wanted), "{text}: {found:?}");
        }
    }

    proptest! {
        #[test]
        fn no_file_is_too_odd_to_read(
            lines in proptest::collection::vec(proptest::sample::select(vec![
                "-- whimbrel: first", "-- whimbrel: after a", "-- whimbrel: up", "-- whimbrel: down",
                "-- whimbrel: up mysql", "-- whimbrel: for pg", "-- whimbrel: irreversible x",
                "-- whimbrel: replaces", "-- whimbrel: needs-review é", "-- whimbrel: done-when SELECT 1",
                "-- whimbrel: state", "-- whimbrel: state .drop_table(\"a\")", "--  .drop_table(\"é\")",
                "-- whimbrel: ", "-- whimbrel", "SELECT 'ä';", "-- x", "", "--\u{feff}whimbrelä: x", "/*",
            ]), 0..12)
        ) {
            let (migration, _) = parse(&SourceFile::new("x.sql", lines.join("\n")), &NoSiblings);
            let _ = migration.migration();
            for dialect in ALL {
                migration.check(dialect);
            }
        }
    }
}
