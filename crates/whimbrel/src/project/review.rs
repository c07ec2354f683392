//! Everything that can be said of a checkout without a database: whether its files can be read,
//! whether its migrations lead to its schema, and what becomes of them once they are merged.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::{
    diagnostic::{Diagnostic, Severity, SourceFile, Span},
    diff,
    migration::{Graph, Loaded, Migrations, Node, Parent, Replaces, Standing},
    operation::{Operation, as_change, table_of},
    schema::{Name, Schema},
    source::{Declared, Place},
    sql,
};

use super::{Checkout, Config, Directory, Error, declared, git::Repository, hints, open_directory};

/// Something that a review has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// What and where.
    pub diagnostic: Diagnostic,
}

/// What a review looks at.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which stays the same: `edited-migration`.
    pub name: &'static str,
    /// What it asks for.
    pub summary: &'static str,
}

/// Every rule.
pub const RULES: &[&Rule] = &[
    &SCHEMA,
    &MIGRATION,
    &LEAVES,
    &NEEDS_REVIEW,
    &MISSING,
    &OPEN_QUESTION,
    &EDITED,
    &REMOVED,
    &DIVERGED,
    &BRANCHES,
];

static SCHEMA: Rule = Rule {
    name: "schema",
    summary: "The schema's files can be read, and the databases can have its names",
};
static MIGRATION: Rule =
    Rule { name: "migration", summary: "Every migration can be read, and fits where it stands" };
static LEAVES: Rule = Rule { name: "leaves", summary: "The migrations end in one leaf" };
static BRANCHES: Rule =
    Rule { name: "conflicting-branches", summary: "Branches come to the same in any order" };
static NEEDS_REVIEW: Rule = Rule {
    name: "needs-review",
    summary: "Somebody has looked at what a migration wants to have looked at",
};
static MISSING: Rule =
    Rule { name: "missing-migration", summary: "The migrations lead to the schema" };
static OPEN_QUESTION: Rule = Rule {
    name: "open-question",
    summary: "What was renamed is said in the schema, or generated with `--rename`",
};
static EDITED: Rule =
    Rule { name: "edited-migration", summary: "A migration that is merged stays as it is" };
static REMOVED: Rule =
    Rule { name: "removed-migration", summary: "A migration that is merged stays" };
static DIVERGED: Rule = Rule {
    name: "diverged",
    summary: "The migrations still end in one leaf when both branches are merged",
};

/// A review, and how much was looked at.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// What was found, in the order in which it was looked for.
    pub findings: Vec<Finding>,
    /// How many migrations there are.
    pub migrations: usize,
}

/// Looks at everything; `since` names the branch that this checkout is to be merged into.
pub fn review(config: &Config, since: Option<&str>) -> Result<Review, Error> {
    let mut review = Review::default();
    let schema = match declared(config) {
        Ok((declared, warnings)) => {
            review.add(&SCHEMA, warnings);
            Some(declared)
        }
        Err(Error::Texts(found)) => {
            review.add(&SCHEMA, found);
            None
        }
        Err(other) => return Err(other),
    };
    let checkout = match Checkout::open(config) {
        Ok(checkout) => Some(checkout),
        Err(Error::Texts(found)) => {
            review.add(&MIGRATION, found);
            None
        }
        Err(other) => return Err(other),
    };
    if let Some(checkout) = &checkout {
        review.migrations = checkout.directory.files().len();
        review.add(&LEAVES, unmerged(checkout));
        review.add(&NEEDS_REVIEW, waiting(&checkout.directory));
        review.leaves(config, checkout, schema.as_ref())?;
    }
    if let Some(since) = since {
        let directory = match checkout {
            Some(checkout) => Some(checkout.directory),
            // What can't be read was said; the bytes can be compared all the same.
            None => open_directory(config, config.dialect()).ok(),
        };
        if let Some(directory) = directory {
            review.beside(config, &directory, since)?;
        }
    }
    Ok(review)
}

