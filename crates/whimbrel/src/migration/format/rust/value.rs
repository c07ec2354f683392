//! What an expression of a migration file can be while it is evaluated.

use std::{fmt, rc::Rc};

use proc_macro2::Span;
use syn::{ExprClosure, Ident, ItemFn};
use whimbrel_migration::dispatch::{self, Entry, Object};

use super::symbols::Symbol;

/// The type of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// A literal whose place hasn't said yet what it is.
    Any,
    /// A type by its name.
    Of(&'static Integer),
}

/// A type of integers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Integer {
    pub name: &'static str,
    pub least: i128,
    pub greatest: i128,
}

const fn integer(name: &'static str, least: i128, greatest: i128) -> Integer {
    Integer { name, least, greatest }
}

static INTEGERS: [Integer; 12] = [
    integer("i8", i8::MIN as i128, i8::MAX as i128),
    integer("i16", i16::MIN as i128, i16::MAX as i128),
    integer("i32", i32::MIN as i128, i32::MAX as i128),
    integer("i64", i64::MIN as i128, i64::MAX as i128),
    integer("i128", i128::MIN, i128::MAX),
    integer("isize", i64::MIN as i128, i64::MAX as i128),
    integer("u8", 0, u8::MAX as i128),
    integer("u16", 0, u16::MAX as i128),
    integer("u32", 0, u32::MAX as i128),
    integer("u64", 0, u64::MAX as i128),
    // Greater numbers than these stand in no migration.
    integer("u128", 0, i128::MAX),
    integer("usize", 0, u64::MAX as i128),
];

impl Width {
    pub(super) fn named(name: &str) -> Option<Self> {
        INTEGERS.iter().find(|it| it.name == name).map(Self::Of)
    }

    pub(super) fn usize() -> Self {
        Self::Of(&INTEGERS[11])
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Any => "integer",
            Self::Of(it) => it.name,
        }
    }

    pub(super) fn holds(self, number: i128) -> bool {
        match self {
            Self::Any => true,
            Self::Of(it) => (it.least..=it.greatest).contains(&number),
        }
    }

    /// The type of two operands together, if they have one.
    pub(super) fn with(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Any, it) | (it, Self::Any) => Some(it),
            (a, b) => (a == b).then_some(a),
        }
    }
}

/// What holds several values of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// `[…]`.
    Array,
    /// `vec![…]`.
    Vec,
    /// `[…]` behind a `&`, where its length is forgotten.
    Slice,
    /// What `.iter()` and the like give.
    Iterator,
}

