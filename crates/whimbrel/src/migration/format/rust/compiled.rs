//! A migration that rustc compiled into the program at hand, beside what its text says.

use std::{panic::catch_unwind, sync::Arc};

use whimbrel_migration::{
    Migration,
    run::{Program, UndoRun, words_of_panic},
};

use super::{RustMigration, load, program::folded, scan};
use crate::{
    diagnostic::{Diagnostic, SourceFile, Span},
    operation::Operation,
};

/// The function of a migration's file, as rustc compiled it.
pub type Make = fn() -> Migration;

/// What [`super::read`] gives for a file.
type Reading = (Option<RustMigration>, Vec<Diagnostic>);

/// The migration that `make` makes, where its file reads as `read`.
///
/// What was compiled is what runs. Its text, where it can be interpreted, says where each operation
/// is written, and what code means: so the migration is the same one for this program and for
/// whoever interprets it. Where it can't, as the code needs a compiler, the text as a whole is what
/// the code means.
pub fn compiled(make: Make, file: &Arc<SourceFile>, read: Reading) -> Reading {
    let whole = Span { file: Arc::clone(file), range: 0..0 };
    let mut migration = match catch_unwind(make) {
        Ok(migration) => migration,
        Err(panic) => {
            let words = words_of_panic(&*panic);
            let diagnostic = Diagnostic::error(format!("`migration()` of `{}` {words}", file.name))
                .at(whole, "in this file")
                .help("correct it and build the program anew");
            return (None, vec![diagnostic]);
        }
    };
    let told = match read.0 {
        // A condition that rustc has settled (`cfg!`) is none that the text tells of.
        Some(read) if shape(&read.migration) == shape(&migration) => {
            let mut read = read;
            let told = programs(&mut read.migration);
            for (own, told) in programs(&mut migration).into_iter().zip(told) {
                own.source = std::mem::take(&mut told.source);
                own.meaning = std::mem::take(&mut told.meaning);
            }
            RustMigration { migration, ..read }
        }
        _ => {
            let meaning = whole_meaning(file);
            for own in programs(&mut migration) {
                own.meaning = vec![meaning.clone()];
            }
            RustMigration { migration, spans: Vec::new(), parents_span: whole }
        }
    };
    (Some(told), Vec::new())
}

/// What a migration says, all but its code.
fn shape(migration: &Migration) -> String {
    // Code shows as that alone.
    format!("{migration:?}")
}

/// The code of a migration, in its order.
fn programs(migration: &mut Migration) -> Vec<&mut Program> {
    let mut programs = Vec::new();
    for operation in &mut migration.operations {
        if let Operation::Run(run) = operation {
            programs.push(&mut run.code);
            if let UndoRun::Code(undo) = &mut run.undo {
                programs.push(undo);
            }
        }
    }
    programs
}

/// The tokens of a file, without layout and comments.
fn whole_meaning(file: &Arc<SourceFile>) -> String {
    let parsed = load::tokens(file, &scan::blanked(&file.text)).ok().and_then(|it| {
        let file: syn::File = syn::parse2(it).ok()?;
        let items: Vec<String> =
            file.items.iter().map(|it| folded(quote::ToTokens::to_token_stream(it))).collect();
        Some(items.join("\n"))
    });
    // What is too big to be looked at counts to the byte.
    parsed.unwrap_or_else(|| file.text.clone())
}
