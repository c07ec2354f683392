//! Evaluates expressions: paths, calls, control flow.

use std::{collections::BTreeMap, rc::Rc, sync::LazyLock};

use syn::{
    BinOp, Expr, ExprAssign, ExprCall, ExprForLoop, ExprIf, ExprMatch, ExprMethodCall, ExprPath,
    ExprRange, ExprRepeat, ExprTry, ExprWhile, Ident, Member, Pat, Path, RangeLimits, Token, UnOp,
    punctuated::Punctuated, spanned::Spanned,
};
use whimbrel_migration::{
    dispatch::{self, ENTRIES, Entry, Object, Refused, TYPES},
    run::{CLOSURE, Method},
};

use super::{
    builtins, cases,
    evaluate::{Frame, Interpreter, Outcome, variable, wrong_count},
    number,
    refuse::{Refusal, Stop},
    symbols::Symbol,
    value::{
        Function, Holder, Mark, Origin, State, Thing, Value, Width, for_builder, nulls_for_none,
        odd_number,
    },
};
use crate::diagnostic::did_you_mean;

pub(super) type Arguments = Punctuated<Expr, Token![,]>;

/// The most values that a range may be counted through into a list.
const LONGEST_RANGE: i128 = 65_536;

/// The builder's functions and methods by receiver and name.
static BUILDER: LazyLock<BTreeMap<(Option<&str>, &str), &'static Entry>> =
    LazyLock::new(|| ENTRIES.iter().map(|it| ((it.receiver, it.name), it)).collect());

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
}

