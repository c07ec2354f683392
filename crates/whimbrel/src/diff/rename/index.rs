//! Indexes that have another name now: only those that are the same but for the name. One that
//! differs in anything else is another index, and is made anew.

use std::collections::{BTreeMap, BTreeSet};

use whimbrel_migration::RenameIndex;

use super::{
    super::{Answers, Candidate, Origin, Question, Refusal, Subject, Unresolved},
    Renamed, SIMILAR, chain, idle_answer, name_likeness,
};
use crate::schema::{Index, Name, Schema, Table};

/// Makes the renames that were answered, of tables and columns with their new names; returns the
/// indexes that are said to be gone.
pub(super) fn settle(
    renamed: &mut Renamed,
    after: &Schema,
    answers: &Answers,
    tables: &[(Name, Name)],
    unresolved: &mut Unresolved,
) -> BTreeSet<(Name, String)> {
    let new_name = |table: &Name| {
        let renamed = tables.iter().find(|(from, _)| from == table).map(|(_, to)| to);
        renamed.unwrap_or(table).clone()
    };
    let mut answered: BTreeMap<Name, Vec<(String, String, Origin)>> = BTreeMap::new();
    for it in &answers.renamed_indexes {
        let said = (it.from.clone(), it.to.clone(), it.origin);
        answered.entry(new_name(&it.table)).or_default().push(said);
    }
    let refusals = &mut unresolved.refusals;
    for (name, mut answered) in answered {
        let place = |it: &dyn std::fmt::Display| format!("index `{it}` of `{name}`");
        let (Some(old), Some(new)) = (renamed.schema.get(&name).cloned(), after.get(&name)) else {
            let said = answered.iter().filter(|it| it.2 == Origin::Answer);
            let why = "the table isn't in both schemas";
            refusals.extend(said.map(|it| idle_answer(&place(&it.0), &it.1, why)));
            continue;
        };
        answered.retain(|(from, to, origin)| {
            let both = old.index_named(from).zip(new.index_named(to));
            let why = if both.is_some_and(|(old, new)| !is_same(old, new)) {
                "they differ in more than the name, so it is made anew"
            } else if is_taken(&renamed.schema, &name, to) {
                "another table has an index of that name until then, so it is made anew"
            } else {
                return true;
            };
            if *origin == Origin::Answer {
                refusals.push(idle_answer(&place(from), to, why));
            }
            false
        });
        let is_in = |table: &Table, it: &String| table.index_named(it).is_some();
        let renames = chain(&place, &answered, |it| is_in(&old, it), |it| is_in(new, it), refusals);
        for (from, to) in renames {
            renamed.make(RenameIndex { table: name.clone(), from, to }.into(), refusals);
        }
    }
    let dropped =
        answers.dropped_indexes.iter().map(|(table, it)| (new_name(table), it.clone())).collect();
    for rename in followers(&renamed.schema, after, &dropped) {
        renamed.make(rename.into(), refusals);
    }
    dropped
}

/// The indexes whose names nobody has chosen: with another name of their column or table goes
/// another name of their own, and there is nothing to ask.
fn followers(
    before: &Schema,
    after: &Schema,
    dropped: &BTreeSet<(Name, String)>,
) -> Vec<RenameIndex> {
    let mut renames = Vec::new();
    for question in questions(before, after, dropped) {
        let (Subject::Index(table, from), [candidate]) =
            (question.subject, question.candidates.as_slice())
        else {
            continue;
        };
        let Subject::Index(_, to) = &candidate.subject else { continue };
        let new = after.get(&table).and_then(|it| it.index_named(to));
        let column = new.and_then(|it| it.column_names().next());
        let made = |prefix: &str| {
            column.is_some_and(|it| *to == format!("{prefix}_{}_{it}", table.name))
                && from.starts_with(&format!("{prefix}_"))
        };
        if made("uq") || made("idx") {
            renames.push(RenameIndex { table, from, to: to.clone() });
        }
    }
    renames
}

/// One question for each index that is gone, has one just like it that is new, and was not
/// answered.
pub(super) fn questions(
    before: &Schema,
    after: &Schema,
    dropped: &BTreeSet<(Name, String)>,
) -> Vec<Question> {
    let mut questions = Vec::new();
    for (old, new) in before.in_both(after) {
        let gone = old.indexes.iter().filter(|it| new.index_named(&it.name).is_none());
        for index in gone.filter(|it| !dropped.contains(&(new.name.clone(), it.name.clone()))) {
            let come = new.indexes.iter().filter(|it| old.index_named(&it.name).is_none());
            let candidates = come
                .filter(|it| is_same(index, it) && !is_taken(before, &new.name, &it.name))
                .map(|it| candidate(&new.name, index, it))
                .collect();
            let subject = Subject::Index(new.name.clone(), index.name.clone());
            questions.extend(Question::about(subject, candidates));
        }
    }
    questions
}

/// What was said to be dropped and isn't.
pub(super) fn idle(
    before: &Schema,
    after: &Schema,
    dropped: &BTreeSet<(Name, String)>,
) -> Vec<Refusal> {
    let has = |schema: &Schema, table: &Name, index: &str| {
        schema.get(table).is_some_and(|it| it.index_named(index).is_some())
    };
    let is_dropped =
        |(table, index): &&(Name, String)| has(before, table, index) && !has(after, table, index);
    let idle = dropped.iter().filter(|it| !is_dropped(it));
    idle.map(|(table, index)| Refusal {
        message: format!("index `{index}` of `{table}` isn't dropped"),
        help: "correct the answer, or take it away".to_owned(),
    })
    .collect()
}

/// Whether two indexes differ in nothing but their names.
fn is_same(one: &Index, other: &Index) -> bool {
    *one == Index { name: one.name.clone(), ..other.clone() }
}

/// Whether another table has an index of this name, which may go only later: in some databases
/// such names are unique among all tables.
fn is_taken(before: &Schema, table: &Name, index: &str) -> bool {
    before.tables().any(|it| {
        let other = it.name != *table && it.name.namespace == table.namespace;
        it.unique_named(index).is_some() && (other || it.name == *table)
            || other && it.index_named(index).is_some()
    })
}

fn candidate(table: &Name, old: &Index, new: &Index) -> Candidate {
    let names = name_likeness(&old.name, &new.name);
    let mut reasons = vec!["the same but for the name".to_owned()];
    if names >= SIMILAR {
        reasons.push("similar name".to_owned());
    }
    Candidate {
        subject: Subject::Index(table.clone(), new.name.clone()),
        score: 70 + names * 3 / 10,
        reasons,
    }
}
