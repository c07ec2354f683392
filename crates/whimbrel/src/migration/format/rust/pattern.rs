//! Patterns: whether a value fits one, and the names it binds.

use std::rc::Rc;

use proc_macro2::Span;
use syn::{Expr, Pat, spanned::Spanned};

use super::{
    evaluate::{Frame, Interpreter, Outcome},
    path::is_constant_pattern,
    refuse::Refusal,
    value::{Holder, Slot, State, Value},
};

impl<'a> Interpreter<'a> {
    /// Whether `value` fits `pattern`; its names are then in `frame`.
    pub(super) fn bind(
        &mut self,
        pattern: &'a Pat,
        value: Value<'a>,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a, bool> {
        self.step(pattern)?;
        match pattern {
            Pat::Ident(name) => {
                if let Some(constant) = self.constant_in(pattern, &name.ident.to_string())? {
                    return equal(&constant, &value, pattern);
                }
                if let Some((_, inner)) = &name.subpat
                    && !self.bind(inner, value.clone(), frame)?
                {
                    return Ok(false);
                }
                let value = if name.by_ref.is_some() { value.reference() } else { value };
                let mutable = name.mutability.is_some();
                frame.push(Slot {
                    name: &name.ident,
                    state: State::Here(value),
                    mutable,
                    captured: false,
                });
                Ok(true)
            }
            Pat::Wild(_) | Pat::Rest(_) => Ok(true),
            Pat::Paren(inner) => self.deeper(pattern, |it| it.bind(&inner.pat, value, frame)),
            Pat::Type(_) => self.bind_all(pattern, value, frame).map(|()| true),
            Pat::Guard(guarded) => {
                Ok(self.bind(&guarded.pat, value, frame)?
                    && self.condition(&guarded.guard, frame)?)
            }
            Pat::Or(any) => {
                for case in &any.cases {
                    let outer = frame.len();
                    if self.bind(case, value.clone(), frame)? {
                        return Ok(true);
                    }
                    frame.truncate(outer);
                }
                Ok(false)
            }
            Pat::Lit(literal) => {
                let wanted = self.literal(&literal.lit, false)?;
                // A text pattern is a reference itself and is compared as it stands.
                let value =
                    if matches!(wanted, Value::Str(_)) { value } else { value.behind().clone() };
                equal(&wanted, &value, pattern)
            }
            Pat::Range(range) => self.within(range, value.behind(), pattern),
            Pat::Path(path) => {
                let Some(name) = path.path.segments.last() else { return Ok(false) };
                match self.constant_in(pattern, &name.ident.to_string())? {
                    Some(constant) => equal(&constant, value.behind(), pattern),
                    None => Err(Refusal::new(pattern, "there is no such constant")
                        .label("not found")
                        .help("name a constant of this file or of the builder")
                        .into()),
                }
            }
            Pat::Reference(inner) => match value {
                Value::Reference(behind) => self.bind(&inner.pat, (*behind).clone(), frame),
                other => Err(unlike(pattern, &other, "a reference")),
            },
            Pat::Tuple(parts) => {
                let (behind, referenced) = peeled(value);
                let Value::Tuple(items) = &behind else {
                    return Err(unlike(pattern, &behind, "a tuple"));
                };
                let parts: Vec<&'a Pat> = parts.elems.iter().collect();
                match self.parts(&parts, items, referenced, frame)? {
                    Some(fits) => Ok(fits),
                    None => Err(unlike(pattern, &behind, "a tuple of that many values")),
                }
            }
            Pat::Slice(parts) => {
                let (behind, referenced) = peeled(value);
                let Value::List(holder, items) = &behind else {
                    return Err(unlike(pattern, &behind, "an array or a slice"));
                };
                let referenced = referenced || *holder == Holder::Slice;
                let parts: Vec<&'a Pat> = parts.elems.iter().collect();
                Ok(self.parts(&parts, items, referenced, frame)?.unwrap_or(false))
            }
            Pat::TupleStruct(variant) => self.variant(variant, value, pattern, frame),
            other => Err(Refusal::foreign(other, "this pattern").into()),
        }
    }

    /// `Some(x)`, `Ok(x)` and `Err(x)`.
    fn variant(
        &mut self,
        variant: &'a syn::PatTupleStruct,
        value: Value<'a>,
        pattern: &'a Pat,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a, bool> {
        let (behind, referenced) = peeled(value);
        let name = variant.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let inner = match (name.as_str(), &behind) {
            ("Some", Value::Option(inner)) => inner.clone(),
            ("Ok", Value::Result(result)) => result.as_ref().ok().cloned(),
            ("Err", Value::Result(result)) => result.as_ref().err().cloned(),
            ("Some" | "Ok" | "Err", other) => {
                return Err(unlike(
                    pattern,
                    other,
                    if name == "Some" { "an `Option`" } else { "a `Result`" },
                ));
            }
            _ => return Err(Refusal::foreign(pattern, "this pattern").into()),
        };
        let (Some(part), 1) = (variant.elems.first(), variant.elems.len()) else {
            return Err(Refusal::new(pattern, format!("`{name}` holds one value"))
                .label("not one")
                .help(format!("write `{name}(value)`"))
                .into());
        };
        let Some(inner) = inner else { return Ok(false) };
        let inner = if referenced { Value::Reference(inner) } else { Rc::unwrap_or_clone(inner) };
        self.deeper(pattern, |it| it.bind(part, inner, frame))
    }

