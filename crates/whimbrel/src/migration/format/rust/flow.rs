//! Evaluates what decides and repeats: `if`, `match`, loops, `?`.

use std::rc::Rc;

use syn::{
    BinOp, Expr, ExprForLoop, ExprIf, ExprMatch, ExprRange, ExprTry, ExprWhile, RangeLimits,
    spanned::Spanned,
};

use super::{
    cases,
    evaluate::{Frame, Interpreter, Outcome},
    number,
    refuse::{Refusal, Stop},
    value::{Holder, Value},
};

/// The most values that a range may be counted through into a list.
const LONGEST_RANGE: i128 = 65_536;

impl<'a> Interpreter<'a> {
    pub(super) fn branch(&mut self, branch: &'a ExprIf, frame: &mut Frame<'a>) -> Outcome<'a> {
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

    pub(super) fn cases(&mut self, cases: &'a ExprMatch, frame: &mut Frame<'a>) -> Outcome<'a> {
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

    pub(super) fn each(&mut self, each: &'a ExprForLoop, frame: &mut Frame<'a>) -> Outcome<'a> {
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

    pub(super) fn repeated(
        &mut self,
        repeated: &'a ExprWhile,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
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

    pub(super) fn endless(
        &mut self,
        endless: &'a syn::ExprLoop,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a> {
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

    pub(super) fn range(&mut self, range: &'a ExprRange, frame: &mut Frame<'a>) -> Outcome<'a> {
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

    /// `value?`.
    pub(super) fn attempt(&mut self, it: &'a ExprTry, frame: &mut Frame<'a>) -> Outcome<'a> {
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

fn refuse_label<'a>(label: Option<&syn::Label>) -> Outcome<'a, ()> {
    match label {
        Some(label) => Err(Refusal::foreign(label, "a label").into()),
        None => Ok(()),
    }
}
