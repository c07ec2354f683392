//! Literals, operators and conversions of numbers.

use syn::{BinOp, ExprBinary, ExprCast, ExprUnary, Lit, UnOp, spanned::Spanned};

use super::{
    evaluate::{Frame, Interpreter, Outcome, variable},
    place::writable,
    refuse::Refusal,
    value::{State, Value, Width},
};

impl<'a> Interpreter<'a> {
    /// The value of a literal, negated where a `-` stands before it.
    pub(super) fn literal(&mut self, it: &Lit, negative: bool) -> Outcome<'a> {
        let foreign = |what: &str, help: &str| Err(Refusal::foreign(it, what).help(help).into());
        match it {
            Lit::Str(text) if text.suffix().is_empty() => {
                let mut value = text.value();
                // rustc reads the ends of lines as `\n`, whatever the file has.
                if value.contains("\r\n")
                    && self.loaded.units[self.unit].source.text.contains("\r\n")
                    && text.token().to_string().starts_with('r')
                {
                    value = value.replace("\r\n", "\n");
                }
                Ok(Value::Str(value.into()))
            }
            Lit::Int(number) => {
                let width = match number.suffix() {
                    "" => Width::Any,
                    "f32" | "f64" => {
                        return foreign(
                            "a floating point number",
                            "write it as a string: `\"0.10\"`",
                        );
                    }
                    suffix => match Width::named(suffix) {
                        Some(width) => width,
                        None => {
                            return foreign("this ending of a number", "write the number alone");
                        }
                    },
                };
                let digits = number.base10_digits();
                let digits = if negative { format!("-{digits}") } else { digits.to_owned() };
                match digits.parse::<i128>() {
                    Ok(value) if width.holds(value) => Ok(Value::Int(value, width)),
                    _ => Err(Refusal::new(
                        it,
                        format!("{digits} is out of range for `{}`", width.name()),
                    )
                    .label("out of range")
                    .help("write a smaller number, or another type behind it")
                    .into()),
                }
            }
            Lit::Bool(value) => Ok(Value::Bool(value.value)),
            Lit::Char(value) => Ok(Value::Char(value.value())),
            Lit::Byte(value) => {
                Ok(Value::Int(value.value().into(), Width::named("u8").unwrap_or(Width::Any)))
            }
            Lit::Float(_) => foreign("a floating point number", "write it as a string: `\"0.10\"`"),
            Lit::ByteStr(_) | Lit::CStr(_) => foreign("a string of bytes", "write a plain string"),
            _ => foreign("this literal", "write a string, an integer or a bool"),
        }
    }

    /// `a && b` and `a || b`.
    pub(super) fn logic(&mut self, it: &'a ExprBinary, frame: &mut Frame<'a>) -> Outcome<'a> {
        let left = self.expression(&it.left, frame)?;
        let left = truth(&left, &it.left)?;
        if left == matches!(it.op, BinOp::Or(_)) {
            return Ok(Value::Bool(left));
        }
        let right = self.expression(&it.right, frame)?;
        Ok(Value::Bool(truth(&right, &it.right)?))
    }

    pub(super) fn binary(
        &mut self,
        it: &ExprBinary,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Outcome<'a> {
        match &it.op {
            BinOp::Eq(_) | BinOp::Ne(_) => {
                let equal = left.equals(right).ok_or_else(|| unlike(it, left, right))?;
                self.pay(left.weight(100_000, 32) / 4, it)?;
                Ok(Value::Bool(equal == matches!(it.op, BinOp::Eq(_))))
            }
            BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
                let order = ordering(left, right).ok_or_else(|| unlike(it, left, right))?;
                Ok(Value::Bool(match &it.op {
                    BinOp::Lt(_) => order.is_lt(),
                    BinOp::Le(_) => order.is_le(),
                    BinOp::Gt(_) => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
            op => self.arithmetic(op, left, right, it),
        }
    }

    fn arithmetic(
        &mut self,
        op: &BinOp,
        left: &Value<'a>,
        right: &Value<'a>,
        it: &ExprBinary,
    ) -> Outcome<'a> {
        // Arithmetic looks through one reference, as the standard library's does.
        let number = |value: &Value<'a>| match value {
            Value::Int(number, width) => Some((*number, *width)),
            Value::Reference(inner) => match **inner {
                Value::Int(number, width) => Some((number, width)),
                _ => None,
            },
            _ => None,
        };
        if let (Some((a, v)), Some((b, w))) = (number(left), number(right)) {
            let width = v.with(w).ok_or_else(|| unlike(it, left, right))?;
            let result = match op {
                BinOp::Add(_) | BinOp::AddAssign(_) => a.checked_add(b),
                BinOp::Sub(_) | BinOp::SubAssign(_) => a.checked_sub(b),
                BinOp::Mul(_) | BinOp::MulAssign(_) => a.checked_mul(b),
                BinOp::Div(_) | BinOp::DivAssign(_) => a.checked_div(b),
                BinOp::Rem(_) | BinOp::RemAssign(_) => a.checked_rem(b),
                BinOp::BitAnd(_) | BinOp::BitAndAssign(_) => Some(a & b),
                BinOp::BitOr(_) | BinOp::BitOrAssign(_) => Some(a | b),
                BinOp::BitXor(_) | BinOp::BitXorAssign(_) => Some(a ^ b),
                other => return Err(Refusal::foreign(other, &format!("`{}`", sign(other))).into()),
            };
            if b == 0 && result.is_none() {
                return Err(Refusal::new(it, "a division by zero")
                    .by_value()
                    .label("divided by 0 here")
                    .help("divide by something else")
                    .into());
            }
            return match result {
                Some(result) if width.holds(result) => Ok(Value::Int(result, width)),
                _ => Err(overflow(it, width)),
            };
        }
        match (op, left, right) {
            (BinOp::BitAnd(_) | BinOp::BitAndAssign(_), Value::Bool(a), Value::Bool(b)) => {
                Ok(Value::Bool(a & b))
            }
            (BinOp::BitOr(_) | BinOp::BitOrAssign(_), Value::Bool(a), Value::Bool(b)) => {
                Ok(Value::Bool(a | b))
            }
            (BinOp::BitXor(_) | BinOp::BitXorAssign(_), Value::Bool(a), Value::Bool(b)) => {
                Ok(Value::Bool(a ^ b))
            }
            (BinOp::Add(_), Value::String(a), b) if added(b).is_some() => {
                let text = format!("{a}{}", added(b).unwrap_or_default());
                self.text(text, it)
            }
            (
                BinOp::Add(_),
                Value::Str(_),
                Value::Str(_) | Value::String(_) | Value::Reference(_),
            ) => Err(Refusal::new(it, "two `&str` can't be added")
                .label("no `String` to add to")
                .help("write `format!(\"{a}{b}\")`")
                .into()),
            _ => Err(unlike(it, left, right)),
        }
    }

    /// `variable += value` and the like.
    pub(super) fn update(&mut self, it: &'a ExprBinary, frame: &mut Frame<'a>) -> Outcome<'a> {
        let syn::Expr::Path(path) = &*it.left else {
            return Err(Refusal::foreign(&*it.left, "a change of anything but a variable").into());
        };
        let Some(name) = path.path.get_ident() else {
            return Err(Refusal::foreign(path, "a change of anything but a variable").into());
        };
        let right = self.expression(&it.right, frame)?;
        let Some(left) = variable(name, true, frame)? else {
            return Err(Refusal::new(name, format!("there is no variable `{name}`"))
                .label("not found")
                .help(format!("declare it: `let mut {name} = …;`"))
                .into());
        };
        let value = match (&it.op, &left) {
            (BinOp::AddAssign(_), Value::String(text)) if added(&right).is_some() => {
                let text = format!("{text}{}", added(&right).unwrap_or_default());
                self.text(text, it)?
            }
            (op, _) => self.arithmetic(op, &left, &right, it)?,
        };
        *writable(name, frame)? = State::Here(value);
        Ok(Value::Unit)
    }
}

