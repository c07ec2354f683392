//! `generate --merge`: a migration that comes after several branches, if they fit together.

use whimbrel::{
    migration::{Migrations as _, Numbering, merge_name},
    project::Checkout,
};
use whimbrel_migration::Migration;

use crate::{
    failure::{DECISION, Failure, REFUSED},
    ui::Ui,
};

/// The merge of all branches.
pub(super) fn merge(checkout: &Checkout, ui: &mut Ui) -> Result<Migration, Failure> {
    let leaves = checkout.graph.leaves();
    if leaves.len() < 2 {
        return Err(Failure::new(REFUSED, "there are no branches to bring together")
            .hint("`whimbrel graph` draws the migrations"));
    }
    let clashes = checkout.clashes()?;
    if !clashes.is_empty() {
        let mut failure = Failure::new(DECISION, "nothing was written");
        failure.diagnostics = clashes;
        return Err(failure);
    }
    // Branches that fit two by two also have to fit all at once.
    checkout.schema_after(&leaves)?;
    let scripts = checkout.scripts_of_branches();
    if !scripts.is_empty() {
        ui.note(&format!(
            "note: whether the order matters to SQL of your own is known to you alone: {}",
            scripts.join(", ")
        ));
    }
    let parents = leaves.into_iter().map(str::to_owned).collect();
    Ok(Migration { parents, ..Migration::default() })
}

/// What the merge is called.
pub(super) fn name(checkout: &Checkout, numbering: &Numbering) -> String {
    let number = numbering.next(checkout.directory.files().iter().map(|it| it.name.as_str()));
    merge_name(&number, checkout.graph.leaves())
}
