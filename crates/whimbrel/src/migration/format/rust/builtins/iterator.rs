//! The methods of iterators, and of ranges, which are some.

use std::rc::Rc;

use syn::{AngleBracketedGenericArguments, GenericArgument, PathArguments, PathSegment, Type};

use super::{
    super::{
        evaluate::{Interpreter, Outcome},
        number::ordering,
        refuse::Refusal,
        template::shown,
        value::{Holder, Value, Width},
    },
    Method, count, may_be_one_type, optional,
};

pub(super) const OF_ITERATOR: &[&str] = &[
    "map",
    "filter",
    "filter_map",
    "flat_map",
    "enumerate",
    "zip",
    "chain",
    "rev",
    "take",
    "skip",
    "step_by",
    "take_while",
    "skip_while",
    "cloned",
    "copied",
    "collect",
    "fold",
    "any",
    "all",
    "find",
    "position",
    "count",
    "last",
    "sum",
    "product",
    "reduce",
    "min",
    "max",
    "min_by_key",
    "max_by_key",
];

impl<'a> Interpreter<'a> {
    pub(super) fn of_iterator(&mut self, value: Value<'a>, method: &mut Method<'a>) -> Outcome<'a> {
        let at = &method.call.method;
        if let (Value::Range(from, to, width), "contains") = (&value, method.name.as_str()) {
            let (from, to, width) = (*from, *to, *width);
            let wanted = method.one()?;
            return match wanted.behind() {
                Value::Int(number, own) if own.with(width).is_some() => {
                    Ok(Value::Bool((from..to).contains(number)))
                }
                other => Err(method.wrong(0, "a reference to an integer", other)),
            };
        }
        if matches!(value, Value::Reference(_)) {
            return Err(method.unknown(&value, OF_ITERATOR, Some("take the `&` away")));
        }
        if !OF_ITERATOR.contains(&method.name.as_str())
            && method.name != "iter"
            && method.name != "into_iter"
        {
            let hint = (method.name == "join").then_some("write `.collect::<Vec<_>>()` before it");
            return Err(method.unknown(&value, OF_ITERATOR, hint));
        }
        let items = self.sequence(value, at)?;
        self.pay(items.len(), at)?;
        let iterator = |items| Value::list(Holder::Iterator, items);
        match method.name.as_str() {
            "map" => {
                let function = method.one()?;
                let items = self.mapped(items, &function, method)?;
                if let Some((first, other)) = mixed(&items) {
                    let message = format!("this closure gives a `{first}` and a `{other}`");
                    return Err(Refusal::new(&method.at(0), message)
                        .label("values of two types")
                        .help("let it give values of one type")
                        .into());
                }
                self.made(iterator(items), at)
            }
            "filter" | "find" => {
                let function = method.one()?;
                let mut kept = Vec::new();
                for item in items {
                    if self.asked(&function, item.clone().reference(), method)? {
                        kept.push(item);
                        if method.name == "find" {
                            break;
                        }
                    }
                }
                Ok(if method.name == "find" { optional(kept.pop()) } else { iterator(kept) })
            }
            "take_while" | "skip_while" => {
                let function = method.one()?;
                let mut end = 0;
                for item in &items {
                    if !self.asked(&function, item.clone().reference(), method)? {
                        break;
                    }
                    end += 1;
                }
                let mut items = items;
                let rest = items.split_off(end);
                Ok(iterator(if method.name == "take_while" { items } else { rest }))
            }
            "step_by" => {
                let step = method.one()?;
                let step = method.number(0, &step)?;
                if step == 0 {
                    return Err(Refusal::new(&method.at(0), "a step of 0 leads nowhere")
                        .by_value()
                        .label("a panic in Rust")
                        .help("write a step of 1 or more")
                        .into());
                }
                Ok(iterator(items.into_iter().step_by(step).collect()))
            }
            "reduce" => {
                let function = method.one()?;
                let mut items = items.into_iter();
                let Some(mut result) = items.next() else { return Ok(Value::Option(None)) };
                for item in items {
                    let next = self.ask(&function, vec![result, item.clone()], method)?;
                    if !may_be_one_type(&item, &next) {
                        return Err(method.wrong(0, &format!("what gives a `{item}`"), &next));
                    }
                    result = next;
                }
                self.made(Value::some(result), at)
            }
            "min_by_key" | "max_by_key" => {
                let function = method.one()?;
                let mut best: Option<(Value<'a>, Value<'a>)> = None;
                for item in items {
                    let key = self.ask(&function, vec![item.clone().reference()], method)?;
                    let better = match &best {
                        None => true,
                        Some((before, _)) => {
                            let Some(order) = ordering(&key, before) else {
                                let hint = "only integers and strings can be compared";
                                return Err(method.unknown(&key, &[], Some(hint)));
                            };
                            if method.name == "min_by_key" { order.is_lt() } else { order.is_ge() }
                        }
                    };
                    if better {
                        best = Some((key, item));
                    }
                }
                Ok(optional(best.map(|it| it.1)))
            }
            "filter_map" | "flat_map" => {
                let function = method.one()?;
                let mut all = Vec::new();
                for item in items {
                    let result = self.ask(&function, vec![item], method)?;
                    all.extend(self.sequence(result, at)?);
                }
                self.made(iterator(all), at)
            }
            "any" | "all" | "position" => {
                let function = method.one()?;
                let wanted = method.name != "all";
                let mut found = None;
                for (position, item) in items.into_iter().enumerate() {
                    if self.asked(&function, item, method)? == wanted {
                        found = Some(position);
                        break;
                    }
                }
                Ok(match method.name.as_str() {
                    "position" => optional(found.map(count)),
                    _ => Value::Bool(found.is_some() == wanted),
                })
            }
            "enumerate" => {
                method.none()?;
                let pair = |(position, item)| Value::Tuple(Rc::new(vec![count(position), item]));
                Ok(iterator(items.into_iter().enumerate().map(pair).collect()))
            }
            "zip" | "chain" => {
                let other = method.one()?;
                let other = self.sequence(other, &method.at(0))?;
                self.pay(other.len(), at)?;
                let items = if method.name == "zip" {
                    items
                        .into_iter()
                        .zip(other)
                        .map(|(a, b)| Value::Tuple(Rc::new(vec![a, b])))
                        .collect()
                } else {
                    items.into_iter().chain(other).collect()
                };
                self.made(iterator(items), at)
            }
            "rev" => method.none().map(|()| iterator(items.into_iter().rev().collect())),
            "take" | "skip" => {
                let some = method.one()?;
                let some = method.number(0, &some)?;
                let part: Vec<Value<'a>> = if method.name == "take" {
                    items.into_iter().take(some).collect()
                } else {
                    items.into_iter().skip(some).collect()
                };
                Ok(iterator(part))
            }
            "cloned" | "copied" | "iter" | "into_iter" => {
                method.none()?;
                let inner = |it: Value<'a>| match it {
                    Value::Reference(inner)
                        if method.name == "cloned" || method.name == "copied" =>
                    {
                        Rc::unwrap_or_clone(inner)
                    }
                    other => other,
                };
                Ok(iterator(items.into_iter().map(inner).collect()))
            }
            "collect" => {
                method.none()?;
                collected(items, method)
            }
            "fold" => {
                let (mut sum, function) = method.two()?;
                for item in items {
                    sum = self.ask(&function, vec![sum, item], method)?;
                }
                Ok(sum)
            }
            "count" => method.none().map(|()| count(items.len())),
            "last" => method.none().map(|()| optional(items.into_iter().next_back())),
            _ => {
                method.none()?;
                gathered(items, method)
            }
        }
    }
}

