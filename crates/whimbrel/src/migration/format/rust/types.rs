//! Declared types: whether a value is of one, and what it becomes there.

use std::rc::Rc;

use syn::{
    GenericArgument, PathArguments, Type, TypeParamBound, TypePath, TypeReference, spanned::Spanned,
};
use whimbrel_migration::dispatch::{Object, TYPES};

use super::{
    evaluate::{Frame, Interpreter, Outcome},
    path::type_names,
    place::index,
    refuse::{Refusal, Stop},
    value::{Holder, Value, Width},
};
use crate::diagnostic::did_you_mean;

impl<'a> Interpreter<'a> {
    /// `value` as a `wanted`; what isn't one is refused at `at`.
    pub(super) fn fits(
        &mut self,
        wanted: &'a Type,
        value: Value<'a>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        match wanted {
            Type::Infer(_) => match value {
                Value::Into(_) => Err(wrong("a type that is said", &value, at)),
                value => Ok(value),
            },
            Type::Paren(inner) => self.fits(&inner.elem, value, at),
            Type::Group(inner) => self.fits(&inner.elem, value, at),
            Type::Path(path) => self.fits_path(path, value, at),
            Type::Reference(reference) => self.fits_reference(reference, value, at),
            Type::Tuple(parts) if parts.elems.is_empty() => match value {
                Value::Unit => Ok(Value::Unit),
                other => Err(wrong("nothing", &other, at)),
            },
            Type::Tuple(parts) => match value {
                Value::Tuple(items) if items.len() == parts.elems.len() => {
                    let items = Rc::unwrap_or_clone(items);
                    let items: Vec<Value<'a>> = parts
                        .elems
                        .iter()
                        .zip(items)
                        .map(|(wanted, item)| self.fits(wanted, item, at))
                        .collect::<Result<_, _>>()?;
                    Ok(Value::Tuple(Rc::new(items)))
                }
                other => Err(wrong("a tuple of that many values", &other, at)),
            },
            Type::Array(array) => {
                let length = self.expression(&array.len, &mut Frame::new())?;
                match value {
                    Value::List(Holder::Array, items) if index(&length) == Some(items.len()) => {
                        self.all(&array.elem, Holder::Array, items, at)
                    }
                    Value::List(Holder::Array, items) => {
                        let length = index(&length).unwrap_or_default();
                        let message = format!(
                            "an array of {length} values is wanted, and this has {}",
                            items.len()
                        );
                        Err(Refusal::new(at, message)
                            .label("of another length")
                            .help("correct the length in the type")
                            .into())
                    }
                    other => Err(wrong("an array", &other, at)),
                }
            }
            Type::ImplTrait(bounds) => fits_bounds(&bounds.bounds, value, wanted, at),
            Type::TraitObject(bounds) => fits_bounds(&bounds.bounds, value, wanted, at),
            Type::FnPtr(_) => match value {
                Value::Function(_) => Ok(value),
                other => Err(wrong("a function", &other, at)),
            },
            other => Err(Refusal::foreign(other, "this type").into()),
        }
    }

    fn fits_path(
        &mut self,
        path: &'a TypePath,
        value: Value<'a>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        let Some(last) = path.path.segments.last() else { return Ok(value) };
        let name = last.ident.to_string();
        let arguments: Vec<&'a Type> = match &last.arguments {
            PathArguments::AngleBracketed(them) => them
                .args
                .iter()
                .filter_map(|it| if let GenericArgument::Type(it) = it { Some(it) } else { None })
                .collect(),
            _ => Vec::new(),
        };
        if let Some(width) = Width::named(&name) {
            return match value {
                Value::Int(number, own) if own.with(width).is_some() => {
                    if width.holds(number) {
                        return Ok(Value::Int(number, width));
                    }
                    Err(Refusal::new(at, format!("{number} is out of range for `{name}`"))
                        .label("out of range")
                        .help("use a wider type")
                        .into())
                }
                Value::Into(inner) if matches!(*inner, Value::Int(..)) => {
                    fits_into_integer(&inner, width, at)
                }
                other => Err(wrong(&format!("`{name}`"), &other, at)),
            };
        }
        let value = match value {
            Value::Into(inner) => converted(&name, &inner, at)?,
            other => other,
        };
        match (name.as_str(), value) {
            ("bool", value @ Value::Bool(_))
            | ("char", value @ Value::Char(_))
            | ("String", value @ Value::String(_)) => Ok(value),
            ("Vec", Value::List(Holder::Vec, items)) => match arguments.first() {
                Some(wanted) => self.all(wanted, Holder::Vec, items, at),
                None => Ok(Value::List(Holder::Vec, items)),
            },
            ("Option", Value::Option(None)) => Ok(Value::Option(None)),
            ("Option", Value::Option(Some(inner))) => match arguments.first() {
                Some(wanted) => {
                    let inner = self.fits(wanted, Rc::unwrap_or_clone(inner), at)?;
                    Ok(Value::some(inner))
                }
                None => Ok(Value::Option(Some(inner))),
            },
            ("Result", Value::Result(result)) => {
                let side = usize::from(result.is_err());
                let (Ok(inner) | Err(inner)) = result.clone();
                let inner = match arguments.get(side) {
                    Some(wanted) => self.fits(wanted, Rc::unwrap_or_clone(inner), at)?,
                    None => Rc::unwrap_or_clone(inner),
                };
                let inner = Rc::new(inner);
                Ok(Value::Result(if side == 0 { Ok(inner) } else { Err(inner) }))
            }
            (name, Value::Object(thing)) if thing.object.type_name() == name => {
                Ok(Value::Object(thing))
            }
            (name, value) => {
                let known = type_names().any(|it| it == name) || Width::named(name).is_some();
                if known {
                    return Err(wrong(&format!("`{name}`"), &value, at));
                }
                let refusal = match name {
                    "f32" | "f64" => Refusal::foreign(path, "a floating point number")
                        .help("write it as a string: `\"0.10\"`"),
                    "str" => Refusal::new(path, "a `str` has no size of its own")
                        .label("needs a `&`")
                        .help("write `&str`"),
                    _ => Refusal::new(path, format!("there is no type `{name}`"))
                        .label("not found")
                        .help(match did_you_mean(name, type_names()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("write one of the builder's: {}", TYPES.join(", ")),
                        }),
                };
                Err(refusal.into())
            }
        }
    }

    fn fits_reference(
        &mut self,
        reference: &'a TypeReference,
        value: Value<'a>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        if let Some(word) = &reference.mutability {
            if is_db(&reference.elem) {
                return match value {
                    Value::Db => Ok(value),
                    other => Err(wrong("`&mut Db`", &other, at)),
                };
            }
            return Err(Refusal::foreign(word, "a `&mut` reference")
                .help("take the value and return the changed one")
                .into());
        }
        match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => match &value {
                Value::Str(_) => Ok(value),
                Value::Reference(_) if value.text().is_some() => {
                    Ok(value.text().map_or(Value::Unit, |it| Value::Str(Rc::clone(it))))
                }
                _ => Err(wrong("`&str`", &value, at)),
            },
            Type::Slice(slice) => {
                let items = match &value {
                    Value::List(Holder::Slice, items) => Some(items),
                    Value::Reference(_) => match value.behind() {
                        Value::List(Holder::Array | Holder::Vec | Holder::Slice, items) => {
                            Some(items)
                        }
                        _ => None,
                    },
                    _ => None,
                };
                match items {
                    Some(items) => {
                        let items = Rc::clone(items);
                        self.all(&slice.elem, Holder::Slice, items, at)
                    }
                    None => Err(wrong("a `&[…]`", &value, at)),
                }
            }
            wanted => match value {
                Value::Reference(inner) => {
                    let inner = Rc::unwrap_or_clone(inner);
                    // `&&T` stands for `&T`.
                    let inner = if matches!(wanted, Type::Reference(_)) {
                        inner
                    } else {
                        inner.behind().clone()
                    };
                    Ok(self.fits(wanted, inner, at)?.reference())
                }
                // A reference to text is the text itself here.
                Value::Str(_) if matches!(wanted, Type::Reference(_)) => {
                    Err(wrong("a reference to a reference", &value, at))
                }
                value @ Value::Function(_) => self.fits(wanted, value, at),
                other => Err(wrong("a reference", &other, at)),
            },
        }
    }

    fn all(
        &mut self,
        wanted: &'a Type,
        holder: Holder,
        items: Rc<Vec<Value<'a>>>,
        at: &(impl Spanned + ?Sized),
    ) -> Outcome<'a> {
        self.pay(items.len(), at)?;
        let items: Vec<Value<'a>> = Rc::unwrap_or_clone(items)
            .into_iter()
            .map(|item| self.fits(wanted, item, at))
            .collect::<Result<_, _>>()?;
        Ok(Value::list(holder, items))
    }
}

