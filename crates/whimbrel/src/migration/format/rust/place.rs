//! Evaluates what values stand in: variables that change, fields, elements, what a reference leads to.

use std::rc::Rc;

use syn::{Expr, ExprAssign, ExprRange, Ident, Member, RangeLimits};

use super::{
    evaluate::{Frame, Interpreter, Outcome},
    refuse::{Refusal, Stop},
    value::{Holder, Slot, State, Value, Width},
};

impl<'a> Interpreter<'a> {
    pub(super) fn assign(
        &mut self,
        assignment: &'a ExprAssign,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
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

    pub(super) fn dereference(&mut self, it: &'a Expr, frame: &mut Frame<'a>) -> Outcome<'a> {
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
    pub(super) fn element(
        &mut self,
        it: &'a Expr,
        keep: bool,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
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
        if index(&position).is_none() && !matches!(position, Value::Int(_, Width::Any)) {
            let message = format!("an index is a `usize`, and this is a `{position}`");
            return Err(Refusal::new(&it.index, message)
                .label("of another type")
                .help("declare it as a `usize`, or write `as usize` behind it")
                .into());
        }
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

fn check_writable(slot: &Slot<'_>, name: &Ident) -> Result<(), Refusal> {
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

fn mismatch<'a>(name: &Ident, before: &State<'a>, value: &Value<'a>, at: &Expr) -> Stop<'a> {
    let State::Here(before) = before else {
        return Refusal::new(at, format!("`{name}` can't hold this")).into();
    };
    Refusal::new(at, format!("`{name}` holds a `{before}`, and this is a `{value}`"))
        .label("of another type")
        .help("use a second variable")
        .into()
}

fn variable_name(it: &Expr) -> Option<&Ident> {
    match it {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
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
