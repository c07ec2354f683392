//! What a whole migration says of itself, as the first lines of its file.

use whimbrel_migration::Migration;

use crate::operation::Operation;

/// The file to begin with for a migration that has no statements yet: all that it says of itself.
pub fn template(migration: &Migration, name: &str) -> String {
    let title = name.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start_matches('_');
    let title = title.replace('_', " ");
    format!("{}-- {title}\n\n", header(migration))
}

/// All that a migration says of itself, line by line.
pub(super) fn header(migration: &Migration) -> String {
    let mut directives = vec![parents(&migration.parents)];
    if migration.after_deploy {
        directives.push("after-deploy".to_owned());
    }
    if migration.no_transaction {
        directives.push("no-transaction".to_owned());
    }
    if !migration.replaces.is_empty() {
        directives.push(format!("replaces {}", migration.replaces.join(", ")));
    }
    directives.extend(migration.operations.iter().filter_map(|it| match it {
        Operation::NeedsReview(it) => Some(format!("needs-review {}", it.why)),
        Operation::Irreversible(it) => Some(format!("irreversible {}", it.why)),
        _ => None,
    }));
    let lines: Vec<String> = directives.iter().map(|it| format!("-- whimbrel: {it}\n")).collect();
    lines.concat()
}

/// The words of the directive that states where a migration belongs.
pub fn parents(parents: &[String]) -> String {
    if parents.is_empty() { "first".to_owned() } else { format!("after {}", parents.join(", ")) }
}