    /// Binds patterns to items one by one, `..` to whatever is between; `None` where there are
    /// too few or too many.
    fn parts(
        &mut self,
        parts: &[&'a Pat],
        items: &[Value<'a>],
        referenced: bool,
        frame: &mut Frame<'a>,
    ) -> Outcome<'a, Option<bool>> {
        let rest = parts.iter().position(|it| matches!(it, Pat::Rest(_)));
        let fits = match rest {
            Some(_) => items.len() + 1 >= parts.len(),
            None => items.len() == parts.len(),
        };
        if !fits {
            return Ok(None);
        }
        let (first, last) = match rest {
            Some(at) => (&parts[..at], &parts[at + 1..]),
            None => (parts, &parts[parts.len()..]),
        };
        let behind = &items[items.len() - last.len()..];
        for (part, item) in first.iter().zip(items).chain(last.iter().zip(behind)) {
            let item = if referenced { item.clone().reference() } else { item.clone() };
            if !self.deeper(*part, |it| it.bind(part, item, frame))? {
                return Ok(Some(false));
            }
        }
        Ok(Some(true))
    }

    /// The constant that a name in a pattern stands for, if it stands for one.
    fn constant_in(&mut self, pattern: &'a Pat, name: &str) -> Outcome<'a, Option<Value<'a>>> {
        if !name.starts_with(char::is_uppercase) {
            return Ok(None);
        }
        if self.names[self.unit].constants.contains_key(name) {
            return self.constant(self.unit, name, pattern).map(Some);
        }
        if name == "None" {
            return Ok(Some(Value::Option(None)));
        }
        if !is_constant_pattern(pattern) && !matches!(pattern, Pat::Path(_)) {
            return Ok(None);
        }
        Ok(whimbrel_migration::dispatch::constant(name).map(Value::object))
    }

    fn within(
        &mut self,
        range: &'a syn::PatRange,
        value: &Value<'a>,
        at: &'a Pat,
    ) -> Outcome<'a, bool> {
        let end = |own: &mut Self, it: Option<&'a Expr>| match it {
            Some(it) => own.expression(it, &mut Frame::new()).map(Some),
            None => Ok(None),
        };
        let from = end(self, range.start.as_deref())?;
        let to = end(self, range.end.as_deref())?;
        let closed = matches!(range.limits, syn::RangeLimits::Closed(_));
        let below = |a: &Value<'a>, b: &Value<'a>| match (a, b) {
            (Value::Int(a, v), Value::Int(b, w)) if v.with(*w).is_some() => Some(a.cmp(b)),
            (Value::Char(a), Value::Char(b)) => Some(a.cmp(b)),
            _ => None,
        };
        let mut fits = true;
        for (end, first) in [(&from, true), (&to, false)] {
            let Some(end) = end else { continue };
            let Some(order) = below(end, value) else {
                return Err(unlike(at, value, &format!("a `{end}`")));
            };
            fits &= if first {
                order.is_le()
            } else if closed {
                order.is_ge()
            } else {
                order.is_gt()
            };
        }
        Ok(fits)
    }
}

fn equal<'a>(wanted: &Value<'a>, value: &Value<'a>, at: &Pat) -> Outcome<'a, bool> {
    let value = if matches!(wanted, Value::Option(_)) { value.behind() } else { value };
    let text = matches!((wanted, value), (Value::Str(_), Value::String(_) | Value::Reference(_)));
    if text || !wanted.same_type(value) {
        let wanted = format!("a `{wanted}`");
        let stop = unlike(at, value, &wanted);
        return Err(stop);
    }
    Ok(wanted.equals(value).unwrap_or(false))
}

/// The value behind references, and whether there was one.
fn peeled(value: Value<'_>) -> (Value<'_>, bool) {
    match value {
        Value::Reference(_) => (value.behind().clone(), true),
        other => (other, false),
    }
}

fn unlike<'a>(at: &Pat, value: &Value<'_>, wanted: &str) -> super::refuse::Stop<'a> {
    let help = match value.behind() {
        Value::String(_) => "write `.as_str()` behind the value that is matched",
        Value::Str(_) => "write `*` before the value that is matched",
        _ => "write a pattern of the value's own shape",
    };
    let span: Span = at.span();
    Refusal::new(&span, format!("the pattern is for {wanted}, and this is a `{value}`"))
        .label("can't fit")
        .help(help)
        .into()
}