impl<'a> Interpreter<'a> {
    pub(super) fn expression(&mut self, it: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a> {
        self.step(it)?;
        match it {
            Expr::Lit(literal) => self.literal(&literal.lit, false),
            Expr::Path(path) => self.path(path, false, frame),
            Expr::MethodCall(_) => self.method_chain(it, frame),
            _ => self.deeper(it, |own| own.nested(it, frame)),
        }
    }

    fn nested(&mut self, it: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a> {
        match it {
            Expr::Paren(inner) => self.expression(&inner.expr, frame),
            Expr::Group(inner) => self.expression(&inner.expr, frame),
            Expr::Call(call) => self.call(call, frame),
            Expr::Array(array) => {
                let items = self.items(&array.elems, frame)?;
                self.made(Value::list(Holder::Array, items), array)
            }
            Expr::Repeat(repeat) => self.repeat(repeat, frame),
            Expr::Tuple(tuple) if tuple.elems.is_empty() => Ok(Value::Unit),
            Expr::Tuple(tuple) => {
                let items: Vec<Value<'a>> = tuple
                    .elems
                    .iter()
                    .map(|it| self.expression(it, frame))
                    .collect::<Result<_, _>>()?;
                self.made(Value::Tuple(Rc::new(items)), tuple)
            }
            Expr::Reference(reference) => {
                if let Some(word) = &reference.mutability {
                    return Err(Refusal::foreign(word, "a `&mut` reference")
                        .help("take the value and return the changed one")
                        .into());
                }
                Ok(self.look(&reference.expr, frame)?.reference())
            }
            Expr::Unary(unary) => match &unary.op {
                UnOp::Neg(_) if matches!(&*unary.expr, Expr::Lit(_)) => {
                    let Expr::Lit(literal) = &*unary.expr else { return Ok(Value::Unit) };
                    let value = self.literal(&literal.lit, true)?;
                    if matches!(value, Value::Int(..)) {
                        Ok(value)
                    } else {
                        number::unary(unary, value)
                    }
                }
                UnOp::Deref(_) => self.dereference(&unary.expr, frame),
                _ => {
                    let value = self.expression(&unary.expr, frame)?;
                    number::unary(unary, value)
                }
            },
            Expr::Binary(binary) => match &binary.op {
                BinOp::And(_) | BinOp::Or(_) => self.logic(binary, frame),
                BinOp::AddAssign(_)
                | BinOp::SubAssign(_)
                | BinOp::MulAssign(_)
                | BinOp::DivAssign(_)
                | BinOp::RemAssign(_) => self.update(binary, frame),
                _ => {
                    let compares = matches!(
                        binary.op,
                        BinOp::Eq(_)
                            | BinOp::Ne(_)
                            | BinOp::Lt(_)
                            | BinOp::Le(_)
                            | BinOp::Gt(_)
                            | BinOp::Ge(_)
                    );
                    // A comparison looks at its sides and leaves them where they are.
                    let mut side = |it: &'a Expr| {
                        if compares { self.look(it, frame) } else { self.expression(it, frame) }
                    };
                    let (left, right) = (side(&binary.left)?, side(&binary.right)?);
                    self.binary(binary, &left, &right)
                }
            },
            Expr::Cast(cast) => {
                let value = self.expression(&cast.expr, frame)?;
                number::cast(cast, value)
            }
            Expr::Block(block) if block.label.is_none() => self.block(&block.block, frame),
            Expr::If(branch) => self.branch(branch, frame),
            Expr::Match(cases) => self.cases(cases, frame),
            Expr::ForLoop(each) => self.each(each, frame),
            Expr::While(repeated) => self.repeated(repeated, frame),
            Expr::Loop(endless) => self.endless(endless, frame),
            Expr::Break(leave) if leave.label.is_none() => {
                let value = match &leave.expr {
                    Some(value) => self.expression(value, frame)?,
                    None => Value::Unit,
                };
                Err(Stop::Break(value))
            }
            Expr::Continue(next) if next.label.is_none() => Err(Stop::Continue),
            Expr::Return(leave) => {
                let value = match &leave.expr {
                    Some(value) => self.expression(value, frame)?,
                    None => Value::Unit,
                };
                Err(Stop::Return(value))
            }
            Expr::Range(range) => self.range(range, frame),
            Expr::Assign(assignment) => self.assign(assignment, frame),
            Expr::Closure(closure) => self.closure(closure, frame),
            Expr::Macro(it) => self.macro_call(&it.mac, frame),
            Expr::Try(it) => self.attempt(it, frame),
            Expr::Field(_) | Expr::Index(_) => self.element(it, false, frame),
            other => Err(refuse_expression(other)),
        }
    }

    /// An expression whose value is looked at and stays where it is.
    pub(super) fn look(&mut self, it: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a> {
        match it {
            Expr::Path(path) => self.path(path, true, frame),
            Expr::Paren(inner) => self.deeper(it, |own| own.look(&inner.expr, frame)),
            Expr::Field(_) | Expr::Index(_) => {
                self.step(it)?;
                self.deeper(it, |own| own.element(it, true, frame))
            }
            other => self.expression(other, frame),
        }
    }

    /// Values of one type.
    pub(super) fn items(
        &mut self,
        items: &'a Arguments,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a, Vec<Value<'a>>> {
        let mut values: Vec<Value<'a>> = Vec::with_capacity(items.len());
        for item in items {
            let value = self.expression(item, frame)?;
            if let Some(first) = values.first()
                && !first.same_type(&value)
            {
                return Err(Refusal::new(
                    item,
                    format!(
                        "a list holds values of one type, and this is a `{value}` among `{first}`"
                    ),
                )
                .label(format!("not a `{first}`"))
                .help("write all of them the same way")
                .into());
            }
            values.push(value);
        }
        Ok(values)
    }

    fn repeat(&mut self, repeat: &'a ExprRepeat, frame: &mut Frame<'a>) -> Outcome<'a> {
        let value = self.expression(&repeat.expr, frame)?;
        let length = self.expression(&repeat.len, frame)?;
        let Some(length) = index(&length).filter(|it| *it <= 65_536) else {
            return Err(Refusal::new(
                &repeat.len,
                "the length of an array is a small whole number",
            )
            .label("not one")
            .help("write a number such as 3")
            .into());
        };
        if length > 1 && !value.is_copy() {
            return Err(Refusal::new(
                &repeat.expr,
                format!("a `{value}` can't be copied into an array"),
            )
            .label("there is only one of it")
            .help("write `(0..N).map(|_| …).collect::<Vec<_>>()`")
            .into());
        }
        self.pay(length, repeat)?;
        self.made(Value::list(Holder::Array, vec![value; length]), repeat)
    }

    fn path(&mut self, it: &'a ExprPath, keep: bool, frame: &mut Frame<'a>) -> Outcome<'a> {
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

    fn call(&mut self, call: &'a ExprCall, frame: &mut Frame<'a>) -> Outcome<'a> {
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
    fn method_chain(&mut self, whole: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a> {
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

    fn branch(&mut self, branch: &'a ExprIf, frame: &mut Frame<'a>) -> Outcome<'a> {
        let outer = frame.len();
        let holds = self.condition(&branch.cond, frame)?;
        if holds {
            let result = self.block(&branch.then_branch, frame);
            frame.truncate(outer);
            let value = result?;
            if branch.else_branch.is_none() && !matches!(value, Value::Unit) {
                return Err(Refusal::new(
                    &branch.cond,
                    format!("this `if` gives a `{value}`, and has no `else`"),
                )
                .label("what if it doesn't hold?")
                .help("write `else { … }`, or end the last line of the block with `;`")
                .into());
            }
            let otherwise = branch.else_branch.as_ref();
            return match otherwise.and_then(|(_, it)| cases::other_type(it, &value)) {
                Some(refusal) => Err(refusal.into()),
                None => Ok(value),
            };
        }
        frame.truncate(outer);
        let Some((_, otherwise)) = &branch.else_branch else { return Ok(Value::Unit) };
        let value = self.expression(otherwise, frame)?;
        match cases::other_type_of_block(&branch.then_branch, &value) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(value),
        }
    }

    /// A condition, with `let` patterns whose names are in scope behind it.
    pub(super) fn condition(&mut self, it: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a, bool> {
        match it {
            Expr::Let(binding) => {
                let value = self.look(&binding.expr, frame)?;
                self.bind(&binding.pat, value, frame)
            }
            Expr::Binary(both) if matches!(both.op, BinOp::And(_)) => self.deeper(it, |own| {
                Ok(own.condition(&both.left, frame)? && own.condition(&both.right, frame)?)
            }),
            other => {
                let value = self.expression(other, frame)?;
                number::truth(&value, other)
            }
        }
    }

    fn cases(&mut self, cases: &'a ExprMatch, frame: &mut Frame<'a>) -> Outcome<'a> {
        let value = self.look(&cases.expr, frame)?;
        for arm in &cases.arms {
            let outer = frame.len();
            self.step(&arm.pat)?;
            if self.bind(&arm.pat, value.clone(), frame)? {
                drop(value);
                let result = self.expression(&arm.body, frame);
                frame.truncate(outer);
                let value = result?;
                let mut others = cases.arms.iter().map(|it| &it.body);
                return match others.find_map(|it| cases::other_type(it, &value)) {
                    Some(refusal) => Err(refusal.into()),
                    None => Ok(value),
                };
            }
            frame.truncate(outer);
        }
        Err(Refusal::new(&cases.expr, format!("no case of the `match` fits this `{value}`"))
            .by_value()
            .label("not covered")
            .help("write a last case `_ => …`")
            .into())
    }

    fn each(&mut self, each: &'a ExprForLoop, frame: &mut Frame<'a>) -> Outcome<'a> {
        refuse_label(each.label.as_ref())?;
        let over = self.expression(&each.expr, frame)?;
        if let Value::Range(from, to, width) = over {
            let mut number = from;
            while number < to {
                if !self.round(each, Value::Int(number, width), frame)? {
                    break;
                }
                number += 1;
            }
            return Ok(Value::Unit);
        }
        for item in self.sequence(over, &each.expr)? {
            if !self.round(each, item, frame)? {
                break;
            }
        }
        Ok(Value::Unit)
    }

    /// One round of a loop; `false` where it was the last by `break`.
    fn round(
        &mut self,
        each: &'a ExprForLoop,
        item: Value<'a>,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a, bool> {
        self.step(&each.for_token)?;
        let outer = frame.len();
        let result =
            self.bind_all(&each.pat, item, frame).and_then(|()| self.block(&each.body, frame));
        frame.truncate(outer);
        goes_on(result, &each.body)
    }

    fn repeated(&mut self, repeated: &'a ExprWhile, frame: &mut Frame<'a>) -> Outcome<'a> {
        refuse_label(repeated.label.as_ref())?;
        loop {
            self.step(&repeated.while_token)?;
            let outer = frame.len();
            let goes = if self.condition(&repeated.cond, frame)? {
                goes_on(self.block(&repeated.body, frame), &repeated.body)
            } else {
                Ok(false)
            };
            frame.truncate(outer);
            if !goes? {
                return Ok(Value::Unit);
            }
        }
    }

