//! Migrations that wait for somebody to look at them.

use super::{Stop, stop::Review};
use crate::{migration::Migrations, operation::Operation};

/// Stops if one of these migrations still says that it needs a review.
pub(super) fn check(migrations: &dyn Migrations, wanted: &[String]) -> Result<(), Stop> {
    let mut open = Vec::new();
    for name in wanted {
        open.extend(of(migrations, name)?);
    }
    if open.is_empty() { Ok(()) } else { Err(Stop::NeedsReview(open)) }
}

/// What a migration wants somebody to look at.
pub(super) fn of(migrations: &dyn Migrations, name: &str) -> Result<Vec<Review>, Stop> {
    let loaded = migrations.load(name).map_err(Stop::Unreadable)?;
    let mut open = Vec::new();
    for (position, operation) in loaded.migration.operations.iter().enumerate() {
        if let Operation::NeedsReview(it) = operation {
            open.push(Review {
                migration: name.to_owned(),
                why: it.why.clone(),
                place: loaded.places.get(position).cloned().flatten(),
            });
        }
    }
    Ok(open)
}
