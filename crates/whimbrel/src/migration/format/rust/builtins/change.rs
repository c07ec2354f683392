//! The methods that change what they are called on.

use std::rc::Rc;

use syn::{Expr, ExprMethodCall};

use super::{
    super::{
        evaluate::{Frame, Interpreter, Outcome},
        number::ordering,
        place::writable,
        refuse::Refusal,
        value::{Holder, State, Value},
    },
    Method,
    list::OF_LIST,
    text::OF_TEXT,
};

impl<'a> Interpreter<'a> {
    /// A method that changes a variable.
    pub(in super::super) fn change(
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
