//! The code of data migrations: kept as data when a file is read, run when somebody asks for it.
//!
//! What is kept are the texts that it came from. To run it, they are evaluated anew, which gives the
//! same closure with the same surroundings, and then it is called. The interpreter has a thread of
//! its own; what it asks of the database is asked by the caller's.

use std::{
    collections::BTreeSet,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::{Block, Expr, ExprClosure, ExprMethodCall, ItemFn, Stmt, spanned::Spanned};
use whimbrel_migration::{
    Cell, Database, Db, Failure, Operation, PerDatabase, Row,
    dispatch::Object,
    run::{Answer, Gift, Handle, METHODS, Method, Program, Runnable, SourceText, Subject, UndoRun},
};

use super::{
    STACK, Siblings,
    call::{At, Callee},
    evaluate::{Interpreter, Outcome},
    load,
    refuse::{Refusal, Stop, span},
    symbols::Symbols,
    template::{Parsed, shown},
    value::{Closure, Function, Holder, Mark, Origin, State, Thing, Value, Width},
};
use crate::diagnostic::{Diagnostic, SourceFile, Span, did_you_mean};

/// The most steps between two calls of the database.
const FUEL: u32 = 200_000_000;
/// The most steps of trying code out.
const FUEL_OF_TRYING: u32 = 200_000;
/// How often the caller is asked whether to go on while the code computes.
const LOOK: Duration = Duration::from_millis(50);

/// Why code did not come to its end.
#[derive(Debug)]
pub enum Broken {
    /// It gave up, or what it asked of the database was refused.
    Failed {
        /// The reason.
        message: String,
        /// The call that failed.
        place: Option<Span>,
    },
    /// It can't be evaluated.
    Refused(Box<Diagnostic>),
    /// The caller stopped it.
    Stopped,
}

/// Runs the `number`th program of a migration that is made of `files`. What it asks goes to
/// `handle`; it stops soon after `goes_on` says no. Returns the first call of the database that was
/// refused, where the code went on all the same.
pub fn perform(
    files: &[SourceText],
    number: usize,
    symbols: &Symbols,
    handle: &mut dyn Handle,
    goes_on: &dyn Fn() -> bool,
) -> Result<Option<Span>, Broken> {
    let halted = Arc::new(AtomicBool::new(false));
    let (ask, asked) = mpsc::channel();
    let (reply, replies) = mpsc::channel();
    let proxy = Proxy { database: handle.database(), ask, replies };
    let stop = Arc::clone(&halted);
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, move || run_stored(files, number, symbols, proxy, &stop));
        let worker = match worker {
            Ok(worker) => worker,
            Err(error) => {
                let message = format!("no thread could be started: {error}");
                return Err(Broken::Failed { message, place: None });
            }
        };
        loop {
            match asked.recv_timeout(LOOK) {
                Ok(ask) => {
                    let answer = match ask {
                        Ask::Query(sql, values) => Reply::Rows(handle.query(&sql, &values)),
                        Ask::Execute(sql, values) => Reply::Count(handle.execute(&sql, &values)),
                        Ask::Say(words) => {
                            handle.say(&words);
                            Reply::Nothing
                        }
                    };
                    // One that has gone meanwhile says so when it is joined.
                    let _ = reply.send(answer);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            if !goes_on() {
                halted.store(true, Ordering::Relaxed);
            }
        }
        worker.join().unwrap_or_else(|_| {
            let message = "running it failed in whimbrel itself".to_owned();
            Err(Broken::Failed { message, place: None })
        })
    })
}

/// What the interpreter asks for.
enum Ask {
    Query(PerDatabase, Vec<Cell>),
    Execute(PerDatabase, Vec<Cell>),
    Say(String),
}

/// What it is told.
enum Reply {
    Rows(Result<Vec<Row>, Failure>),
    Count(Result<u64, Failure>),
    Nothing,
}

/// The database as the interpreter's thread sees it.
struct Proxy {
    database: Database,
    ask: mpsc::Sender<Ask>,
    replies: mpsc::Receiver<Reply>,
}

impl Proxy {
    fn ask(&self, ask: Ask) -> Result<Reply, Failure> {
        let gone = || Failure::new("the run has ended");
        self.ask.send(ask).map_err(|_| gone())?;
        self.replies.recv().map_err(|_| gone())
    }
}

impl Handle for Proxy {
    fn database(&self) -> Database {
        self.database
    }