/// `Db` or `Db<'_>`.
fn is_db(it: &Type) -> bool {
    matches!(it, Type::Path(it) if it.path.segments.last().is_some_and(|it| it.ident == "Db"))
}

fn fits_bounds<'a, 'b>(
    bounds: impl IntoIterator<Item = &'b TypeParamBound>,
    value: Value<'a>,
    wanted: &Type,
    at: &(impl Spanned + ?Sized),
) -> Outcome<'a> {
    let mut understood = false;
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else { continue };
        let Some(last) = bound.path.segments.last() else { continue };
        let name = last.ident.to_string();
        let fits = match name.as_str() {
            "Fn" | "FnMut" | "FnOnce" => matches!(value.behind(), Value::Function(_)),
            "IntoIterator" | "Iterator" => {
                matches!(value.behind(), Value::List(..) | Value::Range(..))
            }
            "Into" | "AsRef" => matches!(
                value,
                Value::Str(_) | Value::String(_) | Value::Reference(_) | Value::Object(_)
            ),
            "Display" | "ToString" => {
                matches!(
                    value.behind(),
                    Value::Str(_)
                        | Value::String(_)
                        | Value::Int(..)
                        | Value::Bool(_)
                        | Value::Char(_)
                )
            }
            "Copy" => value.is_copy(),
            "Clone" => true,
            _ => return Err(Refusal::foreign(bound, "this trait").into()),
        };
        if !fits {
            return Err(wrong(&format!("an `impl {name}`"), &value, at));
        }
        understood = true;
    }
    if understood { Ok(value) } else { Err(Refusal::foreign(wanted, "this type").into()) }
}

