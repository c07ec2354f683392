//! `docs/reliability.md`, which several commands write: each its own part.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use super::test::root;

/// The headings of the parts, in their order.
pub(super) const KILLS: &str = "## Kills";
pub(super) const FAULTS: &str = "## Planted faults";

const INTRODUCTION: &str = "\
# Reliability

<!-- Written by `cargo xtask kills` and `cargo xtask faults`. -->

Stop whimbrel at any instant, in any way: the next `whimbrel up` finishes the work by itself, nothing
runs twice, and nothing is skipped. Here is what was done to find out whether that is so.

";

/// What the page says under a heading.
pub(super) fn said(heading: &str) -> String {
    let page = fs::read_to_string(root().join("docs/reliability.md")).unwrap_or_default();
    body(&page, heading).unwrap_or_default().to_owned()
}

/// Writes one part of the page anew; the other stays as it is.
pub(super) fn keep(heading: &str, text: &str) -> Result<(), String> {
    let path = root().join("docs/reliability.md");
    let failed = |error| format!("{}: {error}", path.display());
    let page = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, with(&page, heading, text)).map_err(failed)
}

fn with(page: &str, heading: &str, text: &str) -> String {
    let mut all = INTRODUCTION.to_owned();
    for part in [KILLS, FAULTS] {
        let body = if part == heading { Some(text) } else { body(page, part) };
        if let Some(body) = body {
            let _ = write!(all, "{part}\n\n{}\n\n", body.trim());
        }
    }
    format!("{}\n", all.trim_end())
}

/// What stands under a heading, up to the next one of the parts.
fn body<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, behind) = page.split_once(&format!("{heading}\n"))?;
    let end = [KILLS, FAULTS].iter().filter_map(|it| behind.find(&format!("\n{it}\n"))).min();
    Some(&behind[..end.unwrap_or(behind.len())])
}

/// Today, as a page says it.
pub(super) fn date() -> String {
    let date = Command::new("date").args(["-u", "+%Y-%m-%d"]).output();
    date.map_or_else(|_| String::new(), |it| String::from_utf8_lossy(&it.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_written_and_the_other_one_stays() {
        let kills = with("", KILLS, "| 7 |\n\n### By step\n");
        assert!(kills.starts_with("# Reliability\n"), "{kills}");
        assert!(kills.ends_with("\n## Kills\n\n| 7 |\n\n### By step\n"), "{kills}");
        let both = with(&kills, FAULTS, "noticed");
        assert!(both.ends_with("### By step\n\n## Planted faults\n\nnoticed\n"), "{both}");
        let again = with(&both, KILLS, "| 8 |");
        assert!(
            again.ends_with("\n\n## Kills\n\n| 8 |\n\n## Planted faults\n\nnoticed\n"),
            "{again}"
        );
        assert_eq!(with(&again, FAULTS, "noticed"), again);
    }
}