    fn query(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<Vec<Row>, Failure> {
        match self.ask(Ask::Query(sql.clone(), parameters.to_vec()))? {
            Reply::Rows(rows) => rows,
            Reply::Count(_) | Reply::Nothing => Ok(Vec::new()),
        }
    }

    fn execute(&mut self, sql: &PerDatabase, parameters: &[Cell]) -> Result<u64, Failure> {
        match self.ask(Ask::Execute(sql.clone(), parameters.to_vec()))? {
            Reply::Count(count) => count,
            Reply::Rows(_) | Reply::Nothing => Ok(0),
        }
    }

    fn say(&mut self, words: &str) {
        // Nobody who has gone wants to hear it.
        let _ = self.ask(Ask::Say(words.to_owned()));
    }
}

/// A database that nobody has seen yet: a question has one row the first time, and none after it.
struct Imagined {
    first: bool,
}

impl Handle for Imagined {
    fn database(&self) -> Database {
        Database::Postgres
    }

    fn query(&mut self, _sql: &PerDatabase, _parameters: &[Cell]) -> Result<Vec<Row>, Failure> {
        Ok(if self.first { vec![Row::imagined()] } else { Vec::new() })
    }

    fn execute(&mut self, _sql: &PerDatabase, _parameters: &[Cell]) -> Result<u64, Failure> {
        Ok(1)
    }

    fn say(&mut self, _words: &str) {}
}

/// What code works on while it runs.
pub(super) enum Work {
    /// Nothing yet: it is tried out. Kept are the calls that were met.
    Trying(BTreeSet<*const ExprMethodCall>),
    /// A database.
    Real(Box<dyn Handle>),
}

/// The files that a program was made of.
struct Stored<'s> {
    files: &'s [SourceText],
    symbols: &'s Symbols,
}

impl Siblings for Stored<'_> {
    fn file(&self, path: &str) -> Result<Arc<SourceFile>, String> {
        match self.files.iter().find(|it| it.path == path) {
            Some(file) => Ok(SourceFile::new(&*file.name, &*file.text)),
            None => Err(format!("`{path}` wasn't kept with the migration")),
        }
    }

    fn symbols(&self) -> &Symbols {
        self.symbols
    }
}

fn run_stored(
    files: &[SourceText],
    number: usize,
    symbols: &Symbols,
    proxy: Proxy,
    halted: &Arc<AtomicBool>,
) -> Result<Option<Span>, Broken> {
    let Some(main) = files.first() else {
        let message = "its text wasn't kept".to_owned();
        return Err(Broken::Failed { message, place: None });
    };
    let stored = Stored { files, symbols };
    let main = SourceFile::new(&*main.name, &*main.text);
    let loaded = load::load(&main, &stored).map_err(Broken::Refused)?;
    let names = loaded.names().map_err(Broken::Refused)?;
    let parsed = Parsed::default();
    let mut interpreter = Interpreter::new(&loaded, &names, &parsed);
    let outcome = interpreter.migration().map(drop).and_then(|()| {
        interpreter.halted = Some(Arc::clone(halted));
        interpreter.work = Some(Work::Real(Box::new(proxy)));
        interpreter.run_program(number, FUEL)
    });
    match outcome {
        Ok(None) => Ok(interpreter.refused.map(|it| interpreter.place(&it))),
        Ok(Some((message, mark))) => {
            let place = mark.map(|it| interpreter.place(&it));
            Err(Broken::Failed { message, place })
        }
        Err(_) if halted.load(Ordering::Relaxed) => Err(Broken::Stopped),
        Err(stop) => Err(Broken::Refused(interpreter.told(stop))),
    }
}