/// `sum`, `min` and `max` of integers and strings.
fn gathered<'a>(items: Vec<Value<'a>>, method: &Method<'a>) -> Outcome<'a> {
    let at = &method.call.method;
    if method.name == "sum" || method.name == "product" {
        let adds = method.name == "sum";
        let mut sum = (i128::from(!adds), Width::Any);
        for item in &items {
            let Value::Int(number, width) = item.behind() else {
                return Err(method.unknown(item, &[], Some("only integers can be reckoned with")));
            };
            let width = sum.1.with(*width).unwrap_or(*width);
            let total = if adds { sum.0.checked_add(*number) } else { sum.0.checked_mul(*number) };
            let Some(total) = total.filter(|it| width.holds(*it)) else {
                return Err(Refusal::new(
                    at,
                    format!("the {} is out of range for `{}`", method.name, width.name()),
                )
                .label("overflows")
                .help("use a wider type")
                .by_value()
                .into());
            };
            sum = (total, width);
        }
        return Ok(Value::Int(sum.0, sum.1));
    }
    let mut best: Option<Value<'a>> = None;
    for item in items {
        best = Some(match best {
            None => item,
            Some(before) => {
                let Some(order) = ordering(&item, &before) else {
                    return Err(method.unknown(
                        &item,
                        &[],
                        Some("only integers and strings can be compared"),
                    ));
                };
                let better = if method.name == "min" { order.is_lt() } else { order.is_ge() };
                if better { item } else { before }
            }
        });
    }
    Ok(optional(best))
}