/// `value as type`, where nothing is lost.
pub(super) fn cast<'a>(it: &ExprCast, value: Value<'a>) -> Outcome<'a> {
    let name = match &*it.ty {
        syn::Type::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    };
    let Some(width) = name.as_deref().and_then(Width::named) else {
        return Err(Refusal::foreign(&it.ty, "a conversion into anything but an integer").into());
    };
    let number = match value {
        Value::Int(number, _) => number,
        Value::Bool(value) => i128::from(value),
        Value::Char(value) => i128::from(u32::from(value)),
        other => {
            return Err(Refusal::new(
                &it.expr,
                format!("a `{other}` can't become `{}`", width.name()),
            )
            .label("not a number")
            .help("write a number")
            .into());
        }
    };
    if !width.holds(number) {
        return Err(Refusal::new(it, format!("{number} doesn't fit into `{}`", width.name()))
            .label("`as` would cut it")
            .help("use a wider type")
            .into());
    }
    Ok(Value::Int(number, width))
}

pub(super) fn truth<'a>(value: &Value<'a>, at: &(impl Spanned + ?Sized)) -> Outcome<'a, bool> {
    match value {
        Value::Bool(value) => Ok(*value),
        other => Err(Refusal::new(at, format!("a condition is a bool, and this is a `{other}`"))
            .label("not a bool")
            .help("write a comparison")
            .into()),
    }
}