impl<'a> Interpreter<'a> {
    /// Keeps a function as a program.
    pub(super) fn program(&mut self, function: &Value<'a>, at: At<'a>) -> Outcome<'a, Program> {
        let place = at.argument_of_code();
        let Value::Function(function) = function.behind() else {
            let message =
                format!("code is a closure over the database, and this is a `{function}`");
            return Err(Refusal::new(&place, message)
                .label("not a closure")
                .help("write `|db| { … Ok(()) }`")
                .into());
        };
        let unit = self.unit;
        let (source, meaning) = match function {
            Function::Closure(closure) => {
                check_closure(closure)?;
                let mut meaning = vec![folded(tokens(closure.code))];
                self.uses(closure.unit, tokens(closure.code), &mut BTreeSet::new(), &mut meaning)?;
                for slot in closure.captured.borrow().iter() {
                    let name = slot.name.to_string();
                    if let (State::Here(value), true) = (&slot.state, closure.needs.contains(&name))
                    {
                        let value =
                            written(value).ok_or_else(|| uncapturable(value, &name, &place))?;
                        meaning.push(format!("let {name} = {value}"));
                    }
                }
                let file = &self.loaded.units[closure.unit].source;
                let code = closure.code.span();
                (span(file, code, code), meaning)
            }
            Function::Item { unit: home, item } => {
                if item.sig.inputs.len() != 1 {
                    return Err(parameters(
                        &item.sig.ident.to_string(),
                        item.sig.inputs.len(),
                        &place,
                    ));
                }
                let mut meaning = Vec::new();
                self.add_function(*home, item, &mut BTreeSet::new(), &mut meaning)?;
                // It is nothing without the function.
                meaning.insert(0, folded(tokens(&item.sig.ident)));
                let file = &self.loaded.units[unit].source;
                (span(file, place, place), meaning)
            }
            _ => {
                return Err(Refusal::new(&place, "code is a closure, or a function of the file")
                    .label("neither of them")
                    .help("write `|db| { … Ok(()) }`")
                    .into());
            }
        };
        let source = source.file.text.get(source.range).unwrap_or_default().to_owned();
        let number = self.programs.len();
        self.programs.push(function.clone());
        Ok(Program { source, meaning, code: Runnable::Interpreted(Arc::new([]), number) })
    }

    /// Gives the programs of a migration the files that they are made of.
    pub(super) fn keep_files(&self, operations: &mut [Operation]) {
        if self.programs.is_empty() {
            return;
        }
        let mut files: Vec<SourceText> = Vec::new();
        for (position, unit) in self.loaded.units.iter().enumerate() {
            let path = if position == 0 { String::new() } else { format!("{}.rs", unit.name()) };
            files.push(source_text(path, &unit.source));
        }
        for (path, file) in &self.included {
            files.push(source_text(path.clone(), file));
        }
        let files: Arc<[SourceText]> = files.into();
        let keep = |program: &mut Program| {
            if let Runnable::Interpreted(of, _) = &mut program.code {
                *of = Arc::clone(&files);
            }
        };
        for operation in operations {
            if let Operation::Run(run) = operation {
                keep(&mut run.code);
                if let UndoRun::Code(undo) = &mut run.undo {
                    keep(undo);
                }
            }
        }
    }

    /// Tries every program out, on a database that is made up: what the compiler would refuse in it
    /// shows when it is evaluated.
    pub(super) fn try_programs(&mut self) -> Outcome<'a, ()> {
        for number in 0..self.programs.len() {
            self.work = Some(Work::Trying(BTreeSet::new()));
            match self.run_program(number, FUEL_OF_TRYING) {
                Err(Stop::Refused(refusal)) if !refusal.by_value => {
                    return Err(Stop::Refused(refusal));
                }
                _ => {}
            }
        }
        self.work = None;
        Ok(())
    }

    /// Runs a program. What it gave up with, and where, if it did.
    fn run_program(
        &mut self,
        number: usize,
        fuel: u32,
    ) -> Outcome<'a, Option<(String, Option<Mark>)>> {
        let Some(function) = self.programs.get(number).cloned() else {
            return Ok(Some(("the migration has no such code any more".to_owned(), None)));
        };
        self.refill(fuel);
        let (unit, at, tail) = match &function {
            Function::Closure(it) => (it.unit, it.code.span(), last_of(&it.code.body)),
            Function::Item { unit, item } => {
                (*unit, item.sig.ident.span(), last_statement(&item.block))
            }
            _ => return Ok(None),
        };
        self.unit = unit;
        let value = match &function {
            Function::Closure(closure) => self.call_closure(closure, vec![Value::Db], &at)?,
            Function::Item { unit, item } => self.call_item(*unit, item, vec![Value::Db], &at)?,
            _ => Value::Unit,
        };
        match value {
            Value::Result(Ok(inner)) if matches!(*inner, Value::Unit) => Ok(None),
            Value::Result(Err(why)) => {
                let whole = Mark { unit, start: at, end: at };
                let (message, mark) = reason(&why);
                match message {
                    Some(message) => Ok(Some((message, mark.or(Some(whole))))),
                    None => Err(Refusal::new(
                        &tail,
                        format!("code fails with a `Failure`, and this is a `{why}`"),
                    )
                    .label("not a reason to stop")
                    .help("write `Err(failure(\"…\"))`")
                    .into()),
                }
            }
            other => Err(Refusal::new(
                &tail,
                format!("code ends with `Ok(())`, and this is a `{other}`"),
            )
            .label("not `Ok(())`")
            .help("write `Ok(())` as its last line")
            .into()),
        }
    }

    /// Calls a method of the database or of a row.
    pub(super) fn work_method(
        &mut self,
        subject: &Value<'a>,
        call: &'a ExprMethodCall,
        arguments: Vec<Value<'a>>,
    ) -> Outcome<'a> {
        let (kind, row) = match subject.behind() {
            Value::Object(thing) => match &thing.object {
                Object::Row(row) => ("Row", Some(row.clone())),
                _ => ("Row", None),
            },
            _ => ("Db", None),
        };
        let name = call.method.to_string();
        let methods = || METHODS.iter().filter(|it| it.receiver == kind);
        let Some(method) = methods().find(|it| it.name == name) else {
            return Err(unknown_method(kind, call, methods()));
        };
        let at = At::Method(call);
        let callee = Callee::of_method(method);
        let values = self.handed(&callee, arguments, at)?;
        let answer = match row {
            Some(row) => (method.call)(Subject::Row(&row), values),
            None => match &mut self.work {
                Some(Work::Real(handle)) => {
                    let answer = (method.call)(Subject::Db(&mut Db::new(&mut **handle)), values);
                    self.refill(FUEL);
                    answer
                }
                Some(Work::Trying(met)) => {
                    let mut imagined = Imagined { first: met.insert(call) };
                    (method.call)(Subject::Db(&mut Db::new(&mut imagined)), values)
                }
                None => {
                    return Err(Refusal::new(
                        &call.method,
                        "there is a database only where a `run` runs",
                    )
                    .label("not there")
                    .help("hand this code to `run(\"title\", |db| { … })`")
                    .into());
                }
            },
        };
        let answer = answer.map_err(|it| callee.refused(it, 0, at))?;
        let mark = at.mark(self.unit);
        if kind == "Db" && matches!(answer, Answer::Tried(Err(_))) {
            self.refused.get_or_insert(mark);
        }
        Ok(match answer {
            Answer::Plain(gift) => given(gift),
            Answer::Tried(Ok(gift)) => Value::Result(Ok(Rc::new(given(gift)))),
            Answer::Tried(Err(failure)) => Value::Result(Err(Rc::new(failed(failure, mark)))),
        })
    }

    /// What the tokens of some code use of the files.
    fn uses(
        &mut self,
        unit: usize,
        tokens: TokenStream,
        seen: &mut BTreeSet<(usize, String)>,
        meaning: &mut Vec<String>,
    ) -> Outcome<'a, ()> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    self.deeper(&group.span_open(), |it| {
                        it.uses(unit, group.stream(), seen, meaning)
                    })?;
                }
                TokenTree::Ident(word) => {
                    let is = |back: usize, sign: char| {
                        at.checked_sub(back).is_some_and(|it| {
                            matches!(&tokens[it], TokenTree::Punct(it) if it.as_char() == sign)
                        })
                    };
                    if word == "include_str" {
                        self.include_early(&tokens[at..], meaning)?;
                    } else if !is(1, '.') || is(2, '.') {
                        self.use_name(unit, &word.to_string(), seen, meaning)?;
                    }
                }
                TokenTree::Literal(literal) => {
                    for name in places_of(&literal.to_string()) {
                        self.use_name(unit, &name, seen, meaning)?;
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
        Ok(())
    }

    fn use_name(
        &mut self,
        unit: usize,
        name: &str,
        seen: &mut BTreeSet<(usize, String)>,
        meaning: &mut Vec<String>,
    ) -> Outcome<'a, ()> {
        let homes = std::iter::once(unit).chain(self.names[unit].modules.values().copied());
        for home in homes.collect::<Vec<_>>() {
            if let Some((home, item)) = self.names[home].functions.get(name).copied() {
                return self.add_function(home, item, seen, meaning);
            }
            if let Some((home, item)) = self.names[home].constants.get(name).copied() {
                if seen.insert((home, name.to_owned())) {
                    let mut item = item.clone();
                    item.attrs.clear();
                    meaning.push(folded(tokens(&item)));
                    self.uses(home, tokens(&item), seen, meaning)?;
                }
                return Ok(());
            }
        }
        Ok(())
    }

    fn add_function(
        &mut self,
        home: usize,
        item: &ItemFn,
        seen: &mut BTreeSet<(usize, String)>,
        meaning: &mut Vec<String>,
    ) -> Outcome<'a, ()> {
        if !seen.insert((home, item.sig.ident.to_string())) {
            return Ok(());
        }
        let mut item = item.clone();
        item.attrs.clear();
        meaning.push(folded(tokens(&item)));
        self.uses(home, tokens(&item.block), seen, meaning)
    }

    /// A text that code includes is kept with it.
    fn include_early(
        &mut self,
        tokens: &[TokenTree],
        meaning: &mut Vec<String>,
    ) -> Outcome<'a, ()> {
        let [_, TokenTree::Punct(_), TokenTree::Group(group), ..] = tokens else { return Ok(()) };
        let Ok(path) = syn::parse2::<syn::LitStr>(group.stream()) else { return Ok(()) };
        let file = self.loaded.siblings.file(&path.value()).map_err(|why| {
            Refusal::new(&path, why).label("named here").help("put the file beside the migrations")
        })?;
        meaning.push(format!("include_str {}", file.text));
        self.included.insert(path.value(), file);
        Ok(())
    }
}