impl Review {
    /// Whether something was found that has to be mended.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|it| it.diagnostic.severity == Severity::Error)
    }

    fn add(&mut self, rule: &'static Rule, found: impl IntoIterator<Item = Diagnostic>) {
        let findings = found.into_iter().map(|diagnostic| Finding { rule, diagnostic });
        self.findings.extend(findings);
    }

    /// Looks at what each leaf comes to, and whether all of them fit together.
    fn leaves(
        &mut self,
        config: &Config,
        checkout: &Checkout,
        schema: Option<&Declared>,
    ) -> Result<(), Error> {
        let leaves = checkout.graph.leaves();
        let mut unfit: Vec<Diagnostic> = Vec::new();
        for leaf in &leaves {
            match checkout.schema_after(&[leaf]) {
                // Below two leaves there may be the same mistake.
                Err(Error::Texts(found)) => {
                    unfit.extend(
                        found.into_iter().filter(|it| !unfit.contains(it)).collect::<Vec<_>>(),
                    );
                }
                Err(other) => return Err(other),
                Ok(_) => {}
            }
        }
        if !unfit.is_empty() {
            self.add(&MIGRATION, unfit);
            return Ok(());
        }
        self.add(&BRANCHES, checkout.clashes()?);
        match schema {
            Some(declared) if leaves.len() < 2 => {
                let before = checkout.schema_after(&leaves)?;
                self.compare(config, &before, declared);
            }
            _ => {}
        }
        Ok(())
    }

    /// Compares what the migrations come to with the schema.
    fn compare(&mut self, config: &Config, before: &Schema, declared: &Declared) {
        let path = config.schema();
        let text = fs::read_to_string(&path).ok();
        let file = text.map(|it| SourceFile::new(config.display(&path), it));
        // A folder is no place that an annotation could be put.
        let place = |table: Option<&Name>| {
            let table = table.and_then(|it| declared.places.get(&Place::Table(it.clone())));
            table.cloned().or_else(|| Some(Span { file: file.clone()?, range: 0..0 }))
        };
        let at = |found: Diagnostic, place: Option<Span>, label: &str| match place {
            Some(place) => found.at(place, label),
            None => found,
        };
        for (_, dialect) in config.databases() {
            // What the migrations mixed up before is there already, or nowhere.
            let known = sql::mixed_up(dialect, before);
            let new = sql::mixed_up(dialect, &declared.schema);
            for it in new.into_iter().filter(|it| !known.contains(it)) {
                let found = Diagnostic::error(format!("{} can't have this: {it}", dialect.product));
                let found = at(found, place(None), "the schema says so");
                self.add(&SCHEMA, [found.help("give one of them another name")]);
            }
        }
        match diff::diff(before, &declared.schema, &hints(declared)) {
            Ok(operations) if operations.is_empty() => {}
            Ok(operations) => {
                let place = place(operations.iter().find_map(table_of));
                let found = Diagnostic::error("the schema says more than the migrations");
                let found = at(found, place, "this is ahead of them");
                let found =
                    operations.iter().fold(found, |found, it| found.note(as_change(it).describe()));
                let help = "run `whimbrel generate` and commit what it writes";
                self.add(&MISSING, [found.help(help)]);
            }
            Err(unresolved) => {
                let questions = unresolved.questions.iter().map(ToString::to_string);
                let refusals = unresolved.refusals.iter().map(ToString::to_string);
                for words in refusals.chain(questions) {
                    let found = Diagnostic::error(words);
                    let found = at(found, place(None), "the schema differs from the migrations");
                    let help = "run `whimbrel generate`, answer, and commit what it writes";
                    self.add(&OPEN_QUESTION, [found.help(help)]);
                }
            }
        }
    }

    /// Compares the migrations with those of the branch `since`.
    fn beside(&mut self, config: &Config, own: &Directory, since: &str) -> Result<(), Error> {
        let folder = config.migrations();
        let repository = Repository::at(&folder)?;
        let theirs = repository.commit(since)?;
        let base = repository.merge_base(&theirs)?;
        let at = |commit: &str, name: &str| -> Result<Directory, Error> {
            // Where the folder is not there yet, git lists the one above it.
            let files = if folder.is_dir() { repository.files(commit)? } else { BTreeMap::new() };
            Directory::of_texts(files, &format!("{name}:{}", own.shown()), config.dialect())
                .map(|it| it.with_symbols(config.symbols.clone()))
        };
        let (before, theirs) = match (at(&base, since), at(&theirs, since)) {
            (Ok(before), Ok(theirs)) => (before, theirs),
            // Somebody else's mistakes are not to be mended here.
            (Err(Error::Texts(_)), _) | (_, Err(Error::Texts(_))) => return Ok(()),
            (Err(other), _) | (_, Err(other)) => return Err(other),
        };
        let replaces = own.replaces();
        for file in before.files() {
            let name = file.name.as_str();
            let here = own.files().iter().find(|it| it.name == name);
            let there = theirs.files().iter().find(|it| it.name == name);
            match here {
                None if replaces.values().flatten().any(|it| it == name) => {}
                None if there.is_some() => {
                    self.add(&REMOVED, [removed(own, name, &file.digest, since)]);
                }
                Some(here) if here.digest != file.digest => {
                    let same = there.is_some_and(|it| it.digest == here.digest)
                        || means_the_same(own, &before, name);
                    if !same {
                        self.add(&EDITED, [edited(own, name, since)]);
                    }
                }
                _ => {}
            }
        }
        self.add(&DIVERGED, diverged(own, &theirs, since));
        Ok(())
    }
}

/// A path that messages show, as it is called from the top of the repository: what annotations of
/// build servers want. The path itself where there is no repository.
pub fn repository_path(config: &Config, shown: &str) -> String {
    let prefix = Repository::at(&config.directory).and_then(|it| it.prefix()).unwrap_or_default();
    let mut parts: Vec<&str> = prefix.split('/').filter(|it| !it.is_empty()).collect();
    for part in shown.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if shown.starts_with('/') { shown.to_owned() } else { parts.join("/") }
}

