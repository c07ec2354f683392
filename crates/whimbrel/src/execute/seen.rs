//! What a database looked like at the end of the last run that changed it, as far as the migrations
//! alone don't say: what scripts made, and what the database itself made of it.
//!
//! A thing that is as it was then is no drift, so that the database is in order right after a run;
//! a thing that somebody else changed since then stays one, also through further runs. It costs
//! one reading of the catalog at the end of a run that changed something, and one more before where
//! a script runs or has run.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Stop, Target, facts,
    facts::{Facts, Properties, Thing},
    lock::Fence,
    replayed,
    situation::Situation,
    trace, up,
    work::{self, Work},
};
use crate::{
    connection::DatabaseError,
    history::{History, Survey},
    migration::checksum,
    schema::{Name, Schema},
    source::live::{self, Scope},
};

/// Under which name it is kept.
const KEY: &str = "seen";

/// The longest text that is kept; see `replayed`.
const LONGEST: usize = 4 << 20;

/// The things that were not as the migrations say, as they were then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// What was applied then.
    of: String,
    /// The namespaces that were looked at beside the connection's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    namespaces: Vec<String>,
    /// Each with what was to be said of it; `None` where it was not there.
    things: Vec<(Thing, Option<Properties>)>,
}

/// How things stood before a run, for telling its work from somebody else's.
pub(super) struct Before {
    seen: Seen,
    /// What the migrations said, where that is known.
    expected: Option<Facts>,
    /// What was there, where it was looked at.
    found: Option<Facts>,
    /// Whether what the migrations say nothing of is taken as it is: they were only marked, and
    /// what they are marked for was there before.
    marks: bool,
}

impl Seen {
    /// Whether it was written when just these migrations were applied.
    pub(super) fn is_of(&self, situation: &Situation<'_>) -> bool {
        self.of == applied(situation)
    }

    /// The facts that are to be expected, by what the migrations say and what was seen beside.
    pub(super) fn over(&self, mut expected: Facts) -> Facts {
        for (thing, properties) in &self.things {
            match properties {
                Some(it) => expected.insert(thing.clone(), it.clone()),
                None => expected.remove(thing),
            };
        }
        expected
    }
}

/// What is applied, and by which rules its effect is reckoned.
fn applied(situation: &Situation<'_>) -> String {
    let mut text = format!("whimbrel {}", env!("CARGO_PKG_VERSION"));
    // By what they mean and not by their names: a file may get another number or be squashed.
    for meaning in situation.meanings() {
        text.extend(["\n", meaning]);
    }
    checksum::raw(text.as_bytes())
}

/// The namespaces that have to be read to see these tables, and what was seen before, beside the
/// connection's own.
pub(super) fn namespaces(schema: &Schema, seen: Option<&Seen>) -> Vec<String> {
    let enums = schema.enums.keys().filter_map(|it| it.namespace.as_ref());
    let views = schema.views.keys().filter_map(|it| it.namespace.as_ref());
    let named = schema.tables().filter_map(|it| it.name.namespace.as_ref());
    let routines = schema.routines.keys().filter_map(|it| it.namespace());
    let named = named.chain(routines).chain(enums).chain(views).chain(&schema.namespaces);
    // What a script left in a namespace is there when the last table of it has gone.
    let seen = seen.into_iter().flat_map(|it| &it.namespaces);
    let named: BTreeSet<&String> = named.chain(seen).collect();
    named.into_iter().cloned().collect()
}

/// What there is in the database now.
pub(super) fn look(
    target: &mut Target<'_>,
    namespace: &str,
    others: &[String],
) -> Result<Facts, DatabaseError> {
    let scope = Scope { own: namespace, others };
    let found = live::read(target.connection, target.dialect, scope)?;
    Ok(facts::of_found(target.dialect, &found, namespace))
}

/// What was kept at the end of the last run; `None` where nothing was, or another version wrote it
/// in another way.
pub(super) fn find(target: &mut Target<'_>, history: &History) -> Result<Option<Seen>, Stop> {
    let rows = target.connection.query(&history.fact(KEY));
    let rows = rows.map_err(|it| work::database("reading the history", it))?;
    let text = rows.into_iter().flatten().next().flatten();
    let mut seen: Option<Seen> = text.and_then(|it| serde_json::from_str(&it).ok());
    if let Some(seen) = &mut seen {
        // Namespaces of PostgreSQL were kept by their texts before there was a word for them.
        seen.things.retain(|(thing, _)| thing.kind != "schema" || thing.table.is_some());
    }
    Ok(seen)
}

/// Remembers how things stand before the run changes any, where that is known. `schema` is what
/// the migrations have led to so far, `looks` whether the run may do what they don't say.
///
/// That it can't be had is no failure: what the run leaves is then taken as it is.
pub(super) fn before(
    work: &mut Work<'_, '_>,
    situation: &Situation<'_>,
    schema: Option<&Schema>,
    looks: bool,
) {
    if work.before.is_some() || !work.report.migrations.is_empty() {
        return;
    }
    let history = work.history.clone();
    let Ok(Some(seen)) = find(work.target, &history) else { return };
    if !seen.is_of(situation) {
        return;
    }
    let namespace = history.namespace();
    let expected = schema.map(|it| facts::expected(work.target, it, namespace));
    let none = Schema::default();
    let others = namespaces(schema.unwrap_or(&none), Some(&seen));
    let found = if looks || expected.is_none() || !seen.things.is_empty() {
        let Ok(found) = look(work.target, namespace, &others) else { return };
        Some(found)
    } else {
        None
    };
    work.before = Some(Before { seen, expected, found, marks: false });
}

