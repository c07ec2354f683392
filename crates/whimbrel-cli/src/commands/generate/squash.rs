//! `generate --squash A..B`: one migration in the place of several.

use whimbrel::{
    migration::number_of,
    project::{Checkout, Config},
};

use super::{Args, words, write, written};
use crate::{
    failure::{DONE, Failure, REFUSED, USAGE},
    ui::Ui,
};

/// Writes the migration that stands in the place of all in `range`.
pub(super) fn run(
    args: &Args,
    config: &Config,
    checkout: &Checkout,
    range: &str,
    ui: &mut Ui,
) -> Result<u8, Failure> {
    let (first, last) = ends(checkout, range)?;
    let names = checkout.between(first.as_deref(), &last);
    let squashed = checkout.squashed(&names)?;
    let migration = squashed.map_err(|it| Failure::new(REFUSED, it.because).hint(it.help))?;
    let words = words(args)?;
    let words = words.unwrap_or_else(|| format!("squash_{}_to_{}", short(&names[0]), short(&last)));
    let name = checkout.next_name(&words, &written::numbering(config));
    let code = write(args, config, checkout, &name, &migration, ui)?;
    if code == DONE && !args.dry_run {
        ui.note(&format!(
            "note: the files of {} stay until every database has run `whimbrel up`; then they may be \
             deleted",
            names.join(", ")
        ));
    }
    Ok(code)
}

/// The two migrations of `A..B`; from the first one where nothing stands before the dots, and to
/// the only leaf where nothing stands behind them.
fn ends(checkout: &Checkout, range: &str) -> Result<(Option<String>, String), Failure> {
    let Some((first, last)) = range.split_once("..") else {
        return Err(Failure::new(USAGE, format!("`{range}` is no range of migrations"))
            .hint("write `0002..0007`, `..0007` or `0002..`"));
    };
    let find = |name: &str| {
        let found = checkout.graph.find(name);
        found.map(str::to_owned).map_err(Failure::from)
    };
    let first = if first.is_empty() { None } else { Some(find(first)?) };
    let last = match (last, checkout.graph.leaves().as_slice()) {
        ("", [leaf]) => (*leaf).to_owned(),
        ("", _) => {
            return Err(Failure::new(USAGE, "there is no one last migration")
                .hint("name it, as in `0002..0007`"));
        }
        (name, _) => find(name)?,
    };
    Ok((first, last))
}

/// A migration's number, or its name where it has none.
fn short(name: &str) -> &str {
    number_of(name).map_or(name, |(_, digits)| &name[..digits])
}
