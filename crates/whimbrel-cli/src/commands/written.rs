//! What `generate` and `new` have in common: what a new migration comes after,
//! and its opening sentence.

use whimbrel::project::Checkout;

use crate::failure::{DECISION, Failure};

/// What a new migration comes after: the one leaf, or nothing where it is the first.
pub(crate) fn only_leaf(checkout: &Checkout) -> Result<Vec<String>, Failure> {
    match checkout.graph.leaves().as_slice() {
        [] => Ok(Vec::new()),
        [leaf] => Ok(vec![(*leaf).to_owned()]),
        leaves => {
            let listed: Vec<String> = leaves.iter().map(|it| format!("`{it}`")).collect();
            let message =
                format!("the migrations end in {} branches: {}", leaves.len(), listed.join(", "));
            Err(Failure::new(DECISION, message)
                .note("a new migration would not know which of them to come after")
                .hint("run `whimbrel generate --merge` to bring them together first"))
        }
    }
}

/// `0002_add_email_to_users` → `Add email to users.`
pub(crate) fn title(name: &str) -> String {
    let words = name.trim_start_matches(|it: char| it.is_ascii_digit() || it == '_');
    let words = words.replace('_', " ");
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}
