//! Evaluates expressions: which kind each is, and values in rows.

use std::rc::Rc;

use syn::{BinOp, Expr, ExprRepeat, Token, UnOp, punctuated::Punctuated};

use super::{
    evaluate::{Frame, Interpreter, Outcome},
    number,
    place::index,
    refuse::{Refusal, Stop},
    types::converted,
    value::{Holder, Value},
};

pub(super) type Arguments = Punctuated<Expr, Token![,]>;

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
                | BinOp::RemAssign(_)
                | BinOp::BitAndAssign(_)
                | BinOp::BitOrAssign(_)
                | BinOp::BitXorAssign(_) => self.update(binary, frame),
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
        let mut open = false;
        for item in items {
            let value = self.expression(item, frame)?;
            open |= matches!(value, Value::Into(_));
            // What `.into()` gives is what the others are.
            let first = values.iter().find(|it| !matches!(it, Value::Into(_)));
            if let Some(first) = first
                && !matches!(value, Value::Into(_))
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
        let wanted =
            values.iter().find(|it| !matches!(it, Value::Into(_))).map(ToString::to_string);
        if let (true, Some(wanted)) = (open, wanted) {
            for (value, item) in values.iter_mut().zip(items) {
                if let Value::Into(inner) = value {
                    *value = converted(&wanted, inner, item)?;
                    if value.to_string() != wanted {
                        let message =
                            format!("`{wanted}` is wanted, and `.into()` gives none here");
                        return Err(Refusal::new(item, message)
                            .label(format!("not a `{wanted}`"))
                            .help("write all of them the same way")
                            .into());
                    }
                }
            }
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
