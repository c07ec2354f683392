//! What has become of the files of applied migrations: rewritten, edited, renamed, gone.

use std::sync::Arc;

use super::{
    Event, Host, Newer, Stop, UpOptions, revert,
    situation::{Drift, Situation},
    squashed,
};
use crate::{history::History, migration::Loaded};

/// Stops if an applied migration's file says something else now, or has got another name, or isn't
/// there where that is not fine.
pub(super) fn check_files(
    situation: &Situation<'_>,
    options: &UpOptions,
    host: &mut dyn Host,
) -> Result<(), Stop> {
    squashed::check_files(situation)?;
    let accepted = accepted(situation, options)?;
    let (mut edited, mut unknown) = (Vec::new(), Vec::new());
    for record in situation.applied() {
        match situation.drift(record)? {
            None | Some(Drift::Rewritten { .. }) => {}
            Some(Drift::Edited { .. }) => {
                if !accepted.contains(&record.name) {
                    edited.push(record.name.clone());
                }
            }
            Some(Drift::Missing) => {
                if let Some(file) = situation.renamed(record)? {
                    return Err(Stop::Renamed { applied: record.name.clone(), file });
                }
                unknown.push(record.name.clone());
            }
        }
    }
    if !edited.is_empty() {
        return Err(Stop::Edited(edited));
    }
    if options.newer == Newer::Deny && !unknown.is_empty() {
        return Err(Stop::Newer(unknown));
    }
    for migration in unknown {
        host.event(Event::Unknown { migration });
    }
    Ok(())
}

/// The migrations whose changed files are accepted, by their whole names.
fn accepted(situation: &Situation<'_>, options: &UpOptions) -> Result<Vec<String>, Stop> {
    options.accept_edited.iter().map(|it| revert::find(&situation.records, it)).collect()
}

/// Applied migrations whose files mean the same in other bytes, or were accepted, or have got
/// another number: what brings their rows up to date.
pub(super) fn rewritten(
    situation: &Situation<'_>,
    options: &UpOptions,
) -> Result<Vec<Rewritten>, Stop> {
    let accepted = accepted(situation, options)?;
    let mut found = Vec::new();
    for record in situation.applied() {
        let stands_as = situation.stands_as(&record.name);
        let rewritten = match situation.drift(record)? {
            Some(Drift::Rewritten { .. }) => true,
            Some(Drift::Edited { .. }) => accepted.contains(&record.name),
            Some(Drift::Missing) => false,
            None => stands_as != record.name,
        };
        if rewritten {
            let loaded = situation.migrations.load(&record.name).map_err(Stop::Unreadable)?;
            found.push(Rewritten { stands_as: stands_as.to_owned(), loaded });
        }
    }
    Ok(found)
}

/// An applied migration whose row says something else than its file, and doesn't have to.
pub(super) struct Rewritten {
    /// The name in its row.
    stands_as: String,
    /// What its file says.
    loaded: Arc<Loaded>,
}

impl Rewritten {
    /// The statements that bring its row up to date.
    pub(super) fn marks(&self, history: &History) -> Vec<String> {
        let Loaded { name, digest, meaning, migration, .. } = &*self.loaded;
        let mut marks =
            vec![history.accept_file(&self.stands_as, digest, meaning, &migration.parents)];
        if self.stands_as != *name {
            marks.extend(history.renumber(&self.stands_as, name));
        }
        marks
    }
}
