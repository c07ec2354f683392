//! The methods of strings, lists, options and numbers that a migration file may call.

use std::rc::Rc;

use syn::{Expr, ExprMethodCall, GenericArgument, Ident, Type, spanned::Spanned};

use whimbrel_migration::dispatch::Object;

use super::{
    call::At,
    evaluate::{Frame, Interpreter, Outcome, wrong_count},
    number::{ordering, truth},
    place::{index, writable},
    refuse::{Refusal, Stop},
    template::shown,
    value::{Holder, State, Value, Width},
};
use crate::diagnostic::did_you_mean;

/// Functions of the language, by their paths.
const NATIVE: [&str; 14] = [
    "Some",
    "Ok",
    "Err",
    "String::from",
    "String::new",
    "String::as_str",
    "Vec::new",
    "str::to_owned",
    "str::to_string",
    "str::to_uppercase",
    "str::to_lowercase",
    "str::trim",
    "ToString::to_string",
    "ToOwned::to_owned",
];

const OF_TEXT: &[&str] = &[
    "to_string",
    "to_owned",
    "into",
    "as_str",
    "as_ref",
    "to_uppercase",
    "to_lowercase",
    "to_ascii_uppercase",
    "to_ascii_lowercase",
    "trim",
    "trim_start",
    "trim_end",
    "replace",
    "len",
    "is_empty",
    "starts_with",
    "ends_with",
    "contains",
    "split",
    "split_once",
    "strip_prefix",
    "strip_suffix",
    "lines",
    "chars",
    "repeat",
    "push",
    "push_str",
    "clear",
    "clone",
];
const OF_LIST: &[&str] = &[
    "iter",
    "into_iter",
    "len",
    "is_empty",
    "first",
    "last",
    "get",
    "contains",
    "join",
    "concat",
    "to_vec",
    "map",
    "push",
    "extend",
    "sort",
    "reverse",
    "clear",
    "clone",
    "as_slice",
];
const OF_ITERATOR: &[&str] = &[
    "map",
    "filter",
    "filter_map",
    "flat_map",
    "enumerate",
    "zip",
    "chain",
    "rev",
    "take",
    "skip",
    "cloned",
    "copied",
    "collect",
    "fold",
    "any",
    "all",
    "find",
    "position",
    "count",
    "last",
    "sum",
    "min",
    "max",
];
const OF_OPTION: &[&str] = &[
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_else",
    "map",
    "map_or",
    "and_then",
    "or",
    "ok_or",
    "ok",
    "as_ref",
    "as_deref",
    "cloned",
    "copied",
    "clone",
];

/// Whether two values may be of one type, as far as it shows: what `.into()` gives may be any, and
/// of closures only the compiler can tell.
fn may_be_one_type<'a>(one: &Value<'a>, other: &Value<'a>) -> bool {
    let is_open = |it: &Value<'a>| matches!(it, Value::Into(_) | Value::Function(_));
    is_open(one) || is_open(other) || one.same_type(other)
}

/// Whether the compiler takes a value where one of the type of `wanted` is expected: `&String` where
/// that is `&str`, also inside of a tuple.
fn may_be_taken<'a>(wanted: &Value<'a>, given: &Value<'a>) -> bool {
    match (wanted, given) {
        (Value::Str(_), Value::Reference(it)) if matches!(**it, Value::String(_)) => true,
        (Value::Tuple(wanted), Value::Tuple(given)) => {
            wanted.len() == given.len()
                && wanted.iter().zip(given.iter()).all(|(wanted, it)| may_be_taken(wanted, it))
        }
        _ => may_be_one_type(wanted, given),
    }
}

/// The first of these values and one that is of another type.
fn mixed<'v, 'a>(items: &'v [Value<'a>]) -> Option<(&'v Value<'a>, &'v Value<'a>)> {
    let first = items.first()?;
    items.iter().find(|it| !may_be_one_type(first, it)).map(|it| (first, it))
}

pub(super) fn native(name: &str) -> Option<&'static str> {
    NATIVE.into_iter().find(|it| *it == name)
}

/// Whether the method changes what it is called on.
pub(super) fn changes(method: &Ident) -> bool {
    ["push", "push_str", "extend", "sort", "reverse", "clear"].iter().any(|it| method == it)
}

