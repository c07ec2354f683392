//! Changes of the schema that stand by themselves, as calls in a row, in a file of another kind:
//! `.add_column("users", "age", integer()).add_index(…)`.

use std::sync::Arc;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span as Token, TokenStream, TokenTree};
use whimbrel_migration::Operation;

use super::{
    STACK, Siblings, evaluate,
    load::{Loaded, of_tokens, tokens},
    refuse::span,
};
use crate::diagnostic::{Diagnostic, SourceFile, Span};

/// Changes of the schema, and where they are written.
#[derive(Debug, Default)]
pub struct Calls {
    /// The changes.
    pub operations: Vec<Operation>,
    /// Where all of them are; `None` where there are none.
    pub place: Option<Span>,
    /// Where each of them is.
    pub places: Vec<Span>,
}

/// The changes that `text` calls for, and where they are written. Each byte of `text` stands where it
/// stands in `file`, and what is none of its changes is blank.
///
/// # Errors
///
/// What is wrong with it, at its place in the file.
pub fn changes(
    file: &Arc<SourceFile>,
    text: &str,
    siblings: &dyn Siblings,
) -> Result<Calls, Box<Diagnostic>> {
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            let read = read(file, text, siblings);
            proc_macro2::extra::invalidate_current_thread_spans();
            read
        });
        let failed = |why: String| {
            let whole = Span { file: Arc::clone(file), range: 0..0 };
            let message = format!("`{}` can't be read: {why}", file.name);
            Box::new(Diagnostic::error(message).at(whole, "this file"))
        };
        match reader.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(read)) => read,
            Ok(Err(_)) => Err(failed("reading it failed in whimbrel itself".to_owned())),
            Err(error) => Err(failed(format!("no thread could be started: {error}"))),
        }
    })
}

fn read(
    file: &Arc<SourceFile>,
    text: &str,
    siblings: &dyn Siblings,
) -> Result<Calls, Box<Diagnostic>> {
    let calls: Vec<TokenTree> = tokens(file, text)?.into_iter().collect();
    let (Some(first), Some(last)) = (calls.first(), calls.last()) else {
        return Ok(Calls::default());
    };
    let (first, last) = (first.span(), last.span());
    refuse_other_than_calls(file, &calls)?;
    let places = each(file, &calls);
    let unit = of_tokens(file, whole(calls, first, last), String::new())?;
    let migration = evaluate::evaluate(&Loaded { units: vec![unit], siblings })?.migration;
    let operations = migration.operations.into_iter().flat_map(|it| match it {
        Operation::StateOnly(it) => it.operations,
        other => vec![other],
    });
    Ok(Calls { operations: operations.collect(), place: Some(span(file, first, last)), places })
}

/// Where each call of the chain is written: its name and its arguments.
fn each(file: &Arc<SourceFile>, calls: &[TokenTree]) -> Vec<Span> {
    let is_dot = |it: &TokenTree| matches!(it, TokenTree::Punct(it) if it.as_char() == '.');
    let calls = calls.split(is_dot).filter_map(|call| Some((call.first()?, call.last()?)));
    calls.map(|(name, end)| span(file, name.span(), end.span())).collect()
}

/// Refuses what is no chain of calls, and calls that change no schema.
fn refuse_other_than_calls(
    file: &Arc<SourceFile>,
    calls: &[TokenTree],
) -> Result<(), Box<Diagnostic>> {
    let refuse = |at: Token, message: &str, label: &str| {
        let help = "write calls in a row, as in `.add_column(\"users\", \"age\", integer())`";
        let at = span(file, at, at);
        Err(Box::new(Diagnostic::error(message).at(at, label).help(help)))
    };
    let is =
        |it: &TokenTree, sign: char| matches!(it, TokenTree::Punct(it) if it.as_char() == sign);
    if let Some(first) = calls.first().filter(|it| !is(it, '.')) {
        return refuse(first.span(), "changes of the schema begin with a `.`", "not understood");
    }
    for it in calls {
        if is(it, ',') || is(it, ';') {
            return refuse(it.span(), "changes of the schema stand in one row", "this ends it");
        }
        if matches!(it, TokenTree::Ident(it) if *it == "run_sql") {
            return refuse(it.span(), "SQL says nothing of the schema", "it belongs to the SQL");
        }
    }
    Ok(())
}

/// A whole migration of these calls. What is written around them has the places of the first and the
/// last of them, so that nothing points elsewhere.
fn whole(calls: Vec<TokenTree>, first: Token, last: Token) -> TokenStream {
    let group = |delimiter, inside: TokenStream| {
        let mut group = Group::new(delimiter, inside);
        group.set_span(last);
        TokenTree::Group(group)
    };
    let words = |text: &str| -> Vec<TokenTree> {
        let tree = |word: &str| match word.chars().next() {
            Some(it) if !it.is_alphabetic() => {
                let mut sign =
                    Punct::new(it, if word.len() > 1 { Spacing::Joint } else { Spacing::Alone });
                sign.set_span(first);
                vec![TokenTree::Punct(sign)]
            }
            _ => vec![TokenTree::Ident(Ident::new(word, first))],
        };
        text.split(' ').flat_map(tree).collect()
    };
    let nothing = || group(Delimiter::Parenthesis, TokenStream::new());
    let mut changes = words("changes");
    changes.push(nothing());
    changes.extend(calls);
    let mut body = words("Migration :: : first");
    body.push(nothing());
    body.extend(words(". state_only"));
    body.push(group(Delimiter::Parenthesis, changes.into_iter().collect()));
    let mut file = words("use whimbrel_migration :: : * ; pub fn migration");
    file.push(nothing());
    file.extend(words("-> > Migration"));
    file.push(group(Delimiter::Brace, body.into_iter().collect()));
    file.into_iter().collect()
}