/// A list as what `collect` is told to make.
fn collected<'a>(items: Vec<Value<'a>>, method: &Method<'a>) -> Outcome<'a> {
    collected_as(items, method.call.turbofish.as_ref().and_then(first_type), method)
}

/// The first of types in angle brackets.
fn first_type(arguments: &AngleBracketedGenericArguments) -> Option<&PathSegment> {
    match arguments.args.first()? {
        GenericArgument::Type(Type::Path(path)) => path.path.segments.last(),
        _ => None,
    }
}

fn collected_as<'a>(
    items: Vec<Value<'a>>,
    wanted: Option<&PathSegment>,
    method: &Method<'a>,
) -> Outcome<'a> {
    let Some(wanted) = wanted else {
        return Ok(Value::Into(Rc::new(Value::list(Holder::Iterator, items))));
    };
    let inside = || match &wanted.arguments {
        PathArguments::AngleBracketed(arguments) => first_type(arguments),
        _ => None,
    };
    match wanted.ident.to_string().as_str() {
        "Vec" => Ok(Value::list(Holder::Vec, items)),
        "String" => {
            let texts: Option<Vec<String>> = items.iter().map(shown).collect();
            texts.map(|it| Value::string(it.concat())).ok_or_else(|| {
                Refusal::new(&method.call.method, "only text can be collected into a `String`")
                    .label("something else")
                    .into()
            })
        }
        // The first that is none has the say; else those that are there, collected.
        "Result" => {
            let mut there = Vec::with_capacity(items.len());
            for item in items {
                match item.behind() {
                    Value::Result(Ok(it)) => there.push((**it).clone()),
                    Value::Result(Err(_)) => return Ok(item.behind().clone()),
                    _ => return Err(method.unknown(&item, &[], Some("these are no results"))),
                }
            }
            Ok(Value::Result(Ok(Rc::new(collected_as(there, inside(), method)?))))
        }
        "Option" => {
            let mut there = Vec::with_capacity(items.len());
            for item in items {
                match item.behind() {
                    Value::Option(Some(it)) => there.push((**it).clone()),
                    Value::Option(None) => return Ok(Value::Option(None)),
                    _ => return Err(method.unknown(&item, &[], Some("these are no options"))),
                }
            }
            Ok(Value::Option(Some(Rc::new(collected_as(there, inside(), method)?))))
        }
        other => Err(Refusal::foreign(&method.call.method, &format!("`collect` into a `{other}`"))
            .help("write `.collect::<Vec<_>>()`")
            .into()),
    }
}

pub(super) fn texts(items: &[Value<'_>]) -> Option<Vec<String>> {
    items.iter().map(|it| it.text().map(|it| it.as_ref().to_owned())).collect()
}

/// The first of these values and one that is of another type.
pub(super) fn mixed<'v, 'a>(items: &'v [Value<'a>]) -> Option<(&'v Value<'a>, &'v Value<'a>)> {
    let first = items.first()?;
    items.iter().find(|it| !may_be_one_type(first, it)).map(|it| (first, it))
}