/// Whether the method takes what it is called on.
pub(super) fn takes(value: &Value<'_>, method: &Ident) -> bool {
    match value {
        Value::Object(thing) => {
            let lends = matches!(thing.object, Object::Row(_) | Object::Failure(_));
            !lends && method != "clone"
        }
        Value::String(_) => method == "into",
        Value::List(Holder::Iterator, _) | Value::Range(..) => method != "clone",
        Value::List(Holder::Array, _) => {
            method == "into_iter" || method == "map" || method == "into"
        }
        Value::List(Holder::Vec, _) => method == "into_iter" || method == "into",
        Value::Option(_) | Value::Result(_) => {
            !["is_some", "is_none", "is_ok", "is_err", "as_ref", "as_deref", "clone", "iter"]
                .iter()
                .any(|it| method == it)
        }
        _ => false,
    }
}

/// A call of a method, with what is needed to refuse it.
struct Method<'a> {
    call: &'a ExprMethodCall,
    name: String,
    arguments: Vec<Value<'a>>,
}

impl<'a> Method<'a> {
    fn none(&self) -> Outcome<'a, ()> {
        self.arity(0)
    }

    fn arity(&self, wanted: usize) -> Outcome<'a, ()> {
        if self.arguments.len() == wanted {
            return Ok(());
        }
        Err(wrong_count(&self.name, wanted, self.arguments.len(), &self.call.method).into())
    }

    fn one(&mut self) -> Outcome<'a> {
        self.arity(1)?;
        Ok(self.arguments.pop().unwrap_or(Value::Unit))
    }

    fn two(&mut self) -> Outcome<'a, (Value<'a>, Value<'a>)> {
        self.arity(2)?;
        let second = self.arguments.pop().unwrap_or(Value::Unit);
        Ok((self.arguments.pop().unwrap_or(Value::Unit), second))
    }

    fn at(&self, position: usize) -> proc_macro2::Span {
        self.call.args.get(position).map_or_else(|| self.call.method.span(), Spanned::span)
    }

    fn wrong(&self, position: usize, wanted: &str, found: &Value<'_>) -> Stop<'a> {
        Refusal::new(
            &self.at(position),
            format!("`{}` takes {wanted}, and this is a `{found}`", self.name),
        )
        .label(format!("not {wanted}"))
        .help(format!("hand over {wanted}"))
        .into()
    }

    /// A text to look for or to add: a string or a character.
    fn pattern(&self, position: usize, value: &Value<'_>) -> Outcome<'a, Rc<str>> {
        match value {
            Value::Str(text) => Ok(Rc::clone(text)),
            Value::Char(it) => Ok(it.to_string().into()),
            Value::Reference(inner) => match &**inner {
                Value::String(text) => Ok(Rc::clone(text)),
                _ => Err(self.wrong(position, "a `&str` or a `char`", value)),
            },
            _ => Err(self.wrong(position, "a `&str` or a `char`", value)),
        }
    }

    fn number(&self, position: usize, value: &Value<'_>) -> Outcome<'a, usize> {
        index(value).ok_or_else(|| self.wrong(position, "a `usize`", value))
    }

    fn unknown(&self, value: &Value<'_>, known: &[&str], hint: Option<&str>) -> Stop<'a> {
        let name = &self.name;
        let near = did_you_mean(name, known.iter().copied());
        let help = match (hint, near) {
            (Some(hint), _) => hint.to_owned(),
            (None, Some(near)) if near != name => format!("did you mean `{near}`?"),
            _ => {
                let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
                format!("understood here are {}", known.join(", "))
            }
        };
        Refusal::new(
            &self.call.method,
            format!("the method `{name}` of a `{value}` isn't understood"),
        )
        .label("not understood")
        .help(help)
        .into()
    }
}

impl<'a> Interpreter<'a> {
    /// Calls a function of the language.
    pub(super) fn call_native(
        &mut self,
        name: &'static str,
        mut arguments: Vec<Value<'a>>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        let wanted = usize::from(!name.ends_with("::new"));
        if arguments.len() != wanted {
            return Err(wrong_count(name, wanted, arguments.len(), at).into());
        }
        let Some(value) = arguments.pop() else {
            return Ok(if name == "Vec::new" {
                Value::list(Holder::Vec, Vec::new())
            } else {
                Value::string("")
            });
        };
        let refused = |value: &Value<'a>| {
            Refusal::new(at, format!("`{name}` isn't for a `{value}`"))
                .label("not understood")
                .help("hand over a string")
                .into()
        };
        match name {
            "Some" => self.made(Value::some(value), at),
            "Ok" => self.made(Value::Result(Ok(Rc::new(value))), at),
            "Err" => self.made(Value::Result(Err(Rc::new(value))), at),
            "ToString::to_string" => {
                shown(&value).map(Value::string).ok_or_else(|| refused(&value))
            }
            "String::from" => match value {
                Value::Str(text) | Value::String(text) => Ok(Value::String(text)),
                Value::Char(it) => Ok(Value::string(it.to_string())),
                other => Err(refused(&other)),
            },
            _ => {
                let Some(text) = value.text() else { return Err(refused(&value)) };
                Ok(match name {
                    "str::to_uppercase" => Value::string(text.to_uppercase()),
                    "str::to_lowercase" => Value::string(text.to_lowercase()),
                    "str::trim" => Value::Str(text.trim().into()),
                    "String::as_str" => Value::Str(Rc::clone(text)),
                    _ => Value::String(Rc::clone(text)),
                })
            }
        }
    }

    /// Calls a method of the language.
    pub(super) fn builtin(
        &mut self,
        value: Value<'a>,
        call: &'a ExprMethodCall,
        arguments: Vec<Value<'a>>,
    ) -> Outcome<'a> {
        let mut method = Method { call, name: call.method.to_string(), arguments };
        if method.name == "into" && method.arguments.is_empty() {
            return Ok(Value::Into(Rc::new(value)));
        }
        match value.behind() {
            Value::Str(text) | Value::String(text) => {
                self.of_text(&value, &Rc::clone(text), &mut method)
            }
            Value::List(Holder::Iterator, _) | Value::Range(..) => {
                self.of_iterator(value, &mut method)
            }
            Value::List(..) => self.of_list(value, &mut method),
            Value::Option(_) | Value::Result(_) => self.of_option(&value, &mut method),
            Value::Int(number, width) => of_number(*number, *width, &value, &mut method),
            Value::Bool(_) | Value::Char(_) if method.name == "to_string" => {
                method.none()?;
                Ok(Value::string(shown(&value).unwrap_or_default()))
            }
            _ => Err(method.unknown(&value, &["to_string", "clone"], None)),
        }
    }

    fn of_text(
        &mut self,
        value: &Value<'a>,
        text: &Rc<str>,
        method: &mut Method<'a>,
    ) -> Outcome<'a> {
        let name = method.name.clone();
        match name.as_str() {
            "to_string" | "to_owned" => method.none().map(|()| match (value, name.as_str()) {
                // `.to_owned()` of a `&&str` is the `&str`.
                (Value::Reference(inner), "to_owned") if matches!(**inner, Value::Str(_)) => {
                    (**inner).clone()
                }
                _ => Value::String(Rc::clone(text)),
            }),
            "as_str" | "as_ref" => method.none().map(|()| Value::Str(Rc::clone(text))),
            "len" => method.none().map(|()| count(text.len())),
            "is_empty" => method.none().map(|()| Value::Bool(text.is_empty())),
            "to_uppercase" => method.none().map(|()| Value::string(text.to_uppercase())),
            "to_lowercase" => method.none().map(|()| Value::string(text.to_lowercase())),
            "to_ascii_uppercase" => {
                method.none().map(|()| Value::string(text.to_ascii_uppercase()))
            }
            "to_ascii_lowercase" => {
                method.none().map(|()| Value::string(text.to_ascii_lowercase()))
            }
            "trim" => method.none().map(|()| Value::Str(text.trim().into())),
            "trim_start" => method.none().map(|()| Value::Str(text.trim_start().into())),
            "trim_end" => method.none().map(|()| Value::Str(text.trim_end().into())),
            "lines" => {
                method.none()?;
                self.pieces(text.lines().map(|it| Value::Str(it.into())), method)
            }
            "chars" => {
                method.none()?;
                self.pieces(text.chars().map(Value::Char), method)
            }
            "replace" => {
                let (from, to) = method.two()?;
                let from = method.pattern(0, &from)?;
                let to = match &to {
                    Value::Char(_) => return Err(method.wrong(1, "a `&str`", &to)),
                    to => method.pattern(1, to)?,
                };
                let grown = (text.len() + 1).saturating_mul(to.len() + 1);
                self.pay(grown / 256, &method.call.method)?;
                let replaced = text.replace(&*from, &to);
                self.text(replaced, &method.call.method)
            }
            "repeat" => {
                let times = method.one()?;
                let times = method.number(0, &times)?;
                self.pay(text.len().saturating_mul(times) / 256, &method.call.method)?;
                let repeated = text.repeat(times);
                self.text(repeated, &method.call.method)
            }
            "starts_with" | "ends_with" | "contains" | "split" | "split_once" | "strip_prefix"
            | "strip_suffix" => {
                let pattern = method.one()?;
                let pattern = method.pattern(0, &pattern)?;
                self.searched(text, &pattern, method)
            }
            _ => Err(method.unknown(value, OF_TEXT, None)),
        }
    }

    fn searched(&mut self, text: &str, pattern: &str, method: &Method<'a>) -> Outcome<'a> {
        let part = |it: Option<&str>| Value::Option(it.map(|it| Rc::new(Value::Str(it.into()))));
        Ok(match method.name.as_str() {
            "starts_with" => Value::Bool(text.starts_with(pattern)),
            "ends_with" => Value::Bool(text.ends_with(pattern)),
            "contains" => Value::Bool(text.contains(pattern)),
            "strip_prefix" => part(text.strip_prefix(pattern)),
            "strip_suffix" => part(text.strip_suffix(pattern)),
            "split_once" => Value::Option(text.split_once(pattern).map(|(a, b)| {
                Rc::new(Value::Tuple(Rc::new(vec![Value::Str(a.into()), Value::Str(b.into())])))
            })),
            _ => return self.pieces(text.split(pattern).map(|it| Value::Str(it.into())), method),
        })
    }

    fn pieces(
        &mut self,
        pieces: impl Iterator<Item = Value<'a>>,
        method: &Method<'a>,
    ) -> Outcome<'a> {
        let items: Vec<Value<'a>> = pieces.collect();
        self.pay(items.len(), &method.call.method)?;
        self.made(Value::list(Holder::Iterator, items), &method.call.method)
    }

    fn of_list(&mut self, value: Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
        let Value::List(holder, items) = value.behind() else { return Ok(value) };
        let (holder, items) = (*holder, Rc::clone(items));
        let at = &method.call.method;
        match method.name.as_str() {
            "iter" => {
                method.none()?;
                self.pay(items.len(), at)?;
                Ok(Value::list(
                    Holder::Iterator,
                    items.iter().map(|it| it.clone().reference()).collect(),
                ))
            }
            "into_iter" => {
                method.none()?;
                let items = self.sequence(value, at)?;
                self.pay(items.len(), at)?;
                Ok(Value::list(Holder::Iterator, items))
            }
            "map" if holder == Holder::Array && !matches!(value, Value::Reference(_)) => {
                drop(value);
                let function = method.one()?;
                let items = self.mapped(Rc::unwrap_or_clone(items), &function, method)?;
                self.made(Value::list(Holder::Array, items), at)
            }
            "len" => method.none().map(|()| count(items.len())),
            "is_empty" => method.none().map(|()| Value::Bool(items.is_empty())),
            "first" => {
                method.none().map(|()| optional(items.first().map(|it| it.clone().reference())))
            }
            "last" => {
                method.none().map(|()| optional(items.last().map(|it| it.clone().reference())))
            }
            "get" => {
                let position = method.one()?;
                let position = method.number(0, &position)?;
                Ok(optional(items.get(position).map(|it| it.clone().reference())))
            }
            "contains" => {
                let wanted = method.one()?;
                let Value::Reference(wanted) = &wanted else {
                    return Err(method.wrong(0, "a reference", &wanted));
                };
                self.pay(items.len(), at)?;
                let mut found = false;
                for item in items.iter() {
                    found |= item
                        .equals(wanted)
                        .ok_or_else(|| method.wrong(0, &format!("a `&{item}`"), wanted))?;
                }
                Ok(Value::Bool(found))
            }
            "join" => {
                let separator = method.one()?;
                let separator = method.pattern(0, &separator)?;
                let texts = texts(&items).ok_or_else(|| {
                    method.unknown(&value, OF_LIST, Some("only strings can be joined"))
                })?;
                let long = texts.iter().map(|it| it.len() + separator.len()).sum::<usize>();
                self.pay(long / 64, at)?;
                self.text(texts.join(&separator), at)
            }
            "concat" => {
                method.none()?;
                let texts = texts(&items).ok_or_else(|| {
                    method.unknown(&value, OF_LIST, Some("only strings can be joined"))
                })?;
                self.text(texts.concat(), at)
            }
            "to_vec" | "to_owned" => {
                method.none()?;
                let holder = if method.name == "to_vec" || holder == Holder::Slice {
                    Holder::Vec
                } else {
                    holder
                };
                Ok(Value::List(holder, items))
            }
            "as_slice" => method.none().map(|()| Value::List(Holder::Slice, items)),
            name => {
                let hint = OF_ITERATOR
                    .contains(&name)
                    .then_some("write `.iter()` or `.into_iter()` before it");
                Err(method.unknown(&value, OF_LIST, hint))
            }
        }
    }

    fn mapped(
        &mut self,
        items: Vec<Value<'a>>,
        function: &Value<'a>,
        method: &Method<'a>,
    ) -> Outcome<'a, Vec<Value<'a>>> {
        let mut results: Vec<Value<'a>> = Vec::with_capacity(items.len());
        for item in items {
            let result = self.ask(function, vec![item], method)?;
            results.push(result);
        }
        Ok(results)
    }

    /// Calls the function that was handed to a method.
    fn ask(
        &mut self,
        function: &Value<'a>,
        arguments: Vec<Value<'a>>,
        method: &Method<'a>,
    ) -> Outcome<'a> {
        let last: Option<&'a Expr> = method.call.args.last();
        let (Value::Function(function), Some(at)) = (function.behind(), last) else {
            return Err(method.wrong(
                method.call.args.len().saturating_sub(1),
                "a closure",
                function,
            ));
        };
        self.step(at)?;
        self.invoke(function, arguments, At::Value(at))
    }

    fn asked(
        &mut self,
        function: &Value<'a>,
        item: Value<'a>,
        method: &Method<'a>,
    ) -> Outcome<'a, bool> {
        let answer = self.ask(function, vec![item], method)?;
        truth(&answer, &method.call.method)
    }

    fn of_iterator(&mut self, value: Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
        let at = &method.call.method;
        if let (Value::Range(from, to, width), "contains") = (&value, method.name.as_str()) {
            let (from, to, width) = (*from, *to, *width);
            let wanted = method.one()?;
            return match wanted.behind() {
                Value::Int(number, own) if own.with(width).is_some() => {
                    Ok(Value::Bool((from..to).contains(number)))
                }
                other => Err(method.wrong(0, "a reference to an integer", other)),
            };
        }
        if matches!(value, Value::Reference(_)) {
            return Err(method.unknown(&value, OF_ITERATOR, Some("take the `&` away")));
        }
        if !OF_ITERATOR.contains(&method.name.as_str())
            && method.name != "iter"
            && method.name != "into_iter"
        {
            let hint = (method.name == "join").then_some("write `.collect::<Vec<_>>()` before it");
            return Err(method.unknown(&value, OF_ITERATOR, hint));
        }
        let items = self.sequence(value, at)?;
        self.pay(items.len(), at)?;
        let iterator = |items| Value::list(Holder::Iterator, items);
        match method.name.as_str() {
            "map" => {
                let function = method.one()?;
                let items = self.mapped(items, &function, method)?;
                if let Some((first, other)) = mixed(&items) {
                    let message = format!("this closure gives a `{first}` and a `{other}`");
                    return Err(Refusal::new(&method.at(0), message)
                        .label("values of two types")
                        .help("let it give values of one type")
                        .into());
                }
                self.made(iterator(items), at)
            }
            "filter" | "find" => {
                let function = method.one()?;
                let mut kept = Vec::new();
                for item in items {
                    if self.asked(&function, item.clone().reference(), method)? {
                        kept.push(item);
                        if method.name == "find" {
                            break;
                        }
                    }
                }
                Ok(if method.name == "find" { optional(kept.pop()) } else { iterator(kept) })
            }
            "filter_map" | "flat_map" => {
                let function = method.one()?;
                let mut all = Vec::new();
                for item in items {
                    let result = self.ask(&function, vec![item], method)?;
                    all.extend(self.sequence(result, at)?);
                }
                self.made(iterator(all), at)
            }
            "any" | "all" | "position" => {
                let function = method.one()?;
                let wanted = method.name != "all";
                let mut found = None;
                for (position, item) in items.into_iter().enumerate() {
                    if self.asked(&function, item, method)? == wanted {
                        found = Some(position);
                        break;
                    }
                }
                Ok(match method.name.as_str() {
                    "position" => optional(found.map(count)),
                    _ => Value::Bool(found.is_some() == wanted),
                })
            }
            "enumerate" => {
                method.none()?;
                let pair = |(position, item)| Value::Tuple(Rc::new(vec![count(position), item]));
                Ok(iterator(items.into_iter().enumerate().map(pair).collect()))
            }
            "zip" | "chain" => {
                let other = method.one()?;
                let other = self.sequence(other, &method.at(0))?;
                self.pay(other.len(), at)?;
                let items = if method.name == "zip" {
                    items
                        .into_iter()
                        .zip(other)
                        .map(|(a, b)| Value::Tuple(Rc::new(vec![a, b])))
                        .collect()
                } else {
                    items.into_iter().chain(other).collect()
                };
                self.made(iterator(items), at)
            }
            "rev" => method.none().map(|()| iterator(items.into_iter().rev().collect())),
            "take" | "skip" => {
                let some = method.one()?;
                let some = method.number(0, &some)?;
                let part: Vec<Value<'a>> = if method.name == "take" {
                    items.into_iter().take(some).collect()
                } else {
                    items.into_iter().skip(some).collect()
                };
                Ok(iterator(part))
            }
            "cloned" | "copied" | "iter" | "into_iter" => {
                method.none()?;
                let inner = |it: Value<'a>| match it {
                    Value::Reference(inner)
                        if method.name == "cloned" || method.name == "copied" =>
                    {
                        Rc::unwrap_or_clone(inner)
                    }
                    other => other,
                };
                Ok(iterator(items.into_iter().map(inner).collect()))
            }
            "collect" => {
                method.none()?;
                collected(items, method)
            }
            "fold" => {
                let (mut sum, function) = method.two()?;
                for item in items {
                    sum = self.ask(&function, vec![sum, item], method)?;
                }
                Ok(sum)
            }
            "count" => method.none().map(|()| count(items.len())),
            "last" => method.none().map(|()| optional(items.into_iter().next_back())),
            _ => {
                method.none()?;
                gathered(items, method)
            }
        }
    }

    fn of_option(&mut self, value: &Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
        let referenced = matches!(value, Value::Reference(_));
        let (inner, problem) = match value.behind() {
            Value::Option(inner) => (inner.clone(), None),
            Value::Result(Ok(inner)) => (Some(Rc::clone(inner)), None),
            Value::Result(Err(problem)) => (None, Some(Rc::clone(problem))),
            _ => (None, None),
        };
        let is_option = matches!(value.behind(), Value::Option(_));
        let own = |inner: Rc<Value<'a>>| Rc::unwrap_or_clone(inner);
        match (method.name.as_str(), inner) {
            ("is_some" | "is_ok", inner) => method.none().map(|()| Value::Bool(inner.is_some())),
            ("is_none" | "is_err", inner) => method.none().map(|()| Value::Bool(inner.is_none())),
            ("as_ref", inner) if is_option => {
                method.none().map(|()| optional(inner.map(|it| own(it).reference())))
            }
            ("as_deref", inner) if is_option => {
                method.none()?;
                Ok(optional(inner.map(|it| match it.text() {
                    Some(text) => Value::Str(Rc::clone(text)),
                    None => own(it).reference(),
                })))
            }
            (name, _) if referenced && name != "cloned" && name != "copied" => Err(method.unknown(
                value,
                OF_OPTION,
                Some("write `.as_ref()` or `.clone()` before it"),
            )),
            ("unwrap" | "expect", inner) => {
                if method.name == "unwrap" {
                    method.none()?;
                } else if method.one()?.text().is_none() {
                    return Err(Refusal::new(&method.call.method, "`expect` takes a text")
                        .label("takes another kind of value")
                        .help("write `.expect(\"why there is one\")`")
                        .into());
                }
                if let Some(inner) = inner {
                    return Ok(own(inner));
                }
                Err(Refusal::new(&method.call.method, "there is nothing to unwrap")
                    .by_value()
                    .label("a panic in Rust")
                    .help("use `match` or `unwrap_or`")
                    .into())
            }
            ("unwrap_or", inner) => {
                let other = method.one()?;
                match inner {
                    Some(inner) if !may_be_taken(&inner, &other) => {
                        Err(method.wrong(0, &format!("a `{inner}`"), &other))
                    }
                    inner => Ok(inner.map_or(other, own)),
                }
            }
            ("unwrap_or_else", inner) => {
                let function = method.one()?;
                match inner {
                    Some(inner) => Ok(own(inner)),
                    None => self.ask(&function, problem.map(own).into_iter().collect(), method),
                }
            }
            ("map" | "and_then", inner) => {
                let function = method.one()?;
                let Some(inner) = inner else { return Ok(value.clone()) };
                let result = self.ask(&function, vec![own(inner)], method)?;
                match (method.name.as_str(), is_option) {
                    ("map", true) => self.made(Value::some(result), &method.call.method),
                    ("map", false) => {
                        self.made(Value::Result(Ok(Rc::new(result))), &method.call.method)
                    }
                    _ => Ok(result),
                }
            }
            ("map_or", inner) => {
                let (other, function) = method.two()?;
                match inner {
                    Some(inner) => self.ask(&function, vec![own(inner)], method),
                    None => Ok(other),
                }
            }
            ("or", inner) => {
                let other = method.one()?;
                Ok(if inner.is_some() { value.clone() } else { other })
            }
            ("ok_or", inner) if is_option => {
                let other = method.one()?;
                Ok(Value::Result(inner.ok_or_else(|| Rc::new(other))))
            }
            ("ok", inner) if !is_option => method.none().map(|()| Value::Option(inner)),
            ("cloned" | "copied", inner) if is_option => {
                method.none()?;
                Ok(optional(inner.map(|it| it.behind().clone())))
            }
            ("iter" | "into_iter", inner) => {
                method.none()?;
                Ok(Value::list(Holder::Iterator, inner.map(own).into_iter().collect()))
            }
            _ => Err(method.unknown(value, OF_OPTION, None)),
        }
    }

    /// A method that changes a variable.
    pub(super) fn change(
        &mut self,
        call: &'a ExprMethodCall,
        base: &'a Expr,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
        let name = match base {
            Expr::Path(path) if matches!(&*call.receiver, Expr::Path(_)) => path.path.get_ident(),
            _ => None,
        };
        let Some(name) = name else {
            return Err(Refusal::foreign(&call.method, "a change of anything but a variable")
                .help("give it a name with `let mut` first")
                .into());
        };
        let mut arguments = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            arguments.push(self.expression(argument, frame)?);
        }
        let mut method = Method { call, name: call.method.to_string(), arguments };
        // Taken out for the while, so that it is changed in place and not copied.
        let state = writable(name, frame)?;
        let State::Here(value) = std::mem::replace(state, State::Empty) else {
            return Err(Refusal::new(name, format!("`{name}` has no value"))
                .label("used here")
                .into());
        };
        let changed = self.changed(value, &mut method)?;
        *writable(name, frame)? = State::Here(changed);
        Ok(Value::Unit)
    }

    fn changed(&mut self, value: Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
        let at = &method.call.method;
        match (value, method.name.as_str()) {
            (Value::String(text), "push" | "push_str") => {
                let more = method.one()?;
                let right = matches!(more, Value::Char(_)) == (method.name == "push");
                let more = method.pattern(0, &more)?;
                if !right {
                    let other = if method.name == "push" { "a `char`" } else { "a `&str`" };
                    return Err(method.wrong(0, other, &Value::Str(more)));
                }
                self.text(format!("{text}{more}"), at)
            }
            (Value::String(_), "clear") => method.none().map(|()| Value::string("")),
            (Value::List(Holder::Vec, mut items), "push" | "extend") => {
                let more = method.one()?;
                let more = if method.name == "push" {
                    vec![more]
                } else {
                    self.sequence(more, &method.at(0))?
                };
                self.pay(more.len(), at)?;
                if Rc::strong_count(&items) > 1 {
                    self.pay(items.len(), at)?;
                }
                let list = Rc::make_mut(&mut items);
                for item in more {
                    if let Some(first) = list.first()
                        && !first.same_type(&item)
                    {
                        return Err(method.wrong(0, &format!("a `{first}`"), &item));
                    }
                    if item.weight(1_000, 16) >= 1_000 {
                        return Err(Refusal::new(&method.at(0), "the value is too large")
                            .label("this one")
                            .into());
                    }
                    list.push(item);
                }
                Ok(Value::List(Holder::Vec, items))
            }
            (Value::List(Holder::Vec, _), "clear") => {
                method.none().map(|()| Value::list(Holder::Vec, Vec::new()))
            }
            (
                Value::List(holder @ (Holder::Vec | Holder::Array), mut items),
                "reverse" | "sort",
            ) => {
                method.none()?;
                self.pay(items.len().saturating_mul(4), at)?;
                let list = Rc::make_mut(&mut items);
                if method.name == "reverse" {
                    list.reverse();
                } else {
                    if list.windows(2).any(|it| ordering(&it[0], &it[1]).is_none()) {
                        return Err(Refusal::new(at, "only integers and strings can be sorted")
                            .label("not these")
                            .into());
                    }
                    list.sort_by(|a, b| ordering(a, b).unwrap_or(std::cmp::Ordering::Equal));
                }
                Ok(Value::List(holder, items))
            }
            (other, _) => Err(method.unknown(
                &other,
                if other.text().is_some() { OF_TEXT } else { OF_LIST },
                None,
            )),
        }
    }
}