/// A captured value, so that it is told from others.
fn written(value: &Value<'_>) -> Option<String> {
    let all = |items: &[Value<'_>]| {
        let items: Option<Vec<String>> = items.iter().map(|it| written(it)).collect();
        items.map(|it| it.join(", "))
    };
    Some(match value {
        Value::Unit => "()".to_owned(),
        Value::Int(number, _) => number.to_string(),
        Value::Bool(_) | Value::Char(_) => shown(value)?,
        Value::Str(text) | Value::String(text) => format!("{text:?}"),
        Value::List(Holder::Iterator, _) | Value::Db | Value::Object(_) => return None,
        Value::List(_, items) => format!("[{}]", all(items)?),
        Value::Tuple(items) => format!("({})", all(items)?),
        Value::Range(from, to, _) => format!("{from}..{to}"),
        Value::Option(None) => "None".to_owned(),
        Value::Option(Some(it)) => format!("Some({})", written(it)?),
        Value::Result(Ok(it)) => format!("Ok({})", written(it)?),
        Value::Result(Err(it)) => format!("Err({})", written(it)?),
        Value::Reference(it) | Value::Into(it) => written(it)?,
        Value::Function(Function::Closure(closure)) => {
            let captured = closure.captured.borrow();
            let own = captured.iter().filter_map(|slot| match &slot.state {
                State::Here(value) => written(value),
                State::Empty | State::Moved(_) => None,
            });
            format!("{} {}", folded(tokens(closure.code)), own.collect::<Vec<_>>().join(", "))
        }
        Value::Function(Function::Item { item, .. }) => folded(tokens(item)),
        Value::Function(Function::Entry(entry)) => entry.name.to_owned(),
        Value::Function(Function::Native(name)) => (*name).to_owned(),
        Value::Function(Function::Symbol(symbol)) => symbol.path.clone(),
    })
}

