//! What was said beforehand of what only the user knows: with flags, and in a file of answers.
//! Flags count before the file, and the file before what the schema says.

use std::{cell::RefCell, collections::BTreeSet, path::PathBuf};

use whimbrel::{
    diagnostic::Diagnostic,
    diff::{Answers, Refusal},
    project::{self, AnswersFile, Config, Entry},
    schema::{Name, Schema},
    source::Declared,
};

use super::destructive::{self, OnDestructive};
use crate::{
    failure::{Failure, USAGE},
    ui::Ui,
};

/// What only the user knows, for commands that generate.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Answering {
    /// What was renamed: `users=people`, `users.name=display_name`, `order_status.payed=paid`
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<String>,
    /// What was not renamed and is gone: `users`, `users.name`
    #[arg(long, value_name = "WHAT")]
    drop: Vec<String>,
    /// What to do about a change that gives something up: `generate` (or `all`), `review`, `omit`,
    /// `ignore-errors`, `abort` (or `exit`); for one change alone `users.legacy=omit`
    #[arg(long, value_name = "CHOICE")]
    on_destructive: Vec<OnDestructive>,
    /// What the rows that are there get in a column that is new or becomes required:
    /// `users.email=none@here`
    #[arg(long, value_name = "COLUMN=VALUE")]
    value: Vec<String>,
    /// A column that is new or becomes required where no row is without a value: `users.email`
    #[arg(long, value_name = "COLUMN")]
    no_value: Vec<String>,
    /// A file with such answers, in TOML
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

/// The same, with the file read.
pub(crate) struct Said {
    flags: Answering,
    file: AnswersFile,
    /// The choices of the file, each with its place there.
    choices: Vec<OnDestructive>,
    /// The places of the file's answers that something asked for.
    used: RefCell<BTreeSet<usize>>,
}

/// What was said of the rows that are there.
pub(super) enum Filling<'a> {
    /// They get this value.
    With(&'a str),
    /// There are none.
    NotNeeded,
}

impl Answering {
    /// The same, with more renames.
    pub(super) fn with_renames(&self, more: impl IntoIterator<Item = String>) -> Self {
        let mut answering = self.clone();
        answering.rename.extend(more);
        answering
    }
}

impl Said {
    pub(crate) fn read(flags: &Answering, config: &Config) -> Result<Self, Failure> {
        let file = match &flags.answers {
            Some(path) => AnswersFile::open(config, &config.directory.join(path))?,
            None => AnswersFile::default(),
        };
        let (mut choices, mut mistakes) = (Vec::new(), Vec::new());
        for entry in &file.destructive {
            let object = (entry.what != "*").then(|| entry.what.clone());
            match destructive::choice(&entry.answer) {
                Ok(choice) => choices.push(OnDestructive { object, choice }),
                Err(why) => {
                    mistakes.push(Diagnostic::error(why).at(entry.place.clone(), "no such choice"));
                }
            }
        }
        if !mistakes.is_empty() {
            return Err(Failure::texts(USAGE, mistakes));
        }
        Ok(Self { flags: flags.clone(), file, choices, used: RefCell::default() })
    }

    /// What was said of renames.
    pub(super) fn answers(&self, before: &Schema, declared: &Declared) -> Result<Answers, Failure> {
        let mut answers = project::hints(declared);
        for text in &self.flags.rename {
            answers.rename(text, before).map_err(refused)?;
        }
        for text in &self.flags.drop {
            answers.drop(text, before).map_err(refused)?;
        }
        // An answer in a file may be for another migration: what doesn't fit is unused.
        for entry in &self.file.renames {
            let text = format!("{}={}", entry.what, entry.answer);
            self.try_answer(entry, &mut answers, before, declared, |it| it.rename(&text, before));
        }
        for entry in &self.file.gone {
            self.try_answer(entry, &mut answers, before, declared, |it| {
                it.drop(&entry.what, before)
            });
        }
        Ok(answers)
    }

