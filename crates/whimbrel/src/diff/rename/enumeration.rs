//! Enums, and values of enums, that have another name now.

use std::collections::{BTreeMap, BTreeSet};

use whimbrel_migration::{RenameEnum, RenameEnumValue};

use super::{
    super::{Answers, Candidate, Origin, Question, Refusal, Subject},
    Renamed, SIMILAR, chain, idle_answer, name_likeness, percent,
};
use crate::schema::{Name, Schema};

/// Makes the renames that were answered; returns what is said to be gone.
pub(super) fn settle(
    renamed: &mut Renamed,
    after: &Schema,
    answers: &Answers,
    refusals: &mut Vec<Refusal>,
) -> BTreeSet<Subject> {
    let answered: Vec<(Name, Name, Origin)> = answers
        .renamed_enums
        .iter()
        .map(|it| (it.from.clone(), it.to.clone(), it.origin))
        .collect();
    let before = renamed.schema.enums.clone();
    let enums = chain(
        &|it| format!("enum `{it}`"),
        &answered,
        |it| before.contains_key(it),
        |it| after.enums.contains_key(it),
        refusals,
    );
    for (from, to) in &enums {
        let (from, to) = (from.clone(), to.clone());
        renamed.make(RenameEnum { from, to }.into(), refusals);
    }
    let new_name = |name: &Name| {
        let renamed = enums.iter().find(|(from, _)| from == name).map(|(_, to)| to);
        renamed.unwrap_or(name).clone()
    };
    let mut values: BTreeMap<Name, Vec<(String, String, Origin)>> = BTreeMap::new();
    for it in &answers.renamed_enum_values {
        let said = (it.from.clone(), it.to.clone(), it.origin);
        values.entry(new_name(&it.enumeration)).or_default().push(said);
    }
    for (enumeration, answered) in values {
        let place = |it: &dyn std::fmt::Display| format!("value `{it}` of enum `{enumeration}`");
        let old = renamed.schema.enums.get(&enumeration).cloned();
        let (Some(old), Some(new)) = (old, after.enums.get(&enumeration)) else {
            let said = answered.iter().filter(|it| it.2 == Origin::Answer);
            let why = "the enum isn't in both schemas";
            refusals.extend(said.map(|it| idle_answer(&place(&it.0), &it.1, why)));
            continue;
        };
        let renames =
            chain(&place, &answered, |it| old.contains(it), |it| new.contains(it), refusals);
        for (from, to) in renames {
            let enumeration = enumeration.clone();
            renamed.make(RenameEnumValue { enumeration, from, to }.into(), refusals);
        }
    }
    let gone = answers.dropped_enums.iter().cloned().map(Subject::Enum);
    let values = answers.dropped_enum_values.iter();
    gone.chain(values.map(|(name, it)| Subject::EnumValue(new_name(name), it.clone()))).collect()
}

/// One question for each enum and each value that is gone, may be something new, and was not
/// answered.
pub(super) fn questions(
    before: &Schema,
    after: &Schema,
    dropped: &BTreeSet<Subject>,
) -> Vec<Question> {
    let mut questions = Vec::new();
    let gone = before.enums.iter().filter(|(name, _)| !after.enums.contains_key(*name));
    for (name, values) in gone {
        let subject = Subject::Enum(name.clone());
        if dropped.contains(&subject) {
            continue;
        }
        let come = after.enums.iter().filter(|(name, _)| !before.enums.contains_key(*name));
        let candidates =
            come.filter_map(|new| enum_candidate((before, after), (name, values), new)).collect();
        questions.extend(Question::about(subject, candidates));
    }
    for (name, new) in &after.enums {
        let Some(old) = before.enums.get(name) else { continue };
        for value in old.iter().filter(|it| !new.contains(it)) {
            let subject = Subject::EnumValue(name.clone(), value.clone());
            if dropped.contains(&subject) {
                continue;
            }
            let come = new.iter().filter(|it| !old.contains(it));
            let candidates =
                come.filter_map(|it| value_candidate(name, (old, value), (new, it))).collect();
            questions.extend(Question::about(subject, candidates));
        }
    }
    questions
}

/// What was said to be dropped and isn't.
pub(super) fn idle(before: &Schema, after: &Schema, dropped: &BTreeSet<Subject>) -> Vec<Refusal> {
    let has = |schema: &Schema, it: &Subject| match it {
        Subject::EnumValue(name, value) => {
            schema.enums.get(name).is_some_and(|values| values.contains(value))
        }
        other => schema.enums.contains_key(other.whole()),
    };
    let idle = dropped.iter().filter(|it| !has(before, it) || has(after, it));
    idle.map(|it| Refusal {
        message: format!("{it} isn't dropped"),
        help: "correct the answer, or take it away".to_owned(),
    })
    .collect()
}

/// An enum may have become another one if they share most of their values, or their names are much
/// alike.
fn enum_candidate(
    (before, after): (&Schema, &Schema),
    (old, had): (&Name, &Vec<String>),
    (new, has): (&Name, &Vec<String>),
) -> Option<Candidate> {
    let shared = had.iter().filter(|it| has.contains(it)).count();
    let values = percent(2 * shared, had.len() + has.len());
    let names = name_likeness(&old.name, &new.name);
    if values < 50 && names < 70 {
        return None;
    }
    let mut reasons = Vec::new();
    if shared == had.len() && shared == has.len() {
        reasons.push("same values".to_owned());
    } else if shared > 0 {
        reasons.push(format!("{shared} of {} values are the same", had.len()));
    }
    if names >= SIMILAR {
        reasons.push("similar name".to_owned());
    }
    let mut followers = before.columns_of(old).filter(|(table, named)| {
        let is = after.get(&table.name).and_then(|it| it.column_named(&named.name));
        is.and_then(|it| it.data_type.enumeration()).is_some_and(|(it, _)| it == new)
    });
    let follower = followers.next().map(|(table, it)| format!("{}.{}", table.name, it.name));
    let score = (values * 5 + names * 3) / 10 + if follower.is_some() { 20 } else { 0 };
    reasons.extend(follower.map(|it| format!("`{it}` is one of it now")));
    Some(Candidate { subject: Subject::Enum(new.clone()), score, reasons })
}

/// A value may have become another one if their names are similar, or if it stands where the other
/// stood.
fn value_candidate(
    name: &Name,
    (had, old): (&[String], &String),
    (has, new): (&[String], &String),
) -> Option<Candidate> {
    let names = name_likeness(old, new);
    let same_place = neighbours(had, old, has) == neighbours(has, new, had);
    if names < SIMILAR && !same_place {
        return None;
    }
    let mut reasons = Vec::new();
    if names >= SIMILAR {
        reasons.push("similar name".to_owned());
    }
    if same_place {
        reasons.push("same place among the values".to_owned());
    }
    let score = names * 6 / 10 + if same_place { 40 } else { 0 };
    let subject = Subject::EnumValue(name.clone(), new.clone());
    Some(Candidate { subject, score, reasons })
}

/// The values of both lists between which a value stands, and the how manieth it is there.
fn neighbours<'v>(
    values: &'v [String],
    value: &String,
    other: &[String],
) -> (Option<&'v String>, usize, Option<&'v String>) {
    let at = values.iter().position(|it| it == value).unwrap_or_default();
    let before = values[..at].iter().rposition(|it| other.contains(it));
    let between = at - before.map_or(0, |it| it + 1);
    let behind = values[at..].iter().find(|it| other.contains(it));
    (before.map(|it| &values[it]), between, behind)
}