/// What rustc would refuse about a closure that outlives the function that makes it.
fn check_closure<'a>(closure: &Closure<'a>) -> Outcome<'a, ()> {
    let code: &ExprClosure = closure.code;
    if code.inputs.len() != 1 {
        let place = code.span();
        return Err(parameters("the closure", code.inputs.len(), &place));
    }
    if code.capture.is_none()
        && let Some(name) = closure.needs.first()
    {
        return Err(Refusal::new(
            &code.inputs_begin,
            format!("the closure outlives `migration`, and borrows `{name}` from it"),
        )
        .label("may run when that is gone")
        .help("write `move` before it: `move |db| …`")
        .into());
    }
    match &*code.body {
        Expr::Block(block) if !ends_with_a_value(&block.block) => {
            Err(Refusal::new(&last_statement(&block.block), "code ends with `Ok(())`")
                .label("ends without a value")
                .help("write `Ok(())` as its last line")
                .into())
        }
        _ => Ok(()),
    }
}

fn ends_with_a_value(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(expression, semicolon)) => {
            let leaves = matches!(expression, Expr::Return(_) | Expr::Loop(_));
            semicolon.is_none() && !matches!(expression, Expr::ForLoop(_) | Expr::While(_))
                || leaves
        }
        _ => false,
    }
}

