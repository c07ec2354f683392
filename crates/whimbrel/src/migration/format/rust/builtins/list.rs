//! The methods of lists.

use std::rc::Rc;

use super::{
    super::{
        evaluate::{Interpreter, Outcome},
        value::{Holder, Value},
    },
    Method, count,
    iterator::{OF_ITERATOR, texts},
    optional,
};

pub(super) const OF_LIST: &[&str] = &[
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

impl<'a> Interpreter<'a> {
    pub(super) fn of_list(&mut self, value: Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
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
}
