//! Migration files in Rust: real Rust for an IDE, read here without a compiler.
//!
//! A file is parsed, its `migration()` is evaluated, and every call of the builder goes to the
//! builder itself through [`whimbrel_migration::dispatch`]; [`print()`] is the way back. Reading
//! is pure: nothing is opened, asked or run, except that [`Siblings`] hands over files of the
//! same directory. What isn't understood is refused with its place; what rustc would refuse is
//! refused as far as evaluating shows it.

mod builtins;
mod call;
mod cases;
mod compiled;
mod evaluate;
mod expression;
mod flow;
mod load;
mod names;
mod number;
mod path;
mod pattern;
mod place;
mod print;
mod program;
mod refuse;
mod scan;
mod section;
mod symbols;
mod template;
mod types;
mod value;

use std::{
    sync::{Arc, LazyLock},
    thread,
};

use whimbrel_migration::Migration;

pub use self::{
    compiled::{Make, compiled},
    print::{doc, parents, print, print_changes},
    program::{Broken, perform},
    section::{Calls, changes},
    symbols::Symbols,
};
use crate::diagnostic::{Diagnostic, SourceFile, Span};

/// The stack of a thread that reads: nested expressions are nested calls.
const STACK: usize = 64 * 1024 * 1024;

/// What a file says, and where it says it.
#[derive(Clone, Debug)]
pub struct RustMigration {
    /// The migration.
    pub migration: Migration,
    /// For each operation, the method call that made it.
    pub spans: Vec<Span>,
    /// The call that names the parents.
    pub parents_span: Span,
}

/// The other files of the directory: helpers in Rust, texts for `include_str!`.
pub trait Siblings: Sync {
    /// The file at `path`, relative to the directory, with `/` between folders. `path` never
    /// leads out of the directory by its words; following links is the implementation's affair.
    ///
    /// The error says in a sentence why there is none.
    fn file(&self, path: &str) -> Result<Arc<SourceFile>, String>;

    /// What the application adds to the language.
    fn symbols(&self) -> &Symbols {
        static NONE: LazyLock<Symbols> = LazyLock::new(Symbols::default);
        &NONE
    }
}

/// A directory with nothing else in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSiblings;

impl Siblings for NoSiblings {
    fn file(&self, path: &str) -> Result<Arc<SourceFile>, String> {
        Err(format!("there is no file `{path}` beside this one"))
    }
}

/// Reads one file. `None` where it can't be used; the diagnostics say why.
pub fn read(
    file: &Arc<SourceFile>,
    siblings: &dyn Siblings,
) -> (Option<RustMigration>, Vec<Diagnostic>) {
    read_all(std::slice::from_ref(file), siblings, 1).pop().unwrap_or_default()
}

/// Reads many files, in their order, on at most `threads` threads.
pub fn read_all(
    files: &[Arc<SourceFile>],
    siblings: &dyn Siblings,
    threads: usize,
) -> Vec<(Option<RustMigration>, Vec<Diagnostic>)> {
    let share = files.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let readers: Vec<_> = files
            .chunks(share)
            .map(|part| {
                let reader = thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, move || read_part(part, siblings));
                (part, reader)
            })
            .collect();
        readers
            .into_iter()
            .flat_map(|(part, reader)| {
                let read = reader.map(thread::ScopedJoinHandle::join);
                match read {
                    Ok(Ok(results)) => results,
                    Ok(Err(_)) => unreadable(part, "reading it failed in whimbrel itself"),
                    Err(error) => unreadable(part, &format!("no thread could be started: {error}")),
                }
            })
            .collect()
    })
}

fn read_part(
    files: &[Arc<SourceFile>],
    siblings: &dyn Siblings,
) -> Vec<(Option<RustMigration>, Vec<Diagnostic>)> {
    files
        .iter()
        .map(|file| {
            let result = match load::load(file, siblings).and_then(|it| evaluate::evaluate(&it)) {
                Ok(migration) => (Some(migration), Vec::new()),
                Err(diagnostic) => (None, vec![*diagnostic]),
            };
            // The thread is ours alone and its spans have been copied; else every text that was
            // ever parsed would stay in memory.
            proc_macro2::extra::invalidate_current_thread_spans();
            result
        })
        .collect()
}

fn unreadable(
    files: &[Arc<SourceFile>],
    why: &str,
) -> Vec<(Option<RustMigration>, Vec<Diagnostic>)> {
    files
        .iter()
        .map(|file| {
            let diagnostic = Diagnostic::error(format!("`{}` can't be read: {why}", file.name))
                .at(Span { file: Arc::clone(file), range: 0..0 }, "this file");
            (None, vec![diagnostic])
        })
        .collect()
}