fn last_statement(block: &Block) -> proc_macro2::Span {
    block.stmts.last().map_or_else(|| block.brace_token.span.close(), Spanned::span)
}

fn last_of(body: &Expr) -> proc_macro2::Span {
    match body {
        Expr::Block(block) => last_statement(&block.block),
        other => other.span(),
    }
}

fn parameters<'a>(what: &str, found: usize, at: &proc_macro2::Span) -> Stop<'a> {
    Refusal::new(at, format!("{what} takes {found} parameters, and gets one: the database"))
        .label("other parameters are wanted")
        .help("write `|db| { … Ok(()) }`")
        .into()
}

fn uncapturable<'a>(value: &Value<'_>, name: &str, at: &proc_macro2::Span) -> Stop<'a> {
    Refusal::new(at, format!("code can't take the `{value}` `{name}` with it"))
        .label("captures it")
        .help("make it inside of the closure; texts, numbers and lists of these may come from outside")
        .into()
}

fn unknown_method<'a>(
    kind: &str,
    call: &ExprMethodCall,
    known: impl Iterator<Item = &'static Method>,
) -> Stop<'a> {
    let name = call.method.to_string();
    let known: Vec<&str> = known.map(|it| it.name).collect();
    let refusal =
        Refusal::new(&call.method, format!("a `{kind}` has no method `{name}`")).label("not found");
    if let Some(near) = did_you_mean(&name, known.iter().copied()) {
        return refusal.help(format!("did you mean `{near}`?")).into();
    }
    let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
    refusal.help(format!("a `{kind}` has {}", known.join(", "))).into()
}

/// A failure as a value, with the call that it came from.
fn failed<'a>(failure: Failure, mark: Mark) -> Value<'a> {
    let origin = Some(Origin { parents: mark, operations: Vec::new() });
    Value::Object(Rc::new(Thing { object: Object::Failure(failure), origin }))
}

/// The words of what code gave up with, and where that was made.
fn reason(why: &Value<'_>) -> (Option<String>, Option<Mark>) {
    match why {
        Value::Object(thing) => match &thing.object {
            Object::Failure(failure) => {
                (Some(failure.message.clone()), thing.origin.as_ref().map(|it| it.parents))
            }
            _ => (None, None),
        },
        Value::Into(inner) => reason(inner),
        Value::Str(text) | Value::String(text) => (Some(text.as_ref().to_owned()), None),
        _ => (None, None),
    }
}

fn given<'a>(gift: Gift) -> Value<'a> {
    let number = |it: i128, name: &str| Value::Int(it, Width::named(name).unwrap_or(Width::Any));
    match gift {
        Gift::Nothing => Value::Unit,
        Gift::Boolean(it) => Value::Bool(it),
        Gift::Integer(it) => number(it.into(), "i64"),
        Gift::Count(it) => number(it.into(), "u64"),
        Gift::Text(it) => Value::string(it),
        Gift::Optional(it) => Value::Option(it.map(|it| Rc::new(given(*it)))),
        Gift::Database(it) => Value::object(Object::Database(it)),
        Gift::Row(it) => Value::object(Object::Row(it)),
        Gift::Rows(rows) => {
            let rows = rows.into_iter().map(|it| Value::object(Object::Row(it)));
            Value::list(Holder::Vec, rows.collect())
        }
    }
}

fn source_text(path: String, file: &SourceFile) -> SourceText {
    SourceText { path, name: file.name.clone(), text: file.text.clone() }
}

fn tokens(it: &impl quote::ToTokens) -> TokenStream {
    it.to_token_stream()
}

/// The tokens of a text with a space between them: what is left of it without layout and comments.
pub(super) fn folded(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut joint = true;
    for token in tokens {
        if !joint && !text.is_empty() {
            text.push(' ');
        }
        joint = false;
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                text.push_str(&folded(group.stream()));
                text.push_str(close);
            }
            TokenTree::Punct(sign) => {
                text.push(sign.as_char());
                joint = sign.spacing() == Spacing::Joint;
            }
            other => text.push_str(&other.to_string()),
        }
    }
    text
}

/// The names that a template would take from its surroundings: `{name}`.
fn places_of(literal: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in literal.split('{').skip(1) {
        let end = part.find(|it: char| it != '_' && !it.is_alphanumeric()).unwrap_or(part.len());
        if end > 0 && part[end..].starts_with(['}', ':']) {
            names.push(part[..end].to_owned());
        }
    }
    names
}
