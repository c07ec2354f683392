//! Reading a file: which lines are directives, and to which of them each statement belongs.

use std::{ops::Range, sync::Arc};

use super::{Part, Section, SqlMigration, state};
use crate::{
    diagnostic::{Diagnostic, SourceFile, Span, did_you_mean},
    dialect::{ALL, Dialect},
    migration::format::rust::Siblings,
    schema::Database,
};

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

pub(super) struct Parser {
    pub(super) migration: SqlMigration,
    /// The section that says what changes of the schema, until it is read.
    pub(super) state: Option<state::Section>,
    /// Whether the lines of it go on.
    pub(super) in_state: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Parser {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
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

    pub(super) fn error(&mut self, range: Range<usize>, message: String, label: &str, help: &str) {
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
    pub(super) fn go_on_behind(&mut self, line: Range<usize>) {
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
