//! The methods of strings.

use std::rc::Rc;

use super::{
    super::{
        evaluate::{Interpreter, Outcome},
        value::{Holder, Value},
    },
    Method, count,
};

pub(super) const OF_TEXT: &[&str] = &[
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
    "rsplit_once",
    "rsplit",
    "split_whitespace",
    "eq_ignore_ascii_case",
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

impl<'a> Interpreter<'a> {
    pub(super) fn of_text(
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
            "split_whitespace" => {
                method.none()?;
                self.pieces(text.split_whitespace().map(|it| Value::Str(it.into())), method)
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
            "eq_ignore_ascii_case" => {
                let other = method.one()?;
                let Some(other) = other.text().filter(|_| !matches!(other, Value::String(_)))
                else {
                    return Err(method.wrong(0, "a `&str`", &other));
                };
                Ok(Value::Bool(text.eq_ignore_ascii_case(other)))
            }
            "starts_with" | "ends_with" | "contains" | "split" | "split_once" | "strip_prefix"
            | "strip_suffix" | "rsplit" | "rsplit_once" => {
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
            "split_once" | "rsplit_once" => {
                let both = if method.name == "split_once" {
                    text.split_once(pattern)
                } else {
                    text.rsplit_once(pattern)
                };
                Value::Option(both.map(|(a, b)| {
                    Rc::new(Value::Tuple(Rc::new(vec![Value::Str(a.into()), Value::Str(b.into())])))
                }))
            }
            "rsplit" => {
                return self.pieces(text.rsplit(pattern).map(|it| Value::Str(it.into())), method);
            }
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
}