fn of_number<'a>(
    number: i128,
    width: Width,
    value: &Value<'a>,
    method: &mut Method<'a>,
) -> Outcome<'a> {
    match method.name.as_str() {
        "to_string" => {
            method.none()?;
            shown(value).map(Value::string).ok_or_else(|| {
                Refusal::new(&method.call.method, format!("{number} is out of range for `i32`"))
                    .label("the number has no other type")
                    .help(format!("write `{number}_i64`"))
                    .into()
            })
        }
        "min" | "max" => {
            let other = method.one()?;
            let Value::Int(other, own) = other else {
                return Err(method.wrong(0, "an integer", &other));
            };
            let Some(width) = width.with(own) else {
                return Err(method.wrong(
                    0,
                    &format!("a `{}`", width.name()),
                    &Value::Int(other, own),
                ));
            };
            let best = if method.name == "min" { number.min(other) } else { number.max(other) };
            Ok(Value::Int(best, width))
        }
        "pow" | "abs" => {
            let result = if method.name == "abs" {
                method.none()?;
                number.checked_abs()
            } else {
                let power = method.one()?;
                let power = method.number(0, &power)?;
                u32::try_from(power).ok().and_then(|it| number.checked_pow(it))
            };
            match result {
                Some(result) if width.holds(result) => Ok(Value::Int(result, width)),
                _ => Err(Refusal::new(
                    &method.call.method,
                    format!("the result is out of range for `{}`", width.name()),
                )
                .label("overflows")
                .help("use a wider type")
                .by_value()
                .into()),
            }
        }
        _ => Err(method.unknown(value, &["to_string", "min", "max", "pow", "abs"], None)),
    }
}

