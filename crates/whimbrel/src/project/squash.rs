//! Several migrations as one that stands in their place.

use std::{collections::BTreeSet, sync::Arc};

use whimbrel_migration::Migration;

use super::{Checkout, Error};
use crate::{
    diff,
    migration::{Loaded, replay},
    operation::{Operation, reduce_all},
    schema::Schema,
};

/// Why migrations can't be squashed, in words, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsquashable {
    /// Why.
    pub because: String,
    /// What to do.
    pub help: String,
}

impl Checkout {
    /// The migrations from `first` to `last`: all that come after the one and before the other,
    /// and these two, in order. From the very first one where no `first` is named.
    pub fn between(&self, first: Option<&str>, last: &str) -> Vec<String> {
        let before: BTreeSet<&str> = self.up_to(&[last]).into_iter().collect();
        let Some(first) = first else {
            return self.up_to(&[last]).into_iter().map(str::to_owned).collect();
        };
        let mut after: BTreeSet<&str> = self.graph.descendants(first).into_iter().collect();
        after.insert(first);
        let both = self.graph.order().filter(|it| before.contains(it) && after.contains(it));
        both.map(str::to_owned).collect()
    }

    /// One migration that does what these do, in their order, and stands in their place: what comes
    /// to less together is put together, and SQL of the user's own stays where it is.
    ///
    /// # Errors
    ///
    /// A migration that can't be read.
    pub fn squashed(&self, names: &[String]) -> Result<Result<Migration, Unsquashable>, Error> {
        if let Some(refusal) = self.refusal(names) {
            return Ok(Err(refusal));
        }
        let loaded: Vec<Arc<Loaded>> =
            names.iter().map(|it| self.migration(it)).collect::<Result<_, _>>()?;
        if let Some(refusal) = loaded.iter().find_map(|it| leaning_code(it)) {
            return Ok(Err(refusal));
        }
        let [alone, late] =
            [differing(&loaded, |it| it.no_transaction), differing(&loaded, |it| it.after_deploy)];
        let words = [
            (alone, "runs its statements outside of a transaction"),
            (late, "runs after the deploy"),
        ];
        for (found, does) in words {
            if let Some((one, other)) = found {
                return Ok(Err(Unsquashable {
                    because: format!("`{one}` {does}, and `{other}` does not"),
                    help: "squash the migrations before it and those behind it by themselves"
                        .to_owned(),
                }));
            }
        }
        let mut parents: Vec<String> = Vec::new();
        for it in &loaded {
            let outer = self.graph.parents(&it.name);
            for parent in outer.into_iter().filter(|it| names.iter().all(|name| name != it)) {
                if parents.iter().all(|it| it != parent) {
                    parents.push(parent.to_owned());
                }
            }
        }
        parents.sort();
        let operations = loaded.iter().flat_map(|it| it.migration.operations.iter().cloned());
        let migration = Migration {
            parents: parents.clone(),
            operations: reduce_all(operations.collect()),
            replaces: names.to_vec(),
            no_transaction: loaded.iter().all(|it| it.migration.no_transaction),
            after_deploy: loaded.iter().all(|it| it.migration.after_deploy),
        };
        let before: Vec<&str> = parents.iter().map(String::as_str).collect();
        let before = self.up_to(&before);
        if self.leads_elsewhere(&before, &loaded, &migration)? {
            return Ok(Err(Unsquashable {
                because: "put together they would lead to another schema".to_owned(),
                help: "this is a mistake in whimbrel; please report it with the migrations"
                    .to_owned(),
            }));
        }
        Ok(Ok(migration))
    }

    fn refusal(&self, names: &[String]) -> Option<Unsquashable> {
        if names.len() < 2 {
            return Some(Unsquashable {
                because: "there are no two migrations that could be put together".to_owned(),
                help: "`A..B` takes two migrations of which the second comes after the first"
                    .to_owned(),
            });
        }
        let (last, inner) = names.split_last()?;
        for name in inner {
            let children = self.graph.children(name);
            if let Some(child) = children.into_iter().find(|it| names.iter().all(|name| name != it))
            {
                return Some(Unsquashable {
                    because: format!(
                        "`{child}` comes after `{name}`, in the middle of what would be one"
                    ),
                    help: format!(
                        "squash up to `{name}`, or merge the branch of `{child}` with `{last}` first"
                    ),
                });
            }
        }
        None
    }

    /// The other side of the border: the squash must lead where the migrations lead.
    fn leads_elsewhere(
        &self,
        before: &[&str],
        loaded: &[Arc<Loaded>],
        squash: &Migration,
    ) -> Result<bool, Error> {
        let base: Vec<Arc<Loaded>> =
            before.iter().map(|it| self.migration(it)).collect::<Result<_, _>>()?;
        let base = || base.iter().map(|it| (it.name.as_str(), &it.migration));
        let one_by_one = loaded.iter().map(|it| (it.name.as_str(), &it.migration));
        let apart: Option<Schema> = replay(base().chain(one_by_one)).ok();
        let together = replay(base().chain([("squash", squash)])).ok();
        Ok(match (apart, together) {
            (Some(one), Some(other)) => !diff::equivalent(&one, &other),
            _ => true,
        })
    }
}

/// Why a migration can't be printed where its code is more than the text of its closure.
fn leaning_code(loaded: &Loaded) -> Option<Unsquashable> {
    let mut runs = loaded.migration.operations.iter().filter_map(|it| match it {
        Operation::Run(run) => Some(run),
        _ => None,
    });
    runs.find(|it| !it.stands_alone()).map(|run| Unsquashable {
        because: format!(
            "the code `{}` of `{}` uses functions, constants or variables of its file",
            run.title, loaded.name
        ),
        help: "squash the migrations before it and those behind it by themselves; or, if it is \
               applied nowhere yet, write all that it uses into its closure"
            .to_owned(),
    })
}

/// A migration of which something holds and one of which it doesn't, where there are both.
fn differing(
    loaded: &[Arc<Loaded>],
    holds: impl Fn(&Migration) -> bool,
) -> Option<(String, String)> {
    let does = |it: &&Arc<Loaded>| holds(&it.migration);
    let one = loaded.iter().find(does)?;
    let other = loaded.iter().find(|it| !does(it))?;
    Some((one.name.clone(), other.name.clone()))
}
