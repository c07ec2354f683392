//! What has become of the files of applied migrations: rewritten, edited, renamed, gone.

use super::{
    Event, Host, Newer, Stop, UpOptions, revert,
    situation::{Drift, Situation},
};

/// Stops if an applied migration's file says something else now, or has got another name, or isn't
/// there where that is not fine.
pub(super) fn check_files(
    situation: &Situation<'_>,
    options: &UpOptions,
    host: &mut dyn Host,
) -> Result<(), Stop> {
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

/// Applied migrations whose files mean the same in other bytes, or were accepted: their digests
/// are brought up to date.
pub(super) fn rewritten(
    situation: &Situation<'_>,
    options: &UpOptions,
) -> Result<Vec<(String, String, String)>, Stop> {
    let accepted = accepted(situation, options)?;
    let mut marks = Vec::new();
    for record in situation.applied() {
        match situation.drift(record)? {
            Some(Drift::Rewritten { digest, meaning }) => {
                marks.push((record.name.clone(), digest, meaning));
            }
            Some(Drift::Edited { digest, meaning }) if accepted.contains(&record.name) => {
                marks.push((record.name.clone(), digest, meaning));
            }
            _ => {}
        }
    }
    Ok(marks)
}