/// `sum`, `min` and `max` of integers and strings.
fn gathered<'a>(items: Vec<Value<'a>>, method: &Method<'a>) -> Outcome<'a> {
    let at = &method.call.method;
    if method.name == "sum" {
        let mut sum = (0_i128, Width::Any);
        for item in &items {
            let Value::Int(number, width) = item.behind() else {
                return Err(method.unknown(item, &[], Some("only integers can be summed")));
            };
            let width = sum.1.with(*width).unwrap_or(*width);
            let total = sum.0.checked_add(*number).filter(|it| width.holds(*it));
            let Some(total) = total else {
                return Err(Refusal::new(
                    at,
                    format!("the sum is out of range for `{}`", width.name()),
                )
                .label("overflows")
                .help("use a wider type")
                .by_value()
                .into());
            };
            sum = (total, width);
        }
        return Ok(Value::Int(sum.0, sum.1));
    }
    let mut best: Option<Value<'a>> = None;
    for item in items {
        best = Some(match best {
            None => item,
            Some(before) => {
                let Some(order) = ordering(&item, &before) else {
                    return Err(method.unknown(
                        &item,
                        &[],
                        Some("only integers and strings can be compared"),
                    ));
                };
                let better = if method.name == "min" { order.is_lt() } else { order.is_ge() };
                if better { item } else { before }
            }
        });
    }
    Ok(optional(best))
}