/// Remembers how things stand before migrations are marked: nothing is run, so what they say and
/// isn't there stays a difference.
pub(super) fn before_marks(work: &mut Work<'_, '_>, situation: &Situation<'_>) {
    let history = work.history.clone();
    let Ok(kept) = find(work.target, &history) else { return };
    let seen = kept.filter(|it| it.is_of(situation)).unwrap_or_default();
    let others = namespaces(&Schema::default(), Some(&seen));
    let replayed = replayed::find(work.target.connection, &history, &situation.known());
    let schema = situation.schema(replayed.unwrap_or_default()).ok();
    let expected = schema.map(|it| facts::expected(work.target, &it, history.namespace()));
    if let Ok(found) = look(work.target, history.namespace(), &others) {
        work.before = Some(Before { seen, expected, found: Some(found), marks: true });
    }
}

/// Looks at what the run has left, and keeps what the migrations don't say. That it can't be kept
/// is no failure of the run: the next one does.
pub(super) fn keep(work: &mut Work<'_, '_>) {
    let Ok(Some(seen)) = see(work) else { return };
    let text = serde_json::to_string(&seen).unwrap_or_default();
    if !text.is_empty() && text.len() <= LONGEST {
        let marks = work.history.keep_fact(KEY, &text);
        let _ = work.fenced(&marks, Fence::Before);
    }
}

fn see(work: &mut Work<'_, '_>) -> Result<Option<Seen>, Stop> {
    let _span = trace::catalog().entered();
    let history = work.history.clone();
    let survey = Survey { has_history: true, ..Survey::default() };
    let situation = up::situation(work.target, &survey, &history)?;
    let known = situation.known();
    let replayed = replayed::find(work.target.connection, &history, &known)?;
    let schema = situation.schema(replayed)?;
    let expected = facts::expected(work.target, &schema, history.namespace());
    let namespaces = namespaces(&schema, work.before.as_ref().map(|it| &it.seen));
    let found = look(work.target, history.namespace(), &namespaces);
    let found = found.map_err(|it| work::database("reading the catalog", it))?;
    let of = applied(&situation);
    let mut things = left(work.before.as_ref(), &work.declared, &expected, &found);
    // What was passed over is as somebody else has made it, and that is for `verify` to tell.
    things.retain(|(thing, _)| !work.passed.tables.iter().any(|it| thing.is_of(it)));
    Ok(Some(Seen { of, namespaces, things }))
}

/// The things that are not as the migrations say, as they are to be kept: what the run changed as
/// it left it, and anything else as it was known before.
///
/// Not so where a script has said what it changes: what has not become so is for `verify` to tell.
fn left(
    before: Option<&Before>,
    declared: &[Name],
    expected: &Facts,
    found: &Facts,
) -> Vec<(Thing, Option<Properties>)> {
    let mut things = Vec::new();
    for difference in facts::all_differences(expected, found) {
        let thing = &difference.thing;
        let is_ours = before.is_none_or(|it| it.was_changed(thing, expected, found));
        let is_declared = expected.contains_key(thing)
            && declared.iter().any(|it| thing.is_of(it))
            && before.is_none_or(|it| it.was_to_change(thing, expected));
        if is_declared && !difference.is_beyond_comparing() {
            continue;
        }
        let mut known = before.into_iter().flat_map(|it| &it.seen.things);
        let kept = known.find(|(it, _)| it == thing);
        // Of a view nobody could say before what the database has made of its query, and of a table
        // that is marked as made, which collation it has.
        let comes = || before.is_none_or(|it| it.was_to_change(thing, expected));
        let is_first = kept.is_none()
            && difference.is_beyond_comparing()
            && (thing.is_kept_as_text() || comes());
        if is_ours || is_first {
            things.push((difference.thing, difference.found));
        } else {
            things.extend(kept.cloned());
        }
    }
    // What a script had made and somebody else has dropped is neither here nor there by now.
    let gone = before.into_iter().flat_map(|before| {
        before.seen.things.iter().filter(|(thing, _)| {
            !expected.contains_key(thing)
                && !found.contains_key(thing)
                && !before.was_changed(thing, expected, found)
                && !before.was_made_anew(thing, found)
        })
    });
    things.extend(gone.cloned());
    things.sort();
    things
}

impl Before {
    /// Whether the table that a thing belonged to was gone, and the run has made another one.
    fn was_made_anew(&self, thing: &Thing, found: &Facts) -> bool {
        let Some(table) = thing.table.as_ref().map(Thing::table) else { return false };
        let was_gone = self.found.as_ref().is_some_and(|it| !it.contains_key(&table));
        was_gone && found.contains_key(&table)
    }

    /// Whether the migrations of the run say something else of a thing than those before it.
    fn was_to_change(&self, thing: &Thing, expected: &Facts) -> bool {
        self.expected.as_ref().is_some_and(|it| it.get(thing) != expected.get(thing))
    }

    /// Whether a thing is as the run means it to be: it changed it, by what it looked like before
    /// where that was looked at, and else by what the migrations say.
    fn was_changed(&self, thing: &Thing, expected: &Facts, found: &Facts) -> bool {
        if self.marks && !expected.contains_key(thing) {
            return true;
        }
        match (&self.found, &self.expected) {
            (Some(before), Some(said)) if !self.marks && before.get(thing) == found.get(thing) => {
                // Only the state has changed: what was in order before is left on purpose.
                before.contains_key(thing)
                    && said.get(thing) == before.get(thing)
                    && said.get(thing) != expected.get(thing)
            }
            (Some(before), _) => before.get(thing) != found.get(thing),
            (None, Some(before)) => before.get(thing) != expected.get(thing),
            (None, None) => true,
        }
    }
}