    fn endless(&mut self, endless: &'a syn::ExprLoop, frame: &mut Frame<'a>) -> Outcome<'a> {
        refuse_label(endless.label.as_ref())?;
        loop {
            self.step(&endless.loop_token)?;
            let result = self.block(&endless.body, frame);
            if let Err(Stop::Break(value)) = result {
                return Ok(value);
            }
            goes_on(result, &endless.body)?;
        }
    }

    fn range(&mut self, range: &'a ExprRange, frame: &mut Frame<'a>) -> Outcome<'a> {
        let (Some(start), Some(end)) = (&range.start, &range.end) else {
            return Err(Refusal::foreign(range, "a range with an open end")
                .help("write both ends: `0..3`")
                .into());
        };
        let (from, to) = (self.expression(start, frame)?, self.expression(end, frame)?);
        let (Value::Int(from, a), Value::Int(to, b)) = (&from, &to) else {
            return Err(Refusal::foreign(range, "a range of anything but integers").into());
        };
        let Some(width) = a.with(*b) else {
            return Err(Refusal::new(
                range,
                format!(
                    "the ends of a range are of one type, and these are `{}` and `{}`",
                    a.name(),
                    b.name()
                ),
            )
            .label("two types")
            .help("write both ends as the same type")
            .into());
        };
        let closed = matches!(range.limits, RangeLimits::Closed(_));
        Ok(Value::Range(*from, to.saturating_add(i128::from(closed)), width))
    }

    /// The values of whatever can be gone through.
    pub(super) fn sequence(
        &mut self,
        value: Value<'a>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a, Vec<Value<'a>>> {
        match value {
            Value::List(Holder::Slice, items) => {
                Ok(items.iter().map(|it| it.clone().reference()).collect())
            }
            Value::List(_, items) => Ok(Rc::unwrap_or_clone(items)),
            Value::Reference(inner) => match &*inner {
                Value::List(Holder::Array | Holder::Vec, items) => {
                    Ok(items.iter().map(|it| it.clone().reference()).collect())
                }
                other => Err(no_sequence(other, at)),
            },
            Value::Range(from, to, width) => {
                if to.saturating_sub(from) > LONGEST_RANGE {
                    return Err(Refusal::new(
                        at,
                        format!("a list of more than {LONGEST_RANGE} values"),
                    )
                    .by_value()
                    .label("too long")
                    .help("go through it with `for`, or write it as SQL")
                    .into());
                }
                let count = usize::try_from((to - from).max(0)).unwrap_or(0);
                self.pay(count, at)?;
                Ok((from..to).map(|it| Value::Int(it, width)).collect())
            }
            Value::Option(inner) => Ok(inner.map(Rc::unwrap_or_clone).into_iter().collect()),
            other => Err(no_sequence(&other, at)),
        }
    }

    fn assign(&mut self, assignment: &'a ExprAssign, frame: &mut Frame<'a>) -> Outcome<'a> {
        let value = self.expression(&assignment.right, frame)?;
        if matches!(&*assignment.left, Expr::Infer(_)) {
            return Ok(Value::Unit);
        }
        let Some(name) = variable_name(&assignment.left) else {
            return Err(Refusal::foreign(
                &assignment.left,
                "an assignment to anything but a variable",
            )
            .into());
        };
        store(name, value, &assignment.right, frame)?;
        Ok(Value::Unit)
    }

    /// `value?`.
    fn attempt(&mut self, it: &'a ExprTry, frame: &mut Frame<'a>) -> Outcome<'a> {
        let value = self.expression(&it.expr, frame)?;
        match value {
            Value::Option(Some(inner)) | Value::Result(Ok(inner)) => Ok(Rc::unwrap_or_clone(inner)),
            nothing @ (Value::Option(None) | Value::Result(Err(_))) => Err(Stop::Return(nothing)),
            other => Err(Refusal::new(
                it,
                format!("`?` stands behind an `Option` or a `Result`, and this is a `{other}`"),
            )
            .label("neither of them")
            .help("take the `?` away")
            .into()),
        }
    }

    fn dereference(&mut self, it: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a> {
        let value = self.expression(it, frame)?;
        match value {
            Value::Reference(inner) if inner.is_copy() => Ok((*inner).clone()),
            Value::Reference(inner) => {
                Err(Refusal::new(it, format!("a `{inner}` can't be moved out of a reference"))
                    .label("only a reference to it")
                    .help("write `.clone()` behind it instead of `*` before it")
                    .into())
            }
            other => Err(Refusal::new(it, format!("a `{other}` is no reference"))
                .label("not a reference")
                .help("take the `*` away")
                .into()),
        }
    }

    /// `tuple.0` and `list[1]`.
    fn element(&mut self, it: &'a Expr, keep: bool, frame: &mut Frame<'a>) -> Outcome<'a> {
        let value = match it {
            Expr::Field(field) => {
                let base = self.look(&field.base, frame)?;
                let Member::Unnamed(position) = &field.member else {
                    return Err(Refusal::foreign(&field.member, "a field by its name")
                        .help("say it with the builder's methods")
                        .into());
                };
                let found = match base.behind() {
                    Value::Tuple(items) => items.get(position.index as usize).cloned(),
                    _ => None,
                };
                found.ok_or_else(|| {
                    Refusal::new(
                        &field.member,
                        format!("a `{base}` has no field `{}`", position.index),
                    )
                    .label("not found")
                    .help("count the fields of a tuple from 0")
                })?
            }
            Expr::Index(index) => self.indexed(index, frame)?,
            other => return self.expression(other, frame),
        };
        if keep || value.is_copy() {
            return Ok(value);
        }
        Err(Refusal::new(it, format!("a `{value}` can't be moved out of what holds it"))
            .label("it would leave a hole")
            .help("write `.clone()` behind it, or `&` before it")
            .into())
    }

    fn indexed(&mut self, it: &'a syn::ExprIndex, frame: &mut Frame<'a>) -> Outcome<'a> {
        let base = self.look(&it.expr, frame)?;
        let Value::List(_, items) = base.behind() else {
            return Err(Refusal::foreign(it, &format!("an index into a `{base}`")).into());
        };
        let items = Rc::clone(items);
        if let Expr::Range(range) = &*it.index {
            return self.slice(&items, range, frame);
        }
        let position = self.expression(&it.index, frame)?;
        let found = index(&position).and_then(|at| items.get(at)).cloned();
        found.ok_or_else(|| {
            Refusal::new(&it.index, format!("the list has {} elements", items.len()))
                .label("outside of it")
                .by_value()
                .help("count from 0, with a `usize`")
                .into()
        })
    }

    fn slice(
        &mut self,
        items: &[Value<'a>],
        range: &'a ExprRange,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
        let mut end = |own: &mut Self, it: Option<&'a Expr>, missing: usize| match it {
            Some(it) => {
                let value = own.expression(it, frame)?;
                Ok::<_, Stop<'a>>(index(&value).unwrap_or(usize::MAX))
            }
            None => Ok(missing),
        };
        let from = end(self, range.start.as_deref(), 0)?;
        let to = end(self, range.end.as_deref(), items.len())?;
        let closed = matches!(range.limits, RangeLimits::Closed(_));
        let part = items.get(from..to.saturating_add(usize::from(closed)));
        match part {
            Some(part) => {
                self.pay(part.len(), range)?;
                Ok(Value::list(Holder::Slice, part.to_vec()))
            }
            None => Err(Refusal::new(range, format!("the list has {} elements", items.len()))
                .label("outside of it")
                .by_value()
                .help("count from 0")
                .into()),
        }
    }
}

