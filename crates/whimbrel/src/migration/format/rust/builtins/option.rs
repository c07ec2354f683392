//! The methods of options and results.

use std::rc::Rc;

use super::{
    super::{
        evaluate::{Interpreter, Outcome},
        refuse::Refusal,
        value::{Holder, Value},
    },
    Method, may_be_one_type, optional,
};

const OF_OPTION: &[&str] = &[
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_else",
    "is_some_and",
    "filter",
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

impl<'a> Interpreter<'a> {
    pub(super) fn of_option(&mut self, value: &Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
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
            ("filter", inner) if is_option => {
                let function = method.one()?;
                let Some(inner) = inner else { return Ok(Value::Option(None)) };
                let kept = self.asked(&function, own(Rc::clone(&inner)).reference(), method)?;
                Ok(Value::Option(kept.then_some(inner)))
            }
            ("is_some_and", inner) if is_option => {
                let function = method.one()?;
                let Some(inner) = inner else { return Ok(Value::Bool(false)) };
                self.asked(&function, own(inner), method).map(Value::Bool)
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
