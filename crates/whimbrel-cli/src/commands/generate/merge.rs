//! `generate --merge`: a migration that comes after several branches, if they fit together.

use std::collections::BTreeSet;

use whimbrel::{
    diff,
    migration::{merge_name, next_number},
    project::Checkout,
};
use whimbrel_migration::Migration;

use crate::failure::{DECISION, Failure, REFUSED};

/// The merge of all branches.
pub(super) fn merge(checkout: &Checkout) -> Result<Migration, Failure> {
    let leaves = checkout.graph.leaves();
    if leaves.len() < 2 {
        return Err(Failure::new(REFUSED, "there are no branches to bring together")
            .hint("`whimbrel graph` draws the migrations"));
    }
    for (position, one) in leaves.iter().enumerate() {
        for other in &leaves[position + 1..] {
            fit(checkout, one, other)?;
        }
    }
    // Branches that fit two by two also have to fit all at once.
    checkout.schema_after(&leaves)?;
    let parents = leaves.into_iter().map(str::to_owned).collect();
    Ok(Migration { parents, ..Migration::default() })
}

/// What the merge is called.
pub(super) fn name(checkout: &Checkout) -> String {
    let number = next_number(checkout.graph.order());
    merge_name(&number, checkout.graph.leaves())
}

/// Whether two branches come to the same in either order.
fn fit(checkout: &Checkout, one: &str, other: &str) -> Result<(), Failure> {
    let (first, second) = (checkout.up_to(&[one]), checkout.up_to(&[other]));
    let after = |first: &[&str], second: &[&str]| {
        let seen: BTreeSet<&str> = first.iter().copied().collect();
        let rest = second.iter().copied().filter(|it| !seen.contains(it));
        let order: Vec<&str> = first.iter().copied().chain(rest).collect();
        checkout.replay(&order).map_err(|error| {
            let mut failure = Failure::from(error);
            failure.code = DECISION;
            failure.message = format!("`{one}` and `{other}` don't fit together");
            failure.hint("change one of the two, if it isn't applied anywhere yet")
        })
    };
    if diff::equivalent(&after(&first, &second)?, &after(&second, &first)?) {
        return Ok(());
    }
    let message = format!("`{one}` and `{other}` come to something else in another order");
    Err(Failure::new(DECISION, message)
        .hint("change one of the two, if it isn't applied anywhere yet"))
}