/// Gives the variable `name` another value.
pub(super) fn store<'a>(
    name: &'a Ident,
    value: Value<'a>,
    at: &Expr,
    frame: &mut Frame<'a>,
) -> Outcome<'a, ()> {
    let Some(slot) = frame.iter_mut().rev().find(|it| it.name == name) else {
        return Err(Refusal::new(name, format!("there is no variable `{name}`"))
            .label("not found")
            .help(format!("declare it: `let mut {name} = …;`"))
            .into());
    };
    check_writable(slot, name)?;
    let value = match (&slot.state, value) {
        (State::Here(Value::Int(_, width)), Value::Int(number, other)) => {
            let Some(width) = width.with(other).filter(|it| it.holds(number)) else {
                return Err(mismatch(name, &slot.state, &Value::Int(number, other), at));
            };
            Value::Int(number, width)
        }
        (State::Here(before), value) if !before.same_type(&value) => {
            return Err(mismatch(name, &slot.state, &value, at));
        }
        (_, value) => value,
    };
    slot.state = State::Here(value);
    Ok(())
}

impl At<'_> {
    /// The whole call.
    pub(super) fn whole(self) -> proc_macro2::Span {
        match self {
            Self::Call(_, call) => call.span(),
            Self::Method(call) => call.method.span(),
            Self::Value(value) => value.span(),
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

/// `a` or `an`.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

fn check_writable(slot: &super::value::Slot<'_>, name: &Ident) -> Result<(), Refusal> {
    if slot.captured {
        return Err(Refusal::new(
            name,
            format!("`{name}` stands outside of the closure and can't be changed in it"),
        )
        .label("captured")
        .help("return the changed value from the closure, or write a `for` loop"));
    }
    if !slot.mutable && !matches!(slot.state, State::Empty) {
        return Err(Refusal::new(name, format!("`{name}` can't be changed"))
            .label("changed here")
            .and(slot.name.span(), "declared without `mut`")
            .help(format!("declare it with `let mut {name}`")));
    }
    Ok(())
}

/// The variable that is to be changed, for the methods that do so.
pub(super) fn writable<'s, 'a>(
    name: &Ident,
    frame: &'s mut Frame<'a>,
) -> Outcome<'a, &'s mut State<'a>> {
    let Some(slot) = frame.iter_mut().rev().find(|it| it.name == name) else {
        return Err(Refusal::new(name, format!("`{name}` can't be changed"))
            .label("not a variable")
            .help("declare it with `let mut`")
            .into());
    };
    check_writable(slot, name)?;
    Ok(&mut slot.state)
}

fn mismatch<'a>(name: &Ident, before: &State<'a>, value: &Value<'a>, at: &Expr) -> Stop<'a> {
    let State::Here(before) = before else {
        return Refusal::new(at, format!("`{name}` can't hold this")).into();
    };
    Refusal::new(at, format!("`{name}` holds a `{before}`, and this is a `{value}`"))
        .label("of another type")
        .help("use a second variable")
        .into()
}

fn goes_on<'a>(result: Outcome<'a>, body: &syn::Block) -> Outcome<'a, bool> {
    match result {
        Ok(Value::Unit) | Err(Stop::Continue) => Ok(true),
        Ok(value) => {
            Err(Refusal::new(&body.stmts.last(), format!("a `{value}` stands here for nothing"))
                .label("a loop's body has no value")
                .help("write `;` behind it, or take it away")
                .into())
        }
        Err(Stop::Break(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

fn no_sequence<'a>(value: &Value<'_>, at: &(impl Spanned + ?Sized)) -> Stop<'a> {
    Refusal::new(at, format!("a `{value}` can't be gone through"))
        .label("neither a list nor a range")
        .help("write an array, a `vec![…]`, a range or `.iter()`")
        .into()
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

/// What a path stands for.
pub(super) enum Resolved<'a> {
    /// A constant of a file, by the file's position.
    Constant(usize, String),
    Function(Function<'a>),
    Value(Value<'a>),
}

fn not_imported(name: &str, at: &impl Spanned) -> Refusal {
    Refusal::new(at, format!("`{name}` is the builder's, and isn't in scope"))
        .label("not imported")
        .help("write `use whimbrel_migration::*;` at the top of the file")
}

fn variable_name(it: &Expr) -> Option<&Ident> {
    match it {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// A path as one word: `Migration::after`.
fn written(path: &Path) -> String {
    let words: Vec<String> = path.segments.iter().map(|it| it.ident.to_string()).collect();
    words.join("::")
}

/// A value as a position in a list.
pub(super) fn index(value: &Value<'_>) -> Option<usize> {
    match value {
        Value::Int(number, width) if width.with(Width::usize()).is_some() => {
            usize::try_from(*number).ok()
        }
        _ => None,
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

/// Whether its methods are those of what a data migration works with.
fn is_worked_with(value: &Value<'_>) -> bool {
    match value.behind() {
        Value::Db => true,
        Value::Object(thing) => matches!(thing.object, Object::Row(_)),
        _ => false,
    }
}

fn refuse_label<'a>(label: Option<&syn::Label>) -> Outcome<'a, ()> {
    match label {
        Some(label) => Err(Refusal::foreign(label, "a label").into()),
        None => Ok(()),
    }
}

fn refuse_expression<'a>(it: &Expr) -> Stop<'a> {
    let (what, help) = match it {
        Expr::Async(_) => ("an `async` block", None),
        Expr::Await(_) => ("`.await`", Some("take it away: a migration is evaluated step by step")),
        Expr::Unsafe(_) => ("an `unsafe` block", None),
        Expr::Struct(_) => ("a struct", Some("say it with the builder's functions")),
        Expr::Const(_) => ("a `const` block", None),
        Expr::Block(_) | Expr::Break(_) | Expr::Continue(_) => ("a label", None),
        Expr::Yield(_) => ("`yield`", None),
        Expr::TryBlock(_) => ("a `try` block", None),
        Expr::RawAddr(_) => ("a raw pointer", None),
        Expr::Let(_) => ("a `let` outside of `if` and `while`", None),
        Expr::Infer(_) => ("`_`", Some("write a value")),
        _ => ("this expression", None),
    };
    let refusal = Refusal::foreign(it, what);
    match help {
        Some(help) => refusal.help(help).into(),
        None => refusal.into(),
    }
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
