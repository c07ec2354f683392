//! The methods of strings, lists, options and numbers that a migration file may call.

mod change;
mod iterator;
mod list;
mod option;
mod text;

use std::rc::Rc;

use syn::{Expr, ExprMethodCall, Ident, spanned::Spanned};

use whimbrel_migration::dispatch::Object;

use super::{
    call::At,
    evaluate::{Interpreter, Outcome, wrong_count},
    number::truth,
    place::index,
    refuse::{Refusal, Stop},
    template::shown,
    value::{Holder, Value, Width},
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
            Value::Bool(holds) if method.name == "then" || method.name == "then_some" => {
                let holds = *holds;
                let inner = method.one()?;
                match (holds, method.name.as_str()) {
                    (false, _) => Ok(Value::Option(None)),
                    (true, "then_some") => self.made(Value::some(inner), &call.method),
                    (true, _) => {
                        let result = self.ask(&inner, Vec::new(), &method)?;
                        self.made(Value::some(result), &call.method)
                    }
                }
            }
            Value::Char(letter) => of_char(*letter, &value, &mut method),
            Value::Bool(_) => {
                Err(method.unknown(&value, &["to_string", "then", "then_some"], None))
            }
            _ => Err(method.unknown(&value, &["to_string", "clone"], None)),
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

const OF_CHAR: &[&str] = &[
    "to_string",
    "is_alphabetic",
    "is_alphanumeric",
    "is_numeric",
    "is_whitespace",
    "is_uppercase",
    "is_lowercase",
    "is_ascii_digit",
    "is_ascii_alphabetic",
    "is_ascii_alphanumeric",
    "to_ascii_uppercase",
    "to_ascii_lowercase",
    "clone",
];

fn of_char<'a>(it: char, value: &Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
    let found = match method.name.as_str() {
        "is_alphabetic" => Value::Bool(it.is_alphabetic()),
        "is_alphanumeric" => Value::Bool(it.is_alphanumeric()),
        "is_numeric" => Value::Bool(it.is_numeric()),
        "is_whitespace" => Value::Bool(it.is_whitespace()),
        "is_uppercase" => Value::Bool(it.is_uppercase()),
        "is_lowercase" => Value::Bool(it.is_lowercase()),
        "is_ascii_digit" => Value::Bool(it.is_ascii_digit()),
        "is_ascii_alphabetic" => Value::Bool(it.is_ascii_alphabetic()),
        "is_ascii_alphanumeric" => Value::Bool(it.is_ascii_alphanumeric()),
        "to_ascii_uppercase" => Value::Char(it.to_ascii_uppercase()),
        "to_ascii_lowercase" => Value::Char(it.to_ascii_lowercase()),
        _ => return Err(method.unknown(value, OF_CHAR, None)),
    };
    method.none()?;
    Ok(found)
}

/// Whether two values may be of one type, as far as it shows: what `.into()` gives may be any, and
/// of closures only the compiler can tell.
fn may_be_one_type<'a>(one: &Value<'a>, other: &Value<'a>) -> bool {
    let is_open = |it: &Value<'a>| matches!(it, Value::Into(_) | Value::Function(_));
    is_open(one) || is_open(other) || one.same_type(other)
}

fn optional(value: Option<Value<'_>>) -> Value<'_> {
    Value::Option(value.map(Rc::new))
}

fn count<'a>(number: usize) -> Value<'a> {
    Value::Int(i128::try_from(number).unwrap_or(i128::MAX), Width::usize())
}