    fn try_answer(
        &self,
        entry: &Entry,
        answers: &mut Answers,
        before: &Schema,
        declared: &Declared,
        add: impl Fn(&mut Answers) -> Result<(), Refusal>,
    ) {
        let mut with = answers.clone();
        if add(&mut with).is_ok() && fits(answers, &with, before, &declared.schema) {
            *answers = with;
            self.mark(entry);
        }
    }

    /// What was said of an object that a change gives up: of it alone, or else of all.
    pub(super) fn choice(&self, object: &str) -> Option<&OnDestructive> {
        let of_it = |all: &'_ [OnDestructive]| {
            all.iter().rposition(|it| it.object.as_deref() == Some(object))
        };
        let of_all = |all: &'_ [OnDestructive]| all.iter().rposition(|it| it.object.is_none());
        let flags = &self.flags.on_destructive;
        let from_file = |position: usize| {
            self.mark(&self.file.destructive[position]);
            &self.choices[position]
        };
        of_it(flags)
            .map(|it| &flags[it])
            .or_else(|| of_it(&self.choices).map(from_file))
            .or_else(|| of_all(flags).map(|it| &flags[it]))
            .or_else(|| of_all(&self.choices).map(from_file))
    }

    /// The objects that flags choose for.
    pub(super) fn chosen_for(&self) -> impl Iterator<Item = &String> {
        self.flags.on_destructive.iter().filter_map(|it| it.object.as_ref())
    }

    /// What was said of the rows that are there: a value, or that there are none.
    pub(super) fn value(&self, column: &str) -> Option<Filling<'_>> {
        let of =
            |text: &&String| text.split_once('=').is_some_and(|(what, _)| what.trim() == column);
        if let Some(text) = self.flags.value.iter().rfind(of) {
            return text.split_once('=').map(|(_, value)| Filling::With(value));
        }
        if self.flags.no_value.iter().any(|it| it == column) {
            return Some(Filling::NotNeeded);
        }
        if let Some(entry) = self.file.values.iter().rfind(|it| it.what == column) {
            self.mark(entry);
            return Some(Filling::With(&entry.answer));
        }
        let entry = self.file.no_value.iter().find(|it| it.what == column)?;
        self.mark(entry);
        Some(Filling::NotNeeded)
    }

    /// The columns that flags give values for, or say that they need none.
    pub(super) fn valued(&self) -> Result<Vec<&str>, Failure> {
        let mut columns: Vec<&str> = self.flags.no_value.iter().map(String::as_str).collect();
        for text in &self.flags.value {
            let Some((column, _)) = text.split_once('=') else {
                let message = format!("`--value {text}` doesn't say which value");
                return Err(Failure::new(USAGE, message).hint(format!(
                    "write `--value {text}=…`, or `--no-value {text}` if the table has no rows"
                )));
            };
            columns.push(column.trim());
        }
        Ok(columns)
    }

    fn mark(&self, entry: &Entry) {
        self.used.borrow_mut().insert(entry.place.range.start);
    }

    /// Tells which answers of the file nothing asked for.
    pub(super) fn tell_unused(&self, ui: &mut Ui) {
        let AnswersFile { renames, gone, destructive, values, no_value } = &self.file;
        let all = [renames, gone, destructive, values, no_value];
        let mut unused: Vec<&Entry> = all.into_iter().flatten().collect();
        unused.retain(|it| !self.used.borrow().contains(&it.place.range.start));
        unused.sort_by_key(|it| it.place.range.start);
        for entry in unused {
            let found = Diagnostic::warning(format!("nothing asks about `{}`", entry.what));
            ui.diagnostic(&found.at(entry.place.clone(), "this answer was not needed"));
        }
    }
}

pub(super) fn refused(refusal: Refusal) -> Failure {
    Failure::new(USAGE, refusal.message).hint(refusal.help)
}

