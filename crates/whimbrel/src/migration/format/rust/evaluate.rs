//! Evaluates a file's `migration()`: functions, constants, variables and statements.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use syn::{
    Block, ExprClosure, Ident, ItemFn, Local, Pat, ReturnType, Stmt, Visibility, spanned::Spanned,
};
use whimbrel_migration::dispatch::Object;

use super::{
    RustMigration,
    expression::Arguments,
    load::{Loaded, Names},
    program::Work,
    refuse::{Refusal, Stop, span},
    scan::spoken,
    template::{Parsed, Tail},
    value::{Closure, Function, Mark, Slot, State, Value},
};
use crate::diagnostic::{Diagnostic, SourceFile, Span, did_you_mean};

/// The most steps of one migration.
const FUEL: u32 = 1_000_000;
/// How deep functions may call each other.
const DEEPEST_CALL: usize = 64;
/// How deep expressions may nest, calls included.
const DEEPEST_EXPRESSION: usize = 4_000;
/// The most values that one value may be made of, and how deep it may nest.
const HEAVIEST: usize = 100_000;
/// The same where it may be made of the rows of a table.
const HEAVIEST_OF_ROWS: usize = 50_000_000;
const DEEPEST_VALUE: usize = 32;

pub(super) type Outcome<'a, T = Value<'a>> = Result<T, Stop<'a>>;

/// The variables in scope, the innermost last.
pub(super) type Frame<'a> = Vec<Slot<'a>>;

pub(super) struct Interpreter<'a> {
    pub loaded: &'a Loaded<'a>,
    pub names: &'a [Names<'a>],
    /// The file whose code runs.
    pub unit: usize,
    fuel: u32,
    /// What the fuel was at first.
    tank: u32,
    calls: usize,
    pub depth: usize,
    /// Constants by file and name; `None` while one is being evaluated.
    constants: BTreeMap<(usize, String), Option<Value<'a>>>,
    /// The arguments of macros, and where the next ones go.
    pub macros: HashMap<*const syn::Macro, &'a Arguments>,
    pub tail: Tail<'a>,
    /// The words in each closure's body.
    mentioned: HashMap<*const ExprClosure, Rc<[Mention]>>,
    /// The code of data migrations, in the order in which it was met.
    pub programs: Vec<Function<'a>>,
    /// The texts that were included, by their paths.
    pub included: BTreeMap<String, Arc<SourceFile>>,
    /// The first call of the database that was refused.
    pub refused: Option<Mark>,
    /// What the code that runs works on.
    pub work: Option<Work>,
    /// Whether somebody wants the code to stop.
    pub halted: Option<Arc<AtomicBool>>,
}

/// A word in the body of a closure.
#[derive(Clone)]
pub(super) struct Mention {
    word: String,
    /// Whether it stands by itself, so that a value that isn't copied would be moved.
    bare: bool,
    /// Whether it may be a new name rather than the use of one.
    bound: bool,
    /// Whether the closure gives this name to something of its own.
    hidden: bool,
}

/// Evaluates the migration of the first file.
pub(super) fn evaluate(loaded: &Loaded<'_>) -> Result<RustMigration, Box<Diagnostic>> {
    let names = loaded.names()?;
    let parsed = Parsed::default();
    let mut interpreter = Interpreter::new(loaded, &names, &parsed);
    let result = interpreter.migration().and_then(|mut read| {
        interpreter.keep_files(&mut read.migration.operations);
        interpreter.try_programs()?;
        match interpreter.unknown_name() {
            None => Ok(read),
            Some(refusal) => Err(refusal.into()),
        }
    });
    result.map_err(|stop| match stop {
        // Which of them it was is seen by looking at all of the text.
        Stop::Break(_) | Stop::Continue => match interpreter.unknown_name() {
            Some(refusal) => interpreter.told(refusal.into()),
            None => interpreter.told(stop),
        },
        stop => interpreter.told(stop),
    })
}