#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Unit,
    Bool(bool),
    Int(i128, Width),
    Char(char),
    /// `&str`.
    Str(Rc<str>),
    String(Rc<str>),
    List(Holder, Rc<Vec<Value<'a>>>),
    /// `from..to`, not yet counted through.
    Range(i128, i128, Width),
    Tuple(Rc<Vec<Value<'a>>>),
    Option(Option<Rc<Value<'a>>>),
    Result(Result<Rc<Value<'a>>, Rc<Value<'a>>>),
    /// `&value`: what it points at can't change while it lives, so it holds it.
    Reference(Rc<Value<'a>>),
    /// What `.into()` gives before its place says what it becomes.
    Into(Rc<Value<'a>>),
    Function(Function<'a>),
    Object(Rc<Thing>),
    /// The database that a data migration works on.
    Db,
}

/// Something that can be called.
#[derive(Clone, Debug)]
pub(super) enum Function<'a> {
    /// A function of the file `unit`.
    Item {
        unit: usize,
        item: &'a ItemFn,
    },
    Closure(Rc<Closure<'a>>),
    /// A function of the builder.
    Entry(&'static Entry),
    /// A function of the language, by its path.
    Native(&'static str),
    /// A function of the application.
    Symbol(&'a Symbol),
}

#[derive(Debug)]
pub(super) struct Closure<'a> {
    pub unit: usize,
    pub code: &'a ExprClosure,
    /// The names that it takes from outside, as far as that shows.
    pub needs: Vec<String>,
    /// Whether all it captured can be copied.
    pub copy: bool,
    /// What it captured. What a call moves out of it is gone for the next call.
    pub captured: std::cell::RefCell<Vec<Slot<'a>>>,
}

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Slot<'a> {
    pub name: &'a Ident,
    pub state: State<'a>,
    pub mutable: bool,
    /// Whether it stands outside of the closure that runs.
    pub captured: bool,
}

#[derive(Clone, Debug)]
pub(super) enum State<'a> {
    /// Declared, and as yet without a value.
    Empty,
    Here(Value<'a>),
    /// Moved away at this place.
    Moved(Span),
}

/// A value of the builder, and for a migration the places that made it.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub object: Object,
    pub origin: Option<Origin>,
}

/// The places that a migration was made at, or the one that a failure was.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub parents: Mark,
    pub operations: Vec<Mark>,
}

/// A place in one of the files that are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub unit: usize,
    pub start: Span,
    pub end: Span,
}

impl Value<'_> {
    pub(super) fn object(object: Object) -> Self {
        Self::Object(Rc::new(Thing { object, origin: None }))
    }

    pub(super) fn string(text: impl AsRef<str>) -> Self {
        Self::String(text.as_ref().into())
    }

    pub(super) fn list(holder: Holder, items: Vec<Self>) -> Self {
        Self::List(holder, Rc::new(items))
    }

    pub(super) fn some(value: Self) -> Self {
        Self::Option(Some(Rc::new(value)))
    }

    pub(super) fn reference(self) -> Self {
        match self {
            // A `&str` of a text is the text itself.
            Self::List(Holder::Slice, items) => Self::List(Holder::Slice, items),
            other => Self::Reference(Rc::new(other)),
        }
    }

    /// Whether using it leaves it where it is.
    pub(super) fn is_copy(&self) -> bool {
        match self {
            Self::Unit
            | Self::Bool(_)
            | Self::Int(..)
            | Self::Char(_)
            | Self::Str(_)
            // Handing it on lends it.
            | Self::Db
            | Self::List(Holder::Slice, _)
            | Self::Reference(_) => true,
            Self::List(Holder::Array, items) | Self::Tuple(items) => {
                items.iter().all(Self::is_copy)
            }
            Self::List(..) | Self::String(_) | Self::Range(..) | Self::Into(_) => false,
            Self::Option(inner) => inner.as_ref().is_none_or(|it| it.is_copy()),
            Self::Result(Ok(inner) | Err(inner)) => inner.is_copy(),
            Self::Function(function) => function.is_copy(),
            Self::Object(thing) => {
                matches!(thing.object, Object::Action(_) | Object::Database(_))
            }
        }
    }

    /// How many values it is made of, counted up to `most`; a deep nest counts as too many.
    pub(super) fn weight(&self, most: usize, depth: usize) -> usize {
        if depth == 0 {
            return most;
        }
        let all = |items: &[Self]| {
            items.iter().fold(1, |sum: usize, it| {
                if sum >= most { sum } else { sum + it.weight(most - sum, depth - 1) }
            })
        };
        match self {
            Self::List(_, items) | Self::Tuple(items) => all(items),
            Self::Option(Some(it)) | Self::Reference(it) | Self::Into(it) => {
                1 + it.weight(most, depth - 1)
            }
            Self::Result(Ok(it) | Err(it)) => 1 + it.weight(most, depth - 1),
            _ => 1,
        }
    }

    /// What a reference, or a reference to a reference, points at.
    pub(super) fn behind(&self) -> &Self {
        let mut value = self;
        while let Self::Reference(inner) = value {
            value = inner;
        }
        value
    }

    /// The text, of whichever kind.
    pub(super) fn text(&self) -> Option<&Rc<str>> {
        match self.behind() {
            Self::Str(text) | Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether both are of one type, as far as it shows.
    pub(super) fn same_type(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(_, a), Self::Int(_, b)) | (Self::Range(_, _, a), Self::Range(_, _, b)) => {
                a.with(*b).is_some()
            }
            (Self::List(a, x), Self::List(b, y)) => {
                let sized = *a == Holder::Array;
                a == b
                    && (!sized || x.len() == y.len())
                    && x.first().zip(y.first()).is_none_or(|(x, y)| x.same_type(y))
            }
            (Self::Tuple(x), Self::Tuple(y)) => {
                x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| x.same_type(y))
            }
            (Self::Option(x), Self::Option(y)) => {
                x.as_ref().zip(y.as_ref()).is_none_or(|(x, y)| x.same_type(y))
            }
            (Self::Reference(x), Self::Reference(y)) => x.same_type(y),
            (Self::Object(x), Self::Object(y)) => x.object.type_name() == y.object.type_name(),
            // Each closure is of a type of its own.
            (Self::Function(Function::Closure(_)), _) => false,
            // Which type either side of a `Result` has shows in only one of them.
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// Whether both are equal; `None` where they can't be compared.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Unit, Self::Unit) => Some(true),
            (Self::Bool(a), Self::Bool(b)) => Some(a == b),
            (Self::Char(a), Self::Char(b)) => Some(a == b),
            (Self::Int(a, v), Self::Int(b, w)) => v.with(*w).map(|_| a == b),
            (Self::Str(a) | Self::String(a), Self::Str(b) | Self::String(b)) => Some(a == b),
            (Self::List(_, a), Self::List(_, b)) | (Self::Tuple(a), Self::Tuple(b)) => {
                if a.len() != b.len() {
                    return Some(false);
                }
                a.iter().zip(b.iter()).try_fold(true, |all, (a, b)| Some(a.equals(b)? && all))
            }
            (Self::Option(a), Self::Option(b)) => match (a, b) {
                (Some(a), Some(b)) => a.equals(b),
                (a, b) => Some(a.is_none() && b.is_none()),
            },
            (Self::Reference(a), Self::Reference(b)) => a.equals(b),
            // `&String == str` and the like, which rustc knows too.
            (Self::Reference(a), b @ Self::Str(_)) | (b @ Self::Str(_), Self::Reference(a))
                if matches!(**a, Self::String(_)) =>
            {
                a.equals(b)
            }
            (Self::Object(a), Self::Object(b)) if a.object.type_name() == b.object.type_name() => {
                Some(a.object == b.object)
            }
            _ => None,
        }
    }
}

impl Function<'_> {
    fn is_copy(&self) -> bool {
        match self {
            Self::Closure(closure) => closure.copy,
            Self::Item { .. } | Self::Entry(_) | Self::Native(_) | Self::Symbol(_) => true,
        }
    }
}