/// A list as what `collect` is told to make.
fn collected<'a>(items: Vec<Value<'a>>, method: &Method<'a>) -> Outcome<'a> {
    let wanted = method.call.turbofish.as_ref().and_then(|it| match it.args.first() {
        Some(GenericArgument::Type(Type::Path(path))) => {
            path.path.segments.last().map(|it| it.ident.to_string())
        }
        _ => None,
    });
    match wanted.as_deref() {
        None => Ok(Value::Into(Rc::new(Value::list(Holder::Iterator, items)))),
        Some("Vec") => Ok(Value::list(Holder::Vec, items)),
        Some("String") => {
            let texts: Option<Vec<String>> = items.iter().map(shown).collect();
            texts.map(|it| Value::string(it.concat())).ok_or_else(|| {
                Refusal::new(&method.call.method, "only text can be collected into a `String`")
                    .label("something else")
                    .into()
            })
        }
        Some(other) => {
            Err(Refusal::foreign(&method.call.method, &format!("`collect` into a `{other}`"))
                .help("write `.collect::<Vec<_>>()`")
                .into())
        }
    }
}

fn texts(items: &[Value<'_>]) -> Option<Vec<String>> {
    items.iter().map(|it| it.text().map(|it| it.as_ref().to_owned())).collect()
}

fn optional(value: Option<Value<'_>>) -> Value<'_> {
    Value::Option(value.map(Rc::new))
}

fn count<'a>(number: usize) -> Value<'a> {
    Value::Int(i128::try_from(number).unwrap_or(i128::MAX), Width::usize())
}