impl<'a> Interpreter<'a> {
    /// Before anything is evaluated.
    pub(super) fn new(loaded: &'a Loaded<'a>, names: &'a [Names<'a>], parsed: &'a Parsed) -> Self {
        Self {
            loaded,
            names,
            unit: 0,
            fuel: FUEL,
            tank: FUEL,
            calls: 0,
            depth: 0,
            constants: BTreeMap::new(),
            macros: HashMap::new(),
            tail: Tail { at: parsed, count: 0 },
            mentioned: HashMap::new(),
            programs: Vec::new(),
            included: BTreeMap::new(),
            refused: None,
            work: None,
            halted: None,
        }
    }

    /// What stopped the evaluation, with its place.
    pub(super) fn told(&self, stop: Stop<'_>) -> Box<Diagnostic> {
        let refusal = match stop {
            Stop::Refused(refusal) => *refusal,
            // Functions catch what returns, loops what breaks.
            Stop::Return(_) | Stop::Break(_) | Stop::Continue => {
                let file = &self.loaded.units[self.unit].file;
                Refusal::new(file, "the evaluation ends in the middle")
            }
        };
        let file = &self.loaded.units[refusal.unit.unwrap_or(self.unit)].source;
        Box::new(refusal.diagnostic(file))
    }

    /// Fills the tank.
    pub(super) fn refill(&mut self, fuel: u32) {
        (self.fuel, self.tank) = (fuel, fuel);
    }

    pub(super) fn migration(&mut self) -> Outcome<'a, RustMigration> {
        let Some((_, item)) = self.names[0].functions.get("migration").copied() else {
            return Err(self.no_migration().into());
        };
        let signature = &item.sig;
        let returns = matches!(&signature.output, ReturnType::Type(_, it) if is_migration(it));
        if !matches!(item.vis, Visibility::Public(_)) || !signature.inputs.is_empty() || !returns {
            let refusal = Refusal::between(
                signature.fn_token.span(),
                signature.paren_token.span.close(),
                "`migration` is to be public, take nothing and return a `Migration`",
            );
            return Err(refusal
                .label("this function")
                .help("write `pub fn migration() -> Migration`")
                .into());
        }
        let value = self.call_item(0, item, Vec::new(), &signature.ident)?;
        let Value::Object(thing) = value else {
            return Err(Refusal::new(&signature.ident, "`migration` returns no migration").into());
        };
        let thing = Rc::unwrap_or_clone(thing);
        let (Object::Migration(migration), Some(origin)) = (thing.object, thing.origin) else {
            return Err(Refusal::new(&signature.ident, "`migration` returns no migration").into());
        };
        let spans = origin.operations.iter().map(|it| self.place(it)).collect();
        Ok(RustMigration { migration, spans, parents_span: self.place(&origin.parents) })
    }

    fn no_migration(&self) -> Refusal {
        let near = did_you_mean("migration", self.names[0].functions.keys().map(String::as_str));
        let found = near.and_then(|it| self.names[0].functions.get(it));
        let message = "the file has no function `migration`";
        let refusal = match found {
            Some((_, item)) => Refusal::new(&item.sig.ident, message).label("is this the one?"),
            None => Refusal::new(&self.loaded.units[0].file, message),
        };
        let start = Refusal { end: refusal.start, ..refusal };
        start.help("write `pub fn migration() -> Migration { Migration::after(\"…\") }`")
    }

    pub(super) fn place(&self, mark: &Mark) -> Span {
        span(&self.loaded.units[mark.unit].source, mark.start, mark.end)
    }

    /// Pays for one step.
    pub(super) fn step(&mut self, at: &(impl Spanned + ?Sized)) -> Outcome<'a, ()> {
        self.pay(1, at)
    }

    /// Pays for `steps` steps.
    pub(super) fn pay(&mut self, steps: usize, at: &(impl Spanned + ?Sized)) -> Outcome<'a, ()> {
        let left = u32::try_from(steps).ok().and_then(|it| self.fuel.checked_sub(it));
        let halted = self.halted.as_ref().is_some_and(|it| it.load(Ordering::Relaxed));
        let left = if halted { None } else { left };
        match left {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => Err(self.out_of_fuel(at)),
        }
    }

    fn out_of_fuel(&self, at: &(impl Spanned + ?Sized)) -> Stop<'a> {
        let message = match self.work {
            None => format!("the migration takes more than {} steps", self.tank),
            Some(_) => format!(
                "the code takes more than {} steps without asking the database anything",
                self.tank
            ),
        };
        Refusal::new(at, message)
            .by_value()
            .label("evaluation was stopped here")
            .help("look for a loop without an end; write what is to be done to many rows as SQL")
            .into()
    }

    /// Goes one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        at: &(impl Spanned + ?Sized),
        inside: impl FnOnce(&mut Self) -> Outcome<'a, T>,
    ) -> Outcome<'a, T> {
        if self.depth == DEEPEST_EXPRESSION {
            return Err(Refusal::new(at, "the expressions nest too deeply")
                .label("too deep")
                .help("give parts of it names with `let`")
                .into());
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    /// A value that was put together of others, if it isn't too much.
    pub(super) fn made(&mut self, value: Value<'a>, at: &(impl Spanned + ?Sized)) -> Outcome<'a> {
        let most = if self.work.is_some() { HEAVIEST_OF_ROWS } else { HEAVIEST };
        let weight = value.weight(most, DEEPEST_VALUE);
        if weight >= most {
            return Err(Refusal::new(at, "the value is too large")
                .by_value()
                .label("this one")
                .help("migrations are small: write rows as SQL")
                .into());
        }
        self.pay(weight / 4, at)?;
        Ok(value)
    }

    /// Calls a function of a file.
    pub(super) fn call_item(
        &mut self,
        unit: usize,
        item: &'a ItemFn,
        arguments: Vec<Value<'a>>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        let signature = &item.sig;
        if signature.inputs.len() != arguments.len() {
            return Err(wrong_count(
                &signature.ident.to_string(),
                signature.inputs.len(),
                arguments.len(),
                at,
            )
            .into());
        }
        let mut frame = Frame::with_capacity(arguments.len() + 4);
        let mut checked = Vec::with_capacity(arguments.len());
        for (input, value) in signature.inputs.iter().zip(arguments) {
            let syn::FnArg::Typed(input) = input else {
                return Err(placed(unit, Refusal::foreign(input, "`self`")).into());
            };
            // The caller handed over the wrong value, so that is where it is said.
            let mut value = Some(value);
            let taken = self
                .in_unit(unit, |it| it.fits(&input.ty, value.take().unwrap_or(Value::Unit), at));
            checked.push((&*input.pat, taken.map_err(|stop| self.elsewhere(stop))?));
        }
        self.enter(unit, at, |it| {
            for (pattern, value) in checked {
                it.bind_all(pattern, value, &mut frame)?;
            }
            let value = it.returned(|it| it.block(&item.block, &mut frame))?;
            match &signature.output {
                ReturnType::Default if matches!(value, Value::Unit) => Ok(value),
                ReturnType::Default => Err(Refusal::new(
                    &signature.ident,
                    format!(
                        "`{}` says that it returns nothing, and returns a `{value}`",
                        signature.ident
                    ),
                )
                .label("declared without `->`")
                .help(format!(
                    "write `-> {value}` behind its parameters, or `;` behind the last expression"
                ))
                .into()),
                ReturnType::Type(_, wanted) => {
                    let last = item.block.stmts.last();
                    match last {
                        Some(last) => it.fits(wanted, value, last),
                        None => it.fits(wanted, value, &signature.ident),
                    }
                }
            }
        })
    }

    /// Calls a closure.
    pub(super) fn call_closure(
        &mut self,
        closure: &Rc<Closure<'a>>,
        arguments: Vec<Value<'a>>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        let code = closure.code;
        if code.inputs.len() != arguments.len() {
            return Err(wrong_count("the closure", code.inputs.len(), arguments.len(), at).into());
        }
        let mut checked = Vec::with_capacity(arguments.len());
        for (pattern, value) in code.inputs.iter().zip(arguments) {
            let Pat::Type(typed) = pattern else {
                checked.push((pattern, value));
                continue;
            };
            // As of a function, the caller is told.
            let mut value = Some(value);
            let taken = self.in_unit(closure.unit, |it| {
                it.fits(&typed.ty, value.take().unwrap_or(Value::Unit), at)
            });
            checked.push((&*typed.pat, taken.map_err(|stop| self.elsewhere(stop))?));
        }
        let mut frame = closure.captured.take();
        let captured = frame.len();
        let result = self.enter(closure.unit, at, |it| {
            for (pattern, value) in checked {
                it.bind_all(pattern, value, &mut frame)?;
            }
            let value = it.returned(|it| it.expression(&code.body, &mut frame))?;
            match &code.output {
                ReturnType::Default => Ok(value),
                ReturnType::Type(_, wanted) => it.fits(wanted, value, &code.body),
            }
        });
        frame.truncate(captured);
        *closure.captured.borrow_mut() = frame;
        result
    }

    fn enter(
        &mut self,
        unit: usize,
        at: &(impl Spanned + ?Sized),
        inside: impl FnOnce(&mut Self) -> Outcome<'a>,
    ) -> Outcome<'a> {
        self.step(at)?;
        if self.calls == DEEPEST_CALL {
            return Err(Refusal::new(
                at,
                format!("functions call each other deeper than {DEEPEST_CALL}"),
            )
            .label("this call")
            .help("look for a function that calls itself without an end")
            .into());
        }
        self.calls += 1;
        let result = self.in_unit(unit, inside);
        self.calls -= 1;
        result
    }

    /// Runs code of another file; what it refuses stands there.
    fn in_unit<T>(
        &mut self,
        unit: usize,
        inside: impl FnOnce(&mut Self) -> Outcome<'a, T>,
    ) -> Outcome<'a, T> {
        let before = std::mem::replace(&mut self.unit, unit);
        let result = inside(self).map_err(|stop| match stop {
            Stop::Refused(refusal) => Stop::Refused(Box::new(placed(unit, *refusal))),
            other => other,
        });
        self.unit = before;
        result
    }

    /// A refusal that was made in another file's name and stands in this one.
    fn elsewhere(&self, stop: Stop<'a>) -> Stop<'a> {
        match stop {
            Stop::Refused(refusal) => Refusal { unit: Some(self.unit), ..*refusal }.into(),
            other => other,
        }
    }

    fn returned(&mut self, inside: impl FnOnce(&mut Self) -> Outcome<'a>) -> Outcome<'a> {
        match inside(self) {
            Err(Stop::Return(value)) => Ok(value),
            other => other,
        }
    }

    /// The constant `name` of the file `unit`, evaluated once.
    pub(super) fn constant(
        &mut self,
        unit: usize,
        name: &str,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        let key = (unit, name.to_owned());
        match self.constants.get(&key) {
            Some(Some(value)) => return Ok(value.clone()),
            Some(None) => {
                return Err(Refusal::new(at, format!("the constant `{name}` needs itself"))
                    .label("a circle")
                    .help("give one of the constants a value of its own")
                    .into());
            }
            None => {}
        }
        let Some((home, item)) = self.names[unit].constants.get(name).copied() else {
            return Err(Refusal::new(at, format!("there is no constant `{name}`")).into());
        };
        self.constants.insert(key.clone(), None);
        let value = self.enter(home, at, |it| {
            let value = it.expression(&item.expr, &mut Frame::new())?;
            it.fits(&item.ty, value, &item.expr)
        })?;
        if matches!(value.behind(), Value::String(_) | Value::Object(_)) && !value.is_copy() {
            let refusal = Refusal::new(&item.expr, format!("a `{value}` can't be a constant"))
                .label("made by a function that isn't `const`")
                .help(format!("write a function: `fn {}() -> {value}`", name.to_lowercase()));
            return Err(placed(home, refusal).into());
        }
        self.constants.insert(key, Some(value.clone()));
        Ok(value)
    }

    /// Runs a block in a scope of its own.
    pub(super) fn block(&mut self, block: &'a Block, frame: &mut Frame<'a>) -> Outcome<'a> {
        let outer = frame.len();
        let result = self.statements(block, frame);
        frame.truncate(outer);
        result
    }

    fn statements(&mut self, block: &'a Block, frame: &mut Frame<'a>) -> Outcome<'a> {
        let mut last = Value::Unit;
        for (position, statement) in block.stmts.iter().enumerate() {
            last = Value::Unit;
            match statement {
                Stmt::Local(local) => self.local(local, frame)?,
                Stmt::Expr(expression, semicolon) => {
                    let value = self.expression(expression, frame)?;
                    if semicolon.is_some() {
                        self.not_lost(&value, expression)?;
                    }
                    if semicolon.is_none() {
                        let tail = position + 1 == block.stmts.len();
                        if !tail && !matches!(value, Value::Unit) {
                            return Err(Refusal::new(
                                expression,
                                format!("a `{value}` stands here for nothing"),
                            )
                            .label("not used")
                            .help("give it a name with `let`, or take it away")
                            .into());
                        }
                        last = value;
                    }
                }
                Stmt::Macro(statement) => {
                    let value = self.macro_call(&statement.mac, frame)?;
                    if statement.semi_token.is_none() {
                        last = value;
                    }
                }
                Stmt::Item(item) => {
                    return Err(Refusal::foreign(item, "an item inside of a function")
                        .help("move it out of the function, to the top level of the file")
                        .into());
                }
            }
        }
        Ok(last)
    }

    /// Refuses code that lets a failure go by.
    fn not_lost(&self, value: &Value<'a>, at: &syn::Expr) -> Outcome<'a, ()> {
        if self.work.is_none() || !matches!(value, Value::Result(_)) {
            return Ok(());
        }
        Err(Refusal::new(at, "this may fail, and nobody looks whether it did")
            .label("a `Result` that isn't used")
            .help("write `?` behind it")
            .into())
    }

    fn local(&mut self, local: &'a Local, frame: &mut Frame<'a>) -> Outcome<'a, ()> {
        let (pattern, wanted) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            other => (other, None),
        };
        let Some(init) = &local.init else {
            let Pat::Ident(name) = pattern else {
                return Err(Refusal::foreign(pattern, "a pattern without a value").into());
            };
            let mutable = name.mutability.is_some();
            frame.push(Slot { name: &name.ident, state: State::Empty, mutable, captured: false });
            return Ok(());
        };
        let value = self.expression(&init.expr, frame)?;
        let value = match wanted {
            Some(wanted) => self.fits(wanted, value, &init.expr)?,
            None => value,
        };
        let outer = frame.len();
        if self.bind(pattern, value, frame)? {
            return Ok(());
        }
        frame.truncate(outer);
        match &init.diverge {
            Some((_, otherwise)) => {
                self.expression(otherwise, frame)?;
                Err(Refusal::new(
                    otherwise,
                    "what follows `else` must leave the function or the loop",
                )
                .label("goes on to the next line")
                .help("end it with `return …`, `break` or `continue`")
                .into())
            }
            None => Err(unmatched(pattern)),
        }
    }

    /// Binds a pattern that must fit.
    pub(super) fn bind_all(
        &mut self,
        pattern: &'a Pat,
        value: Value<'a>,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a, ()> {
        let (pattern, value) = match pattern {
            Pat::Type(typed) => {
                let value = self.fits(&typed.ty, value, &typed.ty)?;
                (&*typed.pat, value)
            }
            other => (other, value),
        };
        if self.bind(pattern, value, frame)? { Ok(()) } else { Err(unmatched(pattern)) }
    }

    /// The closure that `code` makes, with what it captures.
    pub(super) fn closure(&mut self, code: &'a ExprClosure, frame: &mut Frame<'a>) -> Outcome<'a> {
        if let Some(word) = &code.asyncness {
            return Err(Refusal::foreign(word, "an `async` closure").into());
        }
        let mentions = self.mentions(code);
        let mut captured: Vec<Slot<'a>> = Vec::new();
        for mention in mentions.iter() {
            let Some(slot) = frame.iter_mut().rev().find(|it| *it.name == mention.word) else {
                continue;
            };
            if captured.iter().any(|it| it.name == slot.name) {
                continue;
            }
            let moves = match &slot.state {
                State::Here(value) if value.is_copy() => false,
                State::Here(Value::Object(_)) => mention.bare || code.capture.is_some(),
                State::Here(_) => code.capture.is_some(),
                State::Moved(_) | State::Empty => false,
            };
            let mut own = slot.clone();
            own.captured = true;
            if moves {
                slot.state = State::Moved(code.inputs_begin.span());
            }
            captured.push(own);
        }
        let needs: Vec<String> = captured
            .iter()
            .map(|it| it.name.to_string())
            .filter(|name| mentions.iter().any(|it| it.word == *name && !it.hidden))
            .collect();
        let copy = captured.iter().all(|it| matches!(&it.state, State::Here(it) if it.is_copy()));
        let captured = RefCell::new(captured);
        let closure = Closure { unit: self.unit, code, needs, copy, captured };
        Ok(Value::Function(Function::Closure(Rc::new(closure))))
    }

    fn mentions(&mut self, code: &'a ExprClosure) -> Rc<[Mention]> {
        let key: *const ExprClosure = code;
        if let Some(found) = self.mentioned.get(&key) {
            return Rc::clone(found);
        }
        let source = &self.loaded.units[self.unit].source;
        let body = span(source, code.inputs_end.span(), code.body.span());
        let inputs = span(source, code.inputs_begin.span(), code.inputs_end.span());
        let text = |it: Span| spoken(source.text.get(it.range).unwrap_or_default());
        let own = words(&text(inputs));
        let mut found = words(text(body).trim_start_matches('|'));
        // A name that the closure gives to something of its own hides the one outside.
        let hidden: Vec<String> = own
            .into_iter()
            .chain(found.iter().filter(|it| it.bound).cloned())
            .map(|it| it.word)
            .collect();
        for mention in &mut found {
            mention.hidden = hidden.contains(&mention.word);
            mention.bare &= !mention.hidden;
        }
        let found: Rc<[Mention]> = found.into();
        self.mentioned.insert(key, Rc::clone(&found));
        found
    }
}