fn fits_into_integer<'a>(
    inner: &Value<'a>,
    width: Width,
    at: &(impl Spanned + ?Sized),
) -> Outcome<'a> {
    match inner {
        Value::Int(number, _) if width.holds(*number) => Ok(Value::Int(*number, width)),
        other => Err(wrong(&format!("`{}`", width.name()), other, at)),
    }
}

/// What `.into()` and `.collect()` give where a `name` is wanted.
pub(super) fn converted<'a>(
    name: &str,
    inner: &Value<'a>,
    at: &(impl Spanned + ?Sized),
) -> Outcome<'a> {
    Ok(match (name, inner) {
        ("String", Value::Str(text) | Value::String(text)) => Value::String(Rc::clone(text)),
        ("String", Value::Char(it)) => Value::string(it.to_string()),
        ("Vec", Value::List(_, items)) => Value::List(Holder::Vec, Rc::clone(items)),
        ("String", Value::List(Holder::Iterator, items)) => {
            let mut text = String::new();
            for item in items.iter() {
                match item.behind() {
                    Value::Char(it) => text.push(*it),
                    Value::Str(it) | Value::String(it) => text.push_str(it),
                    other => return Err(wrong("text", other, at)),
                }
            }
            Value::string(text)
        }
        ("Column", Value::Object(thing)) => match &thing.object {
            Object::ColumnType(it) => Value::object(Object::Column(it.clone().into())),
            _ => inner.clone(),
        },
        ("Name", Value::Str(text) | Value::String(text)) => {
            Value::object(Object::Name((&**text).into()))
        }
        ("Failure", Value::Str(text) | Value::String(text)) => {
            Value::object(Object::Failure((&**text).into()))
        }
        ("Option", other) => Value::some(other.clone()),
        _ => inner.clone(),
    })
}

fn wrong<'a>(wanted: &str, value: &Value<'_>, at: &(impl Spanned + ?Sized)) -> Stop<'a> {
    let help = match (wanted, value) {
        ("`String`", Value::Str(_)) => "write `.to_owned()` behind it".to_owned(),
        ("`&str`", Value::String(_)) => "write `&` before it".to_owned(),
        ("`Column`", Value::Object(thing)) if matches!(thing.object, Object::ColumnType(_)) => {
            "write `.nullable()` or `.not_null()` behind the type, or `.into()`".to_owned()
        }
        (_, Value::Unit) => "take the `;` behind the last expression away".to_owned(),
        (_, Value::Into(_)) => "say the type: `let name: String = …`".to_owned(),
        ("`Migration`", _) => {
            "end the function with `Migration::after(\"…\")` and its calls".to_owned()
        }
        (
            _,
            Value::Function(_)
            | Value::Db
            | Value::Int(_, Width::Any)
            | Value::List(Holder::Iterator, _)
            | Value::Range(..),
        ) => format!("write {wanted}"),
        _ => format!("write {wanted}, or declare the type as `{value}`"),
    };
    let found = match value {
        Value::Unit => "nothing is here".to_owned(),
        other => format!("this is a `{other}`"),
    };
    Refusal::new(at, format!("{wanted} is wanted, and {found}")).label(found).help(help).into()
}