pub(super) fn unary<'a>(it: &ExprUnary, value: Value<'a>) -> Outcome<'a> {
    match (&it.op, value) {
        (UnOp::Not(_), Value::Bool(value)) => Ok(Value::Bool(!value)),
        (UnOp::Neg(_), Value::Int(number, width)) => match number.checked_neg() {
            Some(number) if width.holds(number) => Ok(Value::Int(number, width)),
            _ => Err(overflow(it, width)),
        },
        (_, other) => Err(Refusal::new(it, format!("the operator isn't for a `{other}`"))
            .label("not understood")
            .help("`!` is for a bool, `-` for an integer")
            .into()),
    }
}

/// What can be added to a `String`: `&str` and `&String`.
fn added<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match value {
        Value::Str(text) => Some(text),
        Value::Reference(inner) => match &**inner {
            Value::String(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn ordering(left: &Value<'_>, right: &Value<'_>) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Int(a, v), Value::Int(b, w)) => v.with(*w).map(|_| a.cmp(b)),
        (Value::Char(a), Value::Char(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Str(a), Value::Str(b)) | (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Reference(a), Value::Reference(b)) => ordering(a, b),
        _ => None,
    }
}

fn overflow<'a>(at: &impl Spanned, width: Width) -> super::refuse::Stop<'a> {
    Refusal::new(at, format!("the result is out of range for `{}`", width.name()))
        .by_value()
        .label("overflows")
        .help("use a wider type, such as `i64`")
        .into()
}

/// An operator as it is written.
fn sign(op: &BinOp) -> &'static str {
    match op {
        BinOp::Add(_) => "+",
        BinOp::Sub(_) => "-",
        BinOp::Mul(_) => "*",
        BinOp::Div(_) => "/",
        BinOp::Rem(_) => "%",
        BinOp::And(_) => "&&",
        BinOp::Or(_) => "||",
        BinOp::BitXor(_) => "^",
        BinOp::BitAnd(_) => "&",
        BinOp::BitOr(_) => "|",
        BinOp::Shl(_) => "<<",
        BinOp::Shr(_) => ">>",
        BinOp::Eq(_) => "==",
        BinOp::Lt(_) => "<",
        BinOp::Le(_) => "<=",
        BinOp::Ne(_) => "!=",
        BinOp::Ge(_) => ">=",
        BinOp::Gt(_) => ">",
        BinOp::AddAssign(_) => "+=",
        BinOp::SubAssign(_) => "-=",
        BinOp::MulAssign(_) => "*=",
        BinOp::DivAssign(_) => "/=",
        BinOp::RemAssign(_) => "%=",
        BinOp::BitXorAssign(_) => "^=",
        BinOp::BitAndAssign(_) => "&=",
        BinOp::BitOrAssign(_) => "|=",
        BinOp::ShlAssign(_) => "<<=",
        BinOp::ShrAssign(_) => ">>=",
        _ => "this operator",
    }
}

fn unlike<'a>(it: &ExprBinary, left: &Value<'_>, right: &Value<'_>) -> super::refuse::Stop<'a> {
    let operator = sign(&it.op);
    let help = match (left.behind(), right.behind()) {
        (Value::Int(_, a), Value::Int(_, b)) if a != b => {
            format!("make both sides of one type: write `as {}` behind the other", a.name())
        }
        _ => "make both sides of one type".to_owned(),
    };
    Refusal::new(it, format!("`{operator}` isn't for a `{left}` and a `{right}`"))
        .label("not understood")
        .help(help)
        .into()
}
