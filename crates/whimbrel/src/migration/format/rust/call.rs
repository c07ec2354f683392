//! Evaluates calls: of functions and methods, of the builder and of the application.

use std::rc::Rc;

use syn::{Expr, ExprCall, ExprMethodCall, spanned::Spanned};
use whimbrel_migration::{
    dispatch::{self, ENTRIES, Entry, Object, Refused},
    run::{CLOSURE, Method},
};

use super::{
    builtins,
    evaluate::{Frame, Interpreter, Outcome, wrong_count},
    expression::Arguments,
    path::BUILDER,
    refuse::{Refusal, Stop},
    symbols::Symbol,
    value::{
        Function, Mark, Origin, State, Thing, Value, Width, for_builder, nulls_for_none, odd_number,
    },
};
use crate::diagnostic::did_you_mean;

/// Where a call stands, for what is refused about it.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    /// `name(arguments)`.
    Call(&'a Expr, &'a ExprCall),
    /// `.name(arguments)`.
    Method(&'a ExprMethodCall),
    /// A function that is handed over by its name.
    Value(&'a Expr),
}

impl<'a> At<'a> {
    pub(super) fn argument(self, position: usize) -> proc_macro2::Span {
        let arguments: &'a Arguments = match self {
            Self::Call(_, call) => &call.args,
            Self::Method(call) => &call.args,
            Self::Value(value) => return value.span(),
        };
        arguments.get(position).map_or_else(|| self.name(), Spanned::span)
    }

    /// The code that is handed over, which is the last argument wherever there is one.
    pub(super) fn argument_of_code(self) -> proc_macro2::Span {
        match self {
            Self::Call(_, call) => self.argument(call.args.len().saturating_sub(1)),
            Self::Method(call) => self.argument(call.args.len().saturating_sub(1)),
            Self::Value(value) => value.span(),
        }
    }

    pub(super) fn name(self) -> proc_macro2::Span {
        match self {
            Self::Call(path, _) | Self::Value(path) => path.span(),
            Self::Method(call) => call.method.span(),
        }
    }

    pub(super) fn mark(self, unit: usize) -> Mark {
        match self {
            Self::Call(path, call) => {
                Mark { unit, start: path.span(), end: call.paren_token.span.close() }
            }
            Self::Method(call) => {
                Mark { unit, start: call.method.span(), end: call.paren_token.span.close() }
            }
            Self::Value(value) => Mark { unit, start: value.span(), end: value.span() },
        }
    }

    /// The whole call.
    pub(super) fn whole(self) -> proc_macro2::Span {
        match self {
            Self::Call(_, call) => call.span(),
            Self::Method(call) => call.method.span(),
            Self::Value(value) => value.span(),
        }
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn call(&mut self, call: &'a ExprCall, frame: &mut Frame<'a>) -> Outcome<'a> {
        let function = match &*call.func {
            Expr::Path(path) => self.path(path, true, frame)?,
            other => self.look(other, frame)?,
        };
        let mut arguments = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            arguments.push(self.expression(argument, frame)?);
        }
        match function.behind() {
            Value::Function(function) => {
                let function = function.clone();
                self.invoke(&function, arguments, At::Call(&call.func, call))
            }
            other => Err(Refusal::new(&call.func, format!("a `{other}` can't be called"))
                .label("not a function")
                .help("call a function or a closure")
                .into()),
        }
    }

    pub(super) fn invoke(
        &mut self,
        function: &Function<'a>,
        arguments: Vec<Value<'a>>,
        at: At<'a>,
    ) -> Outcome<'a> {
        match function {
            Function::Item { unit, item } => self.call_item(*unit, item, arguments, &at.whole()),
            Function::Closure(closure) => self.call_closure(closure, arguments, &at.whole()),
            Function::Entry(entry) => self.call_entry(entry, None, arguments, at),
            Function::Native(name) => self.call_native(name, arguments, &at.whole()),
            Function::Symbol(symbol) => Self::call_symbol(symbol, arguments, at),
        }
    }

    /// A chain of method calls, from its beginning outwards and without a call of our own for
    /// each: a migration is one long chain.
    pub(super) fn method_chain(&mut self, whole: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a> {
        let mut methods: Vec<&'a ExprMethodCall> = Vec::new();
        let mut base = whole;
        while let Expr::MethodCall(call) = base {
            methods.push(call);
            base = &call.receiver;
        }
        let Some(first) = methods.last() else { return Ok(Value::Unit) };
        let mut value = self.receiver(base, first, frame)?;
        for call in methods.into_iter().rev() {
            self.step(&call.method)?;
            value = self.deeper(&call.method, |it| it.method(value, call, base, frame))?;
        }
        Ok(value)
    }

    /// What a method is called on: it stays where it is, unless the method takes it.
    fn receiver(
        &mut self,
        base: &'a Expr,
        call: &ExprMethodCall,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
        let Expr::Path(path) = base else { return self.look(base, frame) };
        let Some(name) = path.path.get_ident() else { return self.path(path, false, frame) };
        let takes = frame.iter().rev().find(|it| it.name == name).is_some_and(|slot| {
            matches!(&slot.state, State::Here(value) if builtins::takes(value, &call.method))
        });
        self.path(path, !takes, frame)
    }

    fn method(
        &mut self,
        value: Value<'a>,
        call: &'a ExprMethodCall,
        base: &'a Expr,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
        if builtins::changes(&call.method)
            && matches!(value.behind(), Value::String(_) | Value::List(..))
        {
            // Nothing else may hold it, or each change would copy it whole.
            drop(value);
            return self.change(call, base, frame);
        }
        let mut arguments = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            arguments.push(self.expression(argument, frame)?);
        }
        if call.method == "clone" && arguments.is_empty() {
            return Ok(value.behind().clone());
        }
        if is_worked_with(&value) {
            return self.work_method(&value, call, arguments);
        }
        match value {
            Value::Object(thing) => self.object_method(thing, call, arguments),
            Value::Reference(inner) if matches!(*inner, Value::Object(_)) => Err(Refusal::new(
                &call.method,
                format!(
                    "`{}` takes what it is called on, and this is only a reference to it",
                    call.method
                ),
            )
            .label("would move it away")
            .help("write `.clone()` before it")
            .into()),
            other => self.builtin(other, call, arguments),
        }
    }

    fn object_method(
        &mut self,
        thing: Rc<Thing>,
        call: &'a ExprMethodCall,
        arguments: Vec<Value<'a>>,
    ) -> Outcome<'a> {
        let name = call.method.to_string();
        let kind = thing.object.type_name();
        if let Some(entry) = BUILDER.get(&(Some(kind), name.as_str())) {
            return self.call_entry(entry, Some(thing), arguments, At::Method(call));
        }
        if name == "into" && arguments.is_empty() {
            return Ok(Value::Into(Rc::new(Value::Object(thing))));
        }
        if let (Object::Failure(failure), "to_string", []) = (&thing.object, &*name, &*arguments) {
            return Ok(Value::string(&failure.message));
        }
        let known = ENTRIES.iter().filter(|it| it.receiver == Some(kind)).map(|it| it.name);
        let mut refusal = Refusal::new(&call.method, format!("a `{kind}` has no method `{name}`"))
            .label("not found");
        let elsewhere: Vec<&str> = ENTRIES
            .iter()
            .filter(|it| it.name == name && it.receiver != Some("ColumnType"))
            .filter_map(|it| it.receiver)
            .collect();
        refusal = match (did_you_mean(&name, known.clone()), &*elsewhere) {
            (Some(near), _) => refusal.help(format!("did you mean `{near}`?")),
            (None, [first, ..]) => refusal.help(format!("`{name}` is a method of `{first}`")),
            (None, []) => {
                let known: Vec<String> = known.map(|it| format!("`{it}`")).collect();
                refusal.help(if known.is_empty() {
                    format!("a `{kind}` has no methods")
                } else {
                    format!("a `{kind}` has {}", known.join(", "))
                })
            }
        };
        Err(refusal.into())
    }

    /// Calls the builder.
    fn call_entry(
        &mut self,
        entry: &'static Entry,
        receiver: Option<Rc<Thing>>,
        arguments: Vec<Value<'a>>,
        at: At<'a>,
    ) -> Outcome<'a> {
        let callee = Callee::of_entry(entry);
        let skipped = usize::from(receiver.is_some());
        let mut values = Vec::with_capacity(arguments.len() + skipped);
        let mut origin = None;
        let mut operations = 0;
        if let Some(thing) = receiver {
            let thing = Rc::unwrap_or_clone(thing);
            if let Object::Migration(migration) = &thing.object {
                operations = migration.operations.len();
            }
            origin = thing.origin;
            values.push(dispatch::Value::Object(thing.object));
        }
        values.extend(self.handed(&callee, arguments, at)?);
        let object = (entry.call)(values).map_err(|it| callee.refused(it, skipped, at))?;
        let mark = || at.mark(self.unit);
        if let Object::Migration(migration) = &object {
            let origin =
                origin.get_or_insert_with(|| Origin { parents: mark(), operations: Vec::new() });
            if migration.operations.len() > operations {
                origin.operations.resize(migration.operations.len(), mark());
            }
        } else {
            let is_failure = matches!(object, Object::Failure(_));
            origin = is_failure.then(|| Origin { parents: mark(), operations: Vec::new() });
        }
        Ok(Value::Object(Rc::new(Thing { object, origin })))
    }

    /// Arguments as the builder takes them.
    pub(super) fn handed(
        &mut self,
        callee: &Callee,
        arguments: Vec<Value<'a>>,
        at: At<'a>,
    ) -> Outcome<'a, Vec<dispatch::Value>> {
        if arguments.len() != callee.parameters.len() {
            let refusal =
                wrong_count(callee.name, callee.parameters.len(), arguments.len(), &at.name());
            return Err(refusal.help(callee.signature()).into());
        }
        let mut values = Vec::with_capacity(arguments.len());
        for (position, value) in arguments.into_iter().enumerate() {
            let (parameter, wanted) = callee.parameters[position];
            if wanted == CLOSURE {
                values.push(dispatch::Value::Program(self.program(&value, at)?));
                continue;
            }
            let value = match (wanted, value) {
                ("(Values)", Value::Unit) => Value::Tuple(Rc::new(Vec::new())),
                ("(Values)", value) => nulls_for_none(value),
                (_, value) => value,
            };
            if let Value::Int(number, width) = value {
                let place =
                    Width::named(wanted).or_else(|| Width::named("i64")).unwrap_or(Width::Any);
                if width.with(place).is_none() || !place.holds(number) {
                    let (place, width) = (place.name(), width.name());
                    let message = format!(
                        "`{parameter}` of `{}` is {} `{place}`",
                        callee.name,
                        article(place)
                    );
                    let label = if width == "integer" || width == place {
                        format!("{number} is out of range")
                    } else {
                        format!("this is {} `{width}`", article(width))
                    };
                    return Err(Refusal::new(&at.argument(position), message)
                        .label(label)
                        .help(callee.signature())
                        .into());
                }
            }
            if let Some((number, width)) = odd_number(&value) {
                let label = if width == Width::Any {
                    format!("{number} is out of range")
                } else {
                    format!("{number} is {} `{}`", article(width.name()), width.name())
                };
                let message = format!("numbers in `{parameter}` of `{}` are `i64`", callee.name);
                return Err(Refusal::new(&at.argument(position), message)
                    .label(label)
                    .help(callee.signature())
                    .into());
            }
            let found = value.to_string_if_odd();
            let Some(value) = for_builder(value) else {
                let message = format!("`{parameter}` of `{}` can't be a `{found}`", callee.name);
                let help = match &*found {
                    it if it.starts_with("Option<") || it.starts_with("Result<") => {
                        "take out what is in it: with `?`, `.unwrap_or(…)` or `match`".to_owned()
                    }
                    it if it.starts_with("iterator over &&") => {
                        "write `.copied().collect::<Vec<_>>()` behind it".to_owned()
                    }
                    it if it.starts_with("iterator") || it == "range" => {
                        "write `.collect::<Vec<_>>()` behind it".to_owned()
                    }
                    it if it.contains('&') => {
                        "take the `&` away: write `*` before it, or `.clone()` behind it".to_owned()
                    }
                    it if it.contains("into") => {
                        "write `.to_owned()` or the value itself".to_owned()
                    }
                    _ => callee.signature(),
                };
                return Err(Refusal::new(&at.argument(position), message)
                    .label("the builder doesn't take this")
                    .help(help)
                    .into());
            };
            values.push(value);
        }
        Ok(values)
    }

    /// Calls a function of the application.
    fn call_symbol(symbol: &Symbol, arguments: Vec<Value<'a>>, at: At<'a>) -> Outcome<'a> {
        let mut values = Vec::with_capacity(arguments.len());
        for (position, value) in arguments.into_iter().enumerate() {
            let found = value.to_string();
            let Some(value) = for_builder(value) else {
                let message = format!("`{}` can't take a `{found}`", symbol.path);
                return Err(Refusal::new(&at.argument(position), message)
                    .label("this can't be handed to the application")
                    .help(
                        "hand over a string, an integer, a bool, a list of these, or a value of \
                         the builder",
                    )
                    .into());
            };
            values.push(value);
        }
        match symbol.call(values) {
            Ok(object) => Ok(Value::Object(Rc::new(Thing { object, origin: None }))),
            Err(why) => Err(Refusal::new(&at.whole(), why)
                .label(format!("`{}` refuses this", symbol.path))
                .help("it is a function of your application; see its documentation")
                .into()),
        }
    }
}

