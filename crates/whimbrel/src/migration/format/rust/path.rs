//! What a path stands for: a variable, something of a file, or the builder's.

use std::{collections::BTreeMap, sync::LazyLock};

use syn::{ExprPath, Pat, Path, spanned::Spanned};
use whimbrel_migration::dispatch::{self, ENTRIES, Entry, TYPES};

use super::{
    builtins,
    evaluate::{Frame, Interpreter, Outcome, variable},
    refuse::{Refusal, Stop},
    value::{Function, Value},
};
use crate::diagnostic::did_you_mean;

/// The builder's functions and methods by receiver and name.
pub(super) static BUILDER: LazyLock<BTreeMap<(Option<&str>, &str), &'static Entry>> =
    LazyLock::new(|| ENTRIES.iter().map(|it| ((it.receiver, it.name), it)).collect());

/// What a path stands for.
pub(super) enum Resolved<'a> {
    /// A constant of a file, by the file's position.
    Constant(usize, String),
    Function(Function<'a>),
    Value(Value<'a>),
}

impl<'a> Interpreter<'a> {
    pub(super) fn path(
        &mut self,
        it: &'a ExprPath,
        keep: bool,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
        if let Some(name) = it.path.get_ident()
            && let Some(value) = variable(name, keep, frame)?
        {
            return Ok(value);
        }
        if it.qself.is_some() {
            return Err(Refusal::foreign(it, "a path like this").into());
        }
        match (self.global(&it.path, it), it.path.get_ident()) {
            // What is misspelt is looked for among the variables too.
            (Err(Stop::Refused(refusal)), Some(name)) => {
                let names: Vec<String> = frame.iter().map(|it| it.name.to_string()).collect();
                Err(with_near(*refusal, &name.to_string(), &names).into())
            }
            (other, _) => other,
        }
    }

    /// A constant or a function, by its path.
    fn global(&mut self, path: &'a Path, at: &'a ExprPath) -> Outcome<'a> {
        match self.resolved(path, at)? {
            Resolved::Constant(unit, name) => self.constant(unit, &name, at),
            Resolved::Function(function) => Ok(Value::Function(function)),
            Resolved::Value(value) => Ok(value),
        }
    }

    /// What a path stands for that is no variable.
    pub(super) fn resolved(&self, path: &Path, at: &impl Spanned) -> Result<Resolved<'a>, Refusal> {
        let name = written(path);
        if self.names[self.unit].constants.contains_key(&name) {
            return Ok(Resolved::Constant(self.unit, name));
        }
        if let Some((unit, item)) = self.names[self.unit].functions.get(&name).copied() {
            return Ok(Resolved::Function(Function::Item { unit, item }));
        }
        if let Some((unit, inner)) = self.in_module(path) {
            if self.names[unit].constants.contains_key(&inner) {
                return Ok(Resolved::Constant(unit, inner));
            }
            if let Some((unit, item)) = self.names[unit].functions.get(&inner).copied() {
                return Ok(Resolved::Function(Function::Item { unit, item }));
            }
        }
        let symbol = self.names[self.unit].symbols.get(&name).copied();
        if let Some(symbol) = symbol.or_else(|| self.loaded.siblings.symbols().at(&name)) {
            return Ok(Resolved::Function(Function::Symbol(symbol)));
        }
        let name = name
            .strip_prefix("whimbrel_migration::")
            .or_else(|| name.strip_prefix("whimbrel::migration::"))
            .map_or((name.as_str(), false), |it| (it, true));
        let (name, qualified) = name;
        if name == "None" {
            return Ok(Resolved::Value(Value::Option(None)));
        }
        if let Some(native) = builtins::native(name) {
            return Ok(Resolved::Function(Function::Native(native)));
        }
        let seen = qualified || self.names[self.unit].sees(name);
        if let Some(entry) = BUILDER.get(&(None, name)) {
            if !seen {
                return Err(not_imported(name, at));
            }
            return Ok(Resolved::Function(Function::Entry(entry)));
        }
        let constant = name.split_once("::").map_or(name, |(kind, value)| {
            if kind == "Action" || kind == "Database" { value } else { name }
        });
        if let Some(object) = dispatch::constant(constant) {
            if !seen {
                return Err(not_imported(name, at));
            }
            return Ok(Resolved::Value(Value::object(object)));
        }
        Err(self.unknown(name, path))
    }

    fn in_module(&self, path: &Path) -> Option<(usize, String)> {
        let mut words: Vec<String> = path.segments.iter().map(|it| it.ident.to_string()).collect();
        if words.first().is_some_and(|it| it == "super" || it == "crate" || it == "self") {
            words.remove(0);
        }
        let [module, name] = &*words else { return None };
        let unit = *self.names[self.unit].modules.get(module)?;
        Some((unit, name.clone()))
    }

    fn unknown(&self, name: &str, path: &Path) -> Refusal {
        let refusal = Refusal::new(path, format!("there is no `{name}`")).label("not found");
        if name.starts_with("std::") || name.starts_with("core::") || name.starts_with("alloc::") {
            return Refusal::foreign(path, "the standard library");
        }
        let names = &self.names[self.unit];
        let own = names.functions.keys().chain(names.constants.keys()).map(String::as_str);
        let builder = ENTRIES.iter().filter(|it| it.receiver.is_none()).map(|it| it.name);
        let values = whimbrel_migration::Action::ALL.map(|it| format!("{it:?}"));
        let databases = whimbrel_migration::Database::ALL.map(|it| format!("{it:?}"));
        let values = values.iter().chain(&databases).map(String::as_str);
        let near = did_you_mean(name, own.chain(builder).chain(values));
        refusal.help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "define it in this file, or take it from the builder's reference page".to_owned()
            }
        })
    }
}

fn with_near(refusal: Refusal, name: &str, names: &[String]) -> Refusal {
    if refusal.help.as_deref().is_some_and(|it| it.starts_with("did you mean")) {
        return refusal;
    }
    match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal,
    }
}

fn not_imported(name: &str, at: &impl Spanned) -> Refusal {
    Refusal::new(at, format!("`{name}` is the builder's, and isn't in scope"))
        .label("not imported")
        .help("write `use whimbrel_migration::*;` at the top of the file")
}

/// A path as one word: `Migration::after`.
fn written(path: &Path) -> String {
    let words: Vec<String> = path.segments.iter().map(|it| it.ident.to_string()).collect();
    words.join("::")
}

/// The types that a file may name, for suggestions.
pub(super) fn type_names() -> impl Iterator<Item = &'static str> {
    TYPES
        .iter()
        .copied()
        .chain(["String", "Vec", "Option", "Result", "bool", "char", "u32", "i64", "usize"])
}

/// Whether a pattern's word is a value rather than a new name.
pub(super) fn is_constant_pattern(pattern: &Pat) -> bool {
    matches!(pattern, Pat::Ident(it) if dispatch::constant(&it.ident.to_string()).is_some() || it.ident == "None")
}