impl fmt::Display for Value<'_> {
    /// Its type, as the user would write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit => f.write_str("()"),
            Self::Bool(_) => f.write_str("bool"),
            Self::Int(_, width) => f.write_str(width.name()),
            Self::Char(_) => f.write_str("char"),
            Self::Str(_) => f.write_str("&str"),
            Self::String(_) => f.write_str("String"),
            Self::List(holder, items) => {
                let item = items.first().map_or_else(|| "_".to_owned(), Self::to_string);
                match holder {
                    Holder::Array => write!(f, "[{item}; {}]", items.len()),
                    Holder::Vec => write!(f, "Vec<{item}>"),
                    Holder::Slice => write!(f, "&[{item}]"),
                    Holder::Iterator => write!(f, "iterator over {item}"),
                }
            }
            Self::Range(..) => f.write_str("range"),
            Self::Tuple(items) => {
                f.write_str("(")?;
                for (position, item) in items.iter().enumerate() {
                    f.write_str(if position == 0 { "" } else { ", " })?;
                    item.fmt(f)?;
                }
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Self::Option(Some(inner)) => write!(f, "Option<{inner}>"),
            Self::Option(None) => f.write_str("Option<_>"),
            Self::Result(Ok(inner)) => write!(f, "Result<{inner}, _>"),
            Self::Result(Err(inner)) => write!(f, "Result<_, {inner}>"),
            Self::Reference(inner) => write!(f, "&{inner}"),
            Self::Into(_) => f.write_str(".into()"),
            Self::Function(_) => f.write_str("function"),
            Self::Object(thing) => f.write_str(thing.object.type_name()),
            Self::Db => f.write_str("Db"),
        }
    }
}

/// A number in a list or a tuple that is declared to be of another type than numbers of rows are.
pub(super) fn odd_number(value: &Value<'_>) -> Option<(i128, Width)> {
    let (Value::List(_, items) | Value::Tuple(items)) = value else { return None };
    let wanted = Width::named("i64").unwrap_or(Width::Any);
    items.iter().find_map(|it| match it {
        Value::Int(number, width) if width.with(wanted).is_none() || !wanted.holds(*number) => {
            Some((*number, *width))
        }
        _ => None,
    })
}

/// The values of a row or of a statement, where one that may be missing is null.
pub(super) fn nulls_for_none<'a>(value: Value<'a>) -> Value<'a> {
    let one = |it: Value<'a>| match it {
        Value::Option(Some(inner)) => Rc::unwrap_or_clone(inner),
        Value::Option(None) => Value::object(Object::Cell(whimbrel_migration::null())),
        other => other,
    };
    let each = |items: Rc<Vec<Value<'a>>>| -> Vec<Value<'a>> {
        Rc::unwrap_or_clone(items).into_iter().map(one).collect()
    };
    match value {
        Value::Tuple(items) => Value::Tuple(Rc::new(each(items))),
        Value::List(holder @ (Holder::Array | Holder::Vec), items) => {
            Value::list(holder, each(items))
        }
        other => other,
    }
}

/// What the builder takes, where this is something it takes; a reference to a list or to text
/// stands for it, as it does for rustc.
pub(super) fn for_builder(value: Value<'_>) -> Option<dispatch::Value> {
    Some(match value {
        Value::Bool(it) => dispatch::Value::Boolean(it),
        Value::Int(it, _) => dispatch::Value::Integer(it),
        Value::Str(it) | Value::String(it) => dispatch::Value::Text(it.as_ref().to_owned()),
        Value::List(Holder::Array | Holder::Vec | Holder::Slice, items) => {
            if items.iter().any(|it| matches!(it, Value::List(..) | Value::Reference(_))) {
                return None;
            }
            let items = Rc::unwrap_or_clone(items);
            dispatch::Value::List(items.into_iter().map(for_builder).collect::<Option<_>>()?)
        }
        Value::Tuple(items) => {
            let items = Rc::unwrap_or_clone(items);
            dispatch::Value::Tuple(items.into_iter().map(for_builder).collect::<Option<_>>()?)
        }
        Value::Object(thing) => dispatch::Value::Object(Rc::unwrap_or_clone(thing).object),
        Value::Reference(inner) => match &*inner {
            Value::String(it) => dispatch::Value::Text(it.as_ref().to_owned()),
            Value::List(Holder::Array | Holder::Vec, items)
                if items.iter().all(|it| matches!(it, Value::Str(_) | Value::String(_))) =>
            {
                for_builder(Value::List(Holder::Slice, Rc::clone(items)))?
            }
            _ => return None,
        },
        _ => return None,
    })
}