/// The variable `name`: its value where it can be copied or `keep`s its place, or else
/// moved out of it. `None` where there is no such variable.
pub(super) fn variable<'a>(
    name: &Ident,
    keep: bool,
    frame: &mut Frame<'a>,
) -> Outcome<'a, Option<Value<'a>>> {
    let Some(slot) = frame.iter_mut().rev().find(|it| it.name == name) else {
        return Ok(None);
    };
    match &slot.state {
        State::Here(value) if keep || value.is_copy() => Ok(Some(value.clone())),
        State::Here(_) => {
            let moved = std::mem::replace(&mut slot.state, State::Moved(name.span()));
            let State::Here(value) = moved else { return Ok(None) };
            Ok(Some(value))
        }
        State::Moved(at) => {
            Err(Refusal::new(name, format!("`{name}` was moved away and has no value any more"))
                .label("used here after that")
                .and(*at, "moved here")
                .help(format!("write `{name}.clone()` where it is used first"))
                .into())
        }
        State::Empty => Err(Refusal::new(name, format!("`{name}` has no value yet"))
            .label("used here")
            .help(format!("give it one: `let {name} = …;`"))
            .into()),
    }
}

fn unmatched<'a>(pattern: &Pat) -> Stop<'a> {
    Refusal::new(pattern, "the pattern doesn't fit the value")
        .label("something else stands here")
        .help("use `match` or `if let`, where every case has its place")
        .into()
}