/// A function or method of the builder, as far as calling it and refusing that goes.
pub(super) struct Callee {
    is_method: bool,
    name: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    doc: &'static str,
}

impl Callee {
    fn of_entry(entry: &'static Entry) -> Self {
        let is_method = entry.receiver.is_some();
        Self { is_method, name: entry.name, parameters: entry.parameters, doc: entry.doc }
    }

    pub(super) fn of_method(method: &'static Method) -> Self {
        let Method { name, parameters, doc, .. } = *method;
        Self { is_method: true, name, parameters, doc }
    }

    /// `varchar(length: u32)`: text of at most `length` characters.
    fn signature(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|(name, kind)| format!("{name}: {}", kind.trim_matches(['(', ')'])))
            .collect();
        let dot = if self.is_method { "." } else { "" };
        let doc = self.doc.trim().trim_end_matches('.');
        format!("it is `{dot}{}({})`: {doc}", self.name, parameters.join(", "))
    }

    /// What the builder itself refused, at the very argument.
    pub(super) fn refused<'a>(&self, why: Refused, skipped: usize, at: At<'a>) -> Stop<'a> {
        match why {
            Refused::Arity { wanted } => {
                let found = self.parameters.len();
                wrong_count(self.name, wanted, found, &at.name()).into()
            }
            Refused::Argument { position, wanted, found } => {
                let position = position.saturating_sub(skipped);
                let parameter = self.parameters.get(position).map_or("", |it| it.0);
                let message = format!("`{parameter}` of `{}` can't be {found}", self.name);
                Refusal::new(&at.argument(position), message)
                    .label(format!("this is {found}"))
                    .help(format!("write {wanted}"))
                    .into()
            }
        }
    }
}

impl Value<'_> {
    /// What it is, where the builder will not take it; empty where it may.
    fn to_string_if_odd(&self) -> String {
        match self {
            Self::Bool(_) | Self::Int(..) | Self::Str(_) | Self::String(_) | Self::Object(_) => {
                String::new()
            }
            Self::Into(_) => ".into()".to_owned(),
            other => other.to_string(),
        }
    }
}

/// Whether its methods are those of what a data migration works with.
fn is_worked_with(value: &Value<'_>) -> bool {
    match value.behind() {
        Value::Db => true,
        Value::Object(thing) => matches!(thing.object, Object::Row(_)),
        _ => false,
    }
}

/// `a` or `an`.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}