/// What is said of several leaves, where each of them says what it comes after.
fn unmerged(checkout: &Checkout) -> Option<Diagnostic> {
    let leaves = checkout.graph.leaves();
    let places = leaves.iter().filter_map(|it| checkout.migration(it).ok()?.parents_place.clone());
    let found = checkout.graph.unmerged()?;
    Some(places.fold(found, |found, place| match found.span {
        None => found.at(place, "nothing comes after this one"),
        Some(_) => found.and(place, "nor after this one"),
    }))
}

/// The migrations that `up` would not run because somebody has to look at them.
fn waiting(directory: &Directory) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in directory.files() {
        // What can't be read is told by another rule.
        let Ok(loaded) = directory.load(&file.name) else { continue };
        for (position, operation) in loaded.migration.operations.iter().enumerate() {
            let Operation::NeedsReview(review) = operation else { continue };
            let message = format!("migration `{}` waits for a review: {}", file.name, review.why);
            let diagnostic = Diagnostic::error(message).help(
                "look at what it does, and take `needs_review(…)`, in SQL \
                     `-- whimbrel: needs-review`, out of the file",
            );
            found.push(match loaded.places.get(position).cloned().flatten() {
                Some(place) => diagnostic.at(place, "`up` stops before it runs anything"),
                None => diagnostic,
            });
        }
    }
    found
}

fn means_the_same(one: &Directory, other: &Directory, name: &str) -> bool {
    match (one.load(name), other.load(name)) {
        (Ok(one), Ok(other)) => one.meaning == other.meaning,
        _ => false,
    }
}

fn edited(own: &Directory, name: &str, since: &str) -> Diagnostic {
    let message = format!("migration `{name}` is in {since} already and was edited");
    let found = Diagnostic::error(message);
    let found = match own.text(name) {
        Some(file) => found.at(Span { file: file.clone(), range: 0..0 }, "this differs in meaning"),
        None => found,
    };
    found
        .note("databases that have applied it would stop, and never get the change")
        .help("put it back as it was, and write the change as a new migration")
}

fn removed(own: &Directory, name: &str, digest: &str, since: &str) -> Diagnostic {
    if let Some(it) = own.files().iter().find(|it| it.digest == digest) {
        let found = Diagnostic::error(format!(
            "migration `{name}` is in {since}, and is called `{}` here",
            it.name
        ));
        let found = match own.text(&it.name) {
            Some(file) => found.at(Span { file: file.clone(), range: 0..0 }, "this file"),
            None => found,
        };
        return found
            .note("databases know it by its name, and others come after it by that")
            .help(format!("give the file its name again: `{name}`"));
    }
    Diagnostic::error(format!(
        "migration `{name}` is in {since} and was removed from {}",
        own.shown()
    ))
    .note("databases that have applied it would not know how to go on")
    .help("put it back; a new migration can take back what it does")
}

/// What the graph comes to when both sides are merged.
fn diverged(own: &Directory, theirs: &Directory, since: &str) -> Option<Diagnostic> {
    let load = |directory: &Directory| -> Option<Vec<_>> {
        directory.files().iter().map(|it| directory.load(&it.name).ok()).collect()
    };
    // What can't be read was said, if it is ours.
    let (own_files, their_files) = (load(own)?, load(theirs)?);
    let known: BTreeSet<&str> = own_files.iter().map(|it| it.name.as_str()).collect();
    let nodes =
        own_files.iter().chain(their_files.iter().filter(|it| !known.contains(it.name.as_str())));
    let all: Vec<_> = nodes.collect();
    let replaces: Replaces = all
        .iter()
        .filter(|it| !it.migration.replaces.is_empty())
        .map(|it| (it.name.clone(), it.migration.replaces.clone()))
        .collect();
    let nodes: Vec<Node> = all.iter().map(|it| node(it)).collect();
    let standing = Standing::new(&replaces, &nodes, |_| false, |_| false);
    let (graph, _) = Graph::new(standing.nodes(nodes));
    let leaves = graph.leaves();
    let (ours, others): (Vec<&str>, Vec<&str>) = leaves.iter().partition(|it| known.contains(**it));
    // Leaves that are all ours were told by another rule.
    if ours.is_empty() || others.is_empty() {
        return None;
    }
    let words =
        |names: &[&str]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let message = format!("{since} has gone on to {}, beside {}", words(&others), words(&ours));
    let found = Diagnostic::error(message);
    let found = match ours.first().and_then(|it| own.text(it)) {
        Some(file) => {
            let place = own_files.iter().find(|it| it.name == ours[0]);
            let place = place.and_then(|it| it.parents_place.clone());
            let whole = Span { file: file.clone(), range: 0..0 };
            found.at(place.unwrap_or(whole), "this would be one of several leaves")
        }
        None => found,
    };
    Some(
        found
            .note("once merged, the migrations would end in several leaves")
            .help(format!("merge {since} into this branch and run `whimbrel generate --merge`")),
    )
}

fn node(loaded: &Loaded) -> Node {
    let parents = loaded.migration.parents.iter();
    let parents = parents.map(|it| Parent { name: it.clone(), span: None }).collect();
    Node { name: loaded.name.clone(), parents, span: None }
}