/// The refusal, in the file `unit` if it has no file of its own.
fn placed(unit: usize, refusal: Refusal) -> Refusal {
    Refusal { unit: refusal.unit.or(Some(unit)), ..refusal }
}

/// The words of a text. Words in a string count where a template would read them.
fn words(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    let mut last = String::new();
    while let Some(start) = rest.find(|it: char| it == '_' || it.is_alphabetic()) {
        let ahead = rest[..start].trim_end();
        before = ahead.chars().next_back().unwrap_or(before);
        let is_method = before == '.' && !ahead.ends_with("..");
        rest = &rest[start..];
        let end = rest.find(|it: char| it != '_' && !it.is_alphanumeric()).unwrap_or(rest.len());
        let after = rest[end..].trim_start();
        let cloned = after.strip_prefix('.').is_some_and(|it| it.trim_start().starts_with("clone"));
        let bare =
            !matches!(before, '&' | '.' | '"' | '{' | ':') && !cloned && !after.starts_with(':');
        let bound = before == '|' || ["let", "mut", "for"].contains(&last.as_str());
        rest[..end].clone_into(&mut last);
        if !is_method {
            found.push(Mention { word: last.clone(), bare, bound, hidden: false });
        }
        before = rest[..end].chars().next_back().unwrap_or(' ');
        rest = &rest[end..];
    }
    found
}

fn is_migration(it: &syn::Type) -> bool {
    matches!(it, syn::Type::Path(it) if it.path.segments.last().is_some_and(|it| it.ident == "Migration"))
}

/// The refusal of a call with too many or too few arguments.
pub(super) fn wrong_count(
    name: &str,
    wanted: usize,
    found: usize,
    at: &(impl Spanned + ?Sized),
) -> Refusal {
    let plural = if wanted == 1 { "" } else { "s" };
    let quoted = if name.contains(' ') { name.to_owned() } else { format!("`{name}`") };
    let here = match found {
        0 => "none is here".to_owned(),
        1 => "here is 1".to_owned(),
        several => format!("here are {several}"),
    };
    let wanted = if wanted == 0 { "no".to_owned() } else { wanted.to_string() };
    Refusal::new(at, format!("{quoted} takes {wanted} argument{plural}, and {here}"))
        .label("wrong number of arguments")
        .help("hand over exactly what it takes")
}
