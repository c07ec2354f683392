//! What `generate` and `new` have in common: what a new migration comes after,
//! and its opening sentence.

use std::time::{SystemTime, UNIX_EPOCH};

use whimbrel::{
    migration::Numbering,
    project::{Checkout, Config},
};

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

/// How new migrations are numbered here. The time is that of this program, or the one that
/// `SOURCE_DATE_EPOCH` says, as builds that are to come out the same do.
pub(crate) fn numbering(config: &Config) -> Numbering {
    if config.get("numbering") != Some("timestamp") {
        return Numbering::Count;
    }
    let said = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|it| it.trim().parse().ok());
    let seconds = said.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |it| it.as_secs())
    });
    Numbering::Time(timestamp(seconds))
}

/// Seconds since 1970 as `20260131120000`, in UTC.
fn timestamp(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March, in cycles of 400: "chrono-Compatible Low-Level Date Algorithms" by
    // Howard Hinnant, `civil_from_days`.
    let days = days + 719_468;
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 {
        (month + 3, year + cycle * 400)
    } else {
        (month - 9, year + cycle * 400 + 1)
    };
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

/// That a migration may be somebody else's already.
pub(super) fn nobody_knows(leaf: &str) -> String {
    format!(
        "note: whether others have `{leaf}` already can't be told: there is no repository with an \
         `origin/main` here, and `--since` names no branch"
    )
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn seconds_are_times() {
        assert_eq!(timestamp(0), "19700101000000");
        assert_eq!(timestamp(951_782_399), "20000228235959");
        assert_eq!(timestamp(951_782_400), "20000229000000");
        assert_eq!(timestamp(1_709_251_200), "20240301000000");
        assert_eq!(timestamp(4_107_542_399), "21000228235959");
        assert_eq!(timestamp(4_107_542_400), "21000301000000");
    }
}
