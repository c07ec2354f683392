//! Whether the cases of a `match` are all there are, as far as their patterns tell it.

use std::collections::BTreeSet;

use syn::{Block, Expr, ExprMatch, Lit, Pat, Stmt};

use super::{path::is_constant_pattern, refuse::Refusal, value::Value};

/// Why the compiler would refuse a branch that is not taken beside one that gives `value`, where it
/// shows without evaluating it.
pub(super) fn other_type(branch: &Expr, value: &Value<'_>) -> Option<Refusal> {
    let (gives, fits) = match (branch, value) {
        (_, Value::Into(_)) => return None,
        (Expr::Paren(it), _) => return other_type(&it.expr, value),
        (Expr::Block(it), _) if it.label.is_none() => return other_type_of_block(&it.block, value),
        (Expr::Path(it), _) if it.path.is_ident("None") => {
            ("an `Option`", matches!(value, Value::Option(_)))
        }
        (Expr::Tuple(it), _) if it.elems.is_empty() => ("nothing", matches!(value, Value::Unit)),
        (Expr::Lit(it), _) => match &it.lit {
            Lit::Bool(_) => ("a bool", matches!(value, Value::Bool(_))),
            Lit::Int(_) => ("an integer", matches!(value, Value::Int(..))),
            Lit::Str(_) => ("a `&str`", matches!(value, Value::Str(_) | Value::Reference(_))),
            _ => return None,
        },
        _ => return None,
    };
    (!fits).then(|| {
        Refusal::new(branch, format!("this branch gives {gives}, and the other a `{value}`"))
            .label("of another type")
            .help("let all branches give values of one type")
    })
}

/// The same of what stands in braces.
pub(super) fn other_type_of_block(block: &Block, value: &Value<'_>) -> Option<Refusal> {
    match block.stmts.last() {
        Some(Stmt::Expr(last, None)) => other_type(last, value),
        _ => None,
    }
}

/// Why the compiler would refuse the cases; `None` where they are complete, or where only types
/// could tell.
pub(super) fn missing(it: &ExprMatch) -> Option<Refusal> {
    let mut cases = Vec::new();
    for arm in &it.arms {
        // A case under a condition may not be the one.
        if !matches!(arm.pat, Pat::Guard(_)) {
            flatten(&arm.pat, &mut cases);
        }
    }
    if cases.iter().any(|it| is_any(it)) || is_complete(&cases)? {
        return None;
    }
    Some(
        Refusal::between(
            it.match_token.span,
            it.match_token.span,
            "the cases of this `match` are not all there are",
        )
        .label("some value has no case")
        .help("add the case `_ => …`"),
    )
}

/// The patterns of an `a | b | c`, without parentheses and references around them.
fn flatten<'p>(pattern: &'p Pat, cases: &mut Vec<&'p Pat>) {
    match pattern {
        Pat::Or(any) => any.cases.iter().for_each(|it| flatten(it, cases)),
        Pat::Paren(inner) => flatten(&inner.pat, cases),
        Pat::Reference(inner) => flatten(&inner.pat, cases),
        other => cases.push(other),
    }
}

/// Whether every value fits.
fn is_any(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(name) => {
            !is_constant_pattern(pattern)
                && name.subpat.as_ref().is_none_or(|(_, inner)| is_any(inner))
        }
        Pat::Paren(inner) => is_any(&inner.pat),
        Pat::Reference(inner) => is_any(&inner.pat),
        Pat::Type(inner) => is_any(&inner.pat),
        Pat::Tuple(parts) => parts.elems.iter().all(is_any),
        _ => false,
    }
}

/// Whether cases of which none fits everything are complete; `None` where that can't be told.
fn is_complete(cases: &[&Pat]) -> Option<bool> {
    let mut lengths = BTreeSet::new();
    let mut from = None;
    let mut sides = BTreeSet::new();
    for case in cases {
        match case {
            Pat::Slice(slice) => {
                let rest = slice.elems.iter().any(is_rest);
                if !slice.elems.iter().all(|it| is_rest(it) || is_any(it)) {
                    // `["a", _]` says something of the values.
                    return None;
                }
                let length = slice.elems.len() - usize::from(rest);
                if rest {
                    from = Some(from.map_or(length, |it: usize| it.min(length)));
                } else {
                    lengths.insert(length);
                }
            }
            Pat::Lit(literal) => match &literal.lit {
                Lit::Bool(it) => drop(sides.insert(if it.value { "true" } else { "false" })),
                _ => drop(sides.insert("a value")),
            },
            Pat::Ident(name) if name.ident == "None" => drop(sides.insert("None")),
            Pat::TupleStruct(variant) if variant.elems.iter().all(is_any) => {
                let name = variant.path.get_ident()?;
                let side = ["Some", "Ok", "Err"].into_iter().find(|it| name == it)?;
                sides.insert(side);
            }
            _ => return None,
        }
    }
    if !sides.is_empty() {
        let all = |one, other| sides.contains(one) && sides.contains(other);
        return Some(all("true", "false") || all("Some", "None") || all("Ok", "Err"));
    }
    Some(from.is_some_and(|from| (0..from).all(|it| lengths.contains(&it))))
}

/// `..` or `rest @ ..`.
fn is_rest(pattern: &Pat) -> bool {
    match pattern {
        Pat::Rest(_) => true,
        Pat::Ident(name) => name.subpat.as_ref().is_some_and(|(_, it)| is_rest(it)),
        _ => false,
    }
}