/// Whether the answer that `with` has and `answers` hasn't is about something that is gone, and for
/// a rename about something that is new.
fn fits(answers: &Answers, with: &Answers, before: &Schema, after: &Schema) -> bool {
    let here_now = |table: &Name| {
        let renamed = answers.renamed_tables.iter().find(|it| it.from == *table);
        let name = renamed.map_or(table, |it| &it.to);
        after.get(name)
    };
    if let Some(it) = with.renamed_tables.get(answers.renamed_tables.len()) {
        let known = answers.renamed_tables.iter().any(|other| other.from == it.from);
        return !known
            && before.get(&it.from).is_some()
            && before.get(&it.to).is_none()
            && after.get(&it.from).is_none()
            && after.get(&it.to).is_some();
    }
    if let Some(it) = with.renamed_columns.get(answers.renamed_columns.len()) {
        let known = answers
            .renamed_columns
            .iter()
            .any(|other| other.table == it.table && other.from == it.from);
        let was = |column: &str| {
            before.get(&it.table).is_some_and(|table| table.position(column).is_some())
        };
        let is = |column: &str| {
            here_now(&it.table).is_some_and(|table| table.position(column).is_some())
        };
        return !known && was(&it.from) && !was(&it.to) && !is(&it.from) && is(&it.to);
    }
    if let Some(it) = with.renamed_indexes.get(answers.renamed_indexes.len()) {
        let known = answers
            .renamed_indexes
            .iter()
            .any(|other| other.table == it.table && other.from == it.from);
        let was =
            |name: &str| before.get(&it.table).is_some_and(|it| it.index_named(name).is_some());
        let is = |name: &str| here_now(&it.table).is_some_and(|it| it.index_named(name).is_some());
        return !known && was(&it.from) && !was(&it.to) && !is(&it.from) && is(&it.to);
    }
    if let Some((table, index)) = with.dropped_indexes.get(answers.dropped_indexes.len()) {
        return here_now(table).is_some_and(|it| it.index_named(index).is_none());
    }
    if let Some(fits) = fits_enums(answers, with, before, after) {
        return fits;
    }
    match with.not_renames.get(answers.not_renames.len()) {
        Some(it) => match &it.column {
            None => before.get(&it.table).is_some() && after.get(&it.table).is_none(),
            Some(column) => {
                before.get(&it.table).is_some_and(|table| table.position(column).is_some())
                    && here_now(&it.table).is_some_and(|table| table.position(column).is_none())
            }
        },
        None => false,
    }
}

/// The same for an answer about an enum or a value of one; `None` for any other.
fn fits_enums(answers: &Answers, with: &Answers, before: &Schema, after: &Schema) -> Option<bool> {
    let values_now = |name: &Name| {
        let renamed = answers.renamed_enums.iter().find(|it| it.from == *name);
        after.enums.get(renamed.map_or(name, |it| &it.to))
    };
    if let Some(it) = with.renamed_enums.get(answers.renamed_enums.len()) {
        let known = answers.renamed_enums.iter().any(|other| other.from == it.from);
        let (was, is) = (&before.enums, &after.enums);
        let comes = !was.contains_key(&it.to) && is.contains_key(&it.to);
        return Some(!known && comes && was.contains_key(&it.from) && !is.contains_key(&it.from));
    }
    if let Some(it) = with.renamed_enum_values.get(answers.renamed_enum_values.len()) {
        let known = answers
            .renamed_enum_values
            .iter()
            .any(|other| other.enumeration == it.enumeration && other.from == it.from);
        let was = |value: &String| {
            before.enums.get(&it.enumeration).is_some_and(|all| all.contains(value))
        };
        let is =
            |value: &String| values_now(&it.enumeration).is_some_and(|all| all.contains(value));
        let comes = !was(&it.to) && is(&it.to);
        return Some(!known && comes && was(&it.from) && !is(&it.from));
    }
    if let Some(name) = with.dropped_enums.get(answers.dropped_enums.len()) {
        return Some(!after.enums.contains_key(name));
    }
    let (name, value) = with.dropped_enum_values.get(answers.dropped_enum_values.len())?;
    Some(values_now(name).is_some_and(|all| !all.contains(value)))
}
