//! Branches: whether two of them fit together, and if not, which two operations are in each
//! other's way.

use std::{collections::BTreeSet, sync::Arc};

use super::{Checkout, Error};
use crate::{
    diagnostic::{Diagnostic, Span},
    diff,
    migration::Loaded,
    operation::{Operation, as_change, parts},
    schema::{Conflict, Schema},
};

/// A change of a migration: an operation, by its position, or one of those that it is made of.
#[derive(Clone)]
struct Place {
    loaded: Arc<Loaded>,
    position: usize,
    part: usize,
}

impl Place {
    fn operation(&self) -> &Operation {
        &parts(&self.loaded.migration.operations[self.position])[self.part]
    }

    fn span(&self) -> Option<Span> {
        self.loaded.place_of_part(self.position, self.part)
    }

    fn describe(&self) -> String {
        as_change(self.operation()).describe()
    }
}

impl Checkout {
    /// What to say of each two leaves that don't fit together; of none where all do.
    ///
    /// # Errors
    ///
    /// A leaf that doesn't fit by itself.
    pub fn clashes(&self) -> Result<Vec<Diagnostic>, Error> {
        let leaves = self.graph.leaves();
        let mut clashes = Vec::new();
        for (position, one) in leaves.iter().enumerate() {
            for other in &leaves[position + 1..] {
                clashes.extend(self.clash(one, other)?);
            }
        }
        Ok(clashes)
    }

    /// What to say of two branches that don't come to the same in either order: the first two
    /// operations that are in each other's way, side by side.
    ///
    /// # Errors
    ///
    /// A branch that doesn't fit by itself.
    pub fn clash(&self, one: &str, other: &str) -> Result<Option<Diagnostic>, Error> {
        let [first, second] = [self.up_to(&[one]), self.up_to(&[other])];
        let shared: BTreeSet<&str> =
            first.iter().copied().filter(|it| second.contains(it)).collect();
        let common: Vec<&str> = first.iter().copied().filter(|it| shared.contains(it)).collect();
        let base = self.replay(&common)?;
        // Each has to fit by itself before the two are put together.
        self.replay(&first)?;
        self.replay(&second)?;
        let own = |names: &[&str]| -> Result<Vec<Place>, Error> {
            let mut places = Vec::new();
            for name in names.iter().filter(|it| !shared.contains(**it)) {
                let loaded = self.migration(name)?;
                for (position, operation) in loaded.migration.operations.iter().enumerate() {
                    let place = |part| Place { loaded: Arc::clone(&loaded), position, part };
                    places.extend((0..parts(operation).len()).map(place));
                }
            }
            Ok(places)
        };
        let (ours, theirs) = (own(&first)?, own(&second)?);
        if fit(&base, &ours, &theirs) {
            return Ok(None);
        }
        // The first operation of the one branch with which they don't fit any more, and the first of
        // the other one that this one can't stand.
        let end = first_where(theirs.len(), |end| !fit(&base, &ours, &theirs[..end]));
        let theirs = &theirs[..end];
        let begin = first_where(ours.len(), |end| !fit(&base, &ours[..end], theirs));
        let ours = &ours[..begin];
        let (Some(ours_last), Some(theirs_last)) = (ours.last(), theirs.last()) else {
            return Ok(None);
        };
        let why = in_order(&base, ours, theirs).and(in_order(&base, theirs, ours));
        Ok(Some(side_by_side((one, ours_last), (other, theirs_last), why.err())))
    }

    /// The migrations of several branches that run SQL of the user's own, of which nobody knows
    /// whether the order matters.
    pub fn scripts_of_branches(&self) -> Vec<String> {
        let leaves = self.graph.leaves();
        let of_each: Vec<Vec<&str>> = leaves.iter().map(|it| self.up_to(&[it])).collect();
        let everywhere = |name: &str| of_each.iter().all(|it| it.contains(&name));
        let runs_sql = |name: &str| {
            let loaded = self.migration(name);
            let is_script = |it: &Operation| match it {
                Operation::Run(it) => it.touches.is_empty(),
                Operation::RunSql(it) => it.script.state.as_ref().is_none_or(Vec::is_empty),
                _ => false,
            };
            loaded.is_ok_and(|it| it.migration.operations.iter().any(is_script))
        };
        let names = self.graph.order().filter(|it| !everywhere(it) && runs_sql(it));
        names.map(str::to_owned).collect()
    }
}

/// Whether both orders fit and lead to the same schema.
fn fit(base: &Schema, one: &[Place], other: &[Place]) -> bool {
    match (in_order(base, one, other), in_order(base, other, one)) {
        (Ok(one), Ok(other)) => diff::equivalent(&one, &other),
        _ => false,
    }
}

fn in_order(base: &Schema, first: &[Place], then: &[Place]) -> Result<Schema, Conflict> {
    let mut schema = base.clone();
    for place in first.iter().chain(then) {
        as_change(place.operation()).apply(&mut schema)?;
    }
    Ok(schema)
}

/// The least length for which `holds` while it doesn't for one less; it does for `all`.
fn first_where(all: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut without, mut with) = (0, all);
    while with - without > 1 {
        let middle = without.midpoint(with);
        if holds(middle) {
            with = middle;
        } else {
            without = middle;
        }
    }
    with
}

fn side_by_side(
    (one, ours): (&str, &Place),
    (other, theirs): (&str, &Place),
    why: Option<Conflict>,
) -> Diagnostic {
    let mut found = Diagnostic::error(format!("`{one}` and `{other}` don't fit together"));
    let sides = [(ours, one), (theirs, other)];
    for (place, leaf) in sides {
        let words = match place.loaded.name.as_str() {
            name if name == leaf => format!("`{leaf}`: {}", place.describe()),
            name => format!("`{name}`, on the way to `{leaf}`: {}", place.describe()),
        };
        found = match (place.span(), &found.span) {
            (Some(span), None) => found.at(span, words),
            (Some(span), Some(_)) => found.and(span, words),
            (None, _) => found.note(words),
        };
    }
    let same = ours.operation() == theirs.operation();
    found = match (same, why) {
        (true, _) => found.note("both make the same change, and it can be made only once"),
        (false, Some(conflict)) => found.note(format!("one after the other: {conflict}")),
        (false, None) => found.note("in another order they come to something else"),
    };
    if same {
        found.help(format!(
            "take it out of `{}` or `{}`, whichever is applied nowhere yet, and run \
             `whimbrel generate --merge` again",
            ours.loaded.name, theirs.loaded.name
        ))
    } else {
        found.help(format!(
            "change `{}` or `{}`, whichever is applied nowhere yet, so that it fits behind the \
             other, and run `whimbrel generate --merge` again",
            ours.loaded.name, theirs.loaded.name
        ))
    }
}
