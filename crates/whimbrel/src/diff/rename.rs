//! Renames: those that were answered, and questions for those that only look like it.

mod constraint;
mod enumeration;
mod index;
mod pairs;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{Answers, Candidate, Origin, Question, Refusal, Subject, Unresolved};
use crate::{
    diagnostic::edits,
    operation::{Operation, as_change},
    schema::{Column, ColumnType, Conflict, Name, Schema, Table},
};
use whimbrel_migration::{RenameColumn, RenameTable};

/// A schema whose tables and columns have their new names, and the operations that led there.
#[derive(Debug)]
pub(super) struct Renamed {
    pub(super) schema: Schema,
    pub(super) operations: Vec<Operation>,
    /// What was to get another name and can't.
    stuck: Vec<Subject>,
}

/// Makes the renames that were answered, and asks about those that weren't.
pub(super) fn settle(before: &Schema, after: &Schema, answers: &Answers) -> (Renamed, Unresolved) {
    let mut renamed = Renamed { schema: before.clone(), operations: Vec::new(), stuck: Vec::new() };
    let mut unresolved = Unresolved::default();
    // Enums first: with their names the types of columns are the same or are not.
    let dropped_enums = enumeration::settle(&mut renamed, after, answers, &mut unresolved.refusals);
    let mut tables = table_renames(before, after, answers, &mut unresolved.refusals);
    tables.extend(pairs::tables(before, after, answers, &tables));
    for (from, to) in &tables {
        let rename = RenameTable { from: from.clone(), to: to.clone() };
        renamed.make(rename.into(), &mut unresolved.refusals);
    }
    let mut columns = answers_by_table(before, after, answers, &tables, &mut unresolved.refusals);
    pairs::columns(&renamed.schema, after, &tables, &mut columns);
    for (name, answered) in &columns.renames {
        let both = renamed.schema.get(name).cloned().zip(after.get(name));
        let Some((old, table)) = both else { continue };
        let refusals = &mut unresolved.refusals;
        let place = |it: &dyn fmt::Display| format!("column `{it}` of `{}`", table.name);
        let renames = chain(
            &place,
            answered,
            |it| old.position(it).is_some(),
            |it| table.position(it).is_some(),
            refusals,
        );
        for (from, to) in renames {
            let rename = RenameColumn { table: table.name.clone(), from, to };
            renamed.make(rename.into(), refusals);
        }
    }
    let dropped_indexes = index::settle(&mut renamed, after, answers, &tables, &mut unresolved);
    constraint::settle(&mut renamed, after, &mut unresolved.refusals);
    unresolved.questions = enumeration::questions(&renamed.schema, after, &dropped_enums);
    unresolved.questions.extend(questions(&renamed.schema, after, &columns.dropped));
    unresolved.questions.extend(index::questions(&renamed.schema, after, &dropped_indexes));
    // An answer that is refused is no reason to ask for it again.
    unresolved.questions.retain(|it| !renamed.stuck.contains(&it.subject));
    unresolved.refusals.extend(idle(&renamed.schema, after, &columns.dropped));
    unresolved.refusals.extend(enumeration::idle(&renamed.schema, after, &dropped_enums));
    unresolved.refusals.extend(index::idle(&renamed.schema, after, &dropped_indexes));
    (renamed, unresolved)
}

impl Renamed {
    fn make(&mut self, rename: Operation, refusals: &mut Vec<Refusal>) {
        match as_change(&rename).apply(&mut self.schema) {
            Ok(()) => self.operations.push(rename),
            Err(conflict) => {
                self.stuck.extend(subject(&rename));
                refusals.push(Refusal {
                    help: match conflict {
                        Conflict::EnumValueUnclear { .. }
                        | Conflict::EnumValueSpokenOf { .. }
                        | Conflict::EnumNameSpokenOf { .. } => {
                            "drop it in a migration of its own first, or take the answer back"
                        }
                        _ => "take the answer back",
                    }
                    .to_owned(),
                    message: conflict.to_string(),
                });
            }
        }
    }
}

/// What a rename gives another name.
fn subject(rename: &Operation) -> Option<Subject> {
    Some(match rename {
        Operation::RenameTable(it) => Subject::Table(it.from.clone()),
        Operation::RenameColumn(it) => Subject::Column(it.table.clone(), it.from.clone()),
        Operation::RenameIndex(it) => Subject::Index(it.table.clone(), it.from.clone()),
        Operation::RenameEnum(it) => Subject::Enum(it.from.clone()),
        Operation::RenameEnumValue(it) => {
            Subject::EnumValue(it.enumeration.clone(), it.from.clone())
        }
        _ => return None,
    })
}

/// The tables that get another name, in an order in which each new name is free.
fn table_renames(
    before: &Schema,
    after: &Schema,
    answers: &Answers,
    refusals: &mut Vec<Refusal>,
) -> Vec<(Name, Name)> {
    let answered: Vec<(Name, Name, Origin)> = answers
        .renamed_tables
        .iter()
        .map(|it| (it.from.clone(), it.to.clone(), it.origin))
        .collect();
    let in_before = |it: &Name| before.get(it).is_some();
    let place = |it: &dyn fmt::Display| format!("table `{it}`");
    chain(&place, &answered, in_before, |it| after.get(it).is_some(), refusals)
}

/// Answers about columns, by the new names of their tables.
#[derive(Default)]
struct ByTable {
    renames: BTreeMap<Name, Vec<(String, String, Origin)>>,
    /// Tables (`None`) and columns that are no renames.
    dropped: BTreeSet<(Name, Option<String>)>,
}

fn answers_by_table(
    before: &Schema,
    after: &Schema,
    answers: &Answers,
    tables: &[(Name, Name)],
    refusals: &mut Vec<Refusal>,
) -> ByTable {
    let new_name = |table: &Name| {
        let renamed = tables.iter().find(|(from, _)| from == table).map(|(_, to)| to);
        renamed.unwrap_or(table).clone()
    };
    let is_kept = |table: &Name| {
        let had_it = before.get(table).is_some() || tables.iter().any(|(_, to)| to == table);
        had_it && after.get(table).is_some()
    };
    let mut sorted = ByTable::default();
    for answer in &answers.renamed_columns {
        let table = new_name(&answer.table);
        if is_kept(&table) {
            let renames = sorted.renames.entry(table).or_default();
            renames.push((answer.from.clone(), answer.to.clone(), answer.origin));
        } else if answer.origin == Origin::Answer {
            refusals.push(idle_answer(
                &format!("column `{}` of `{}`", answer.from, answer.table),
                &answer.to,
                "the table isn't in both schemas",
            ));
        }
    }
    for answer in &answers.not_renames {
        let table = match answer.column {
            Some(_) => new_name(&answer.table),
            None => answer.table.clone(),
        };
        sorted.dropped.insert((table, answer.column.clone()));
    }
    sorted
}

/// The renames among `answered` that are still to be made, ordered so that each new name is free
/// when its turn comes: of `b` → `c` and `a` → `b` the first goes first.
fn chain<K: Ord + Clone + fmt::Display>(
    place: &dyn Fn(&dyn fmt::Display) -> String,
    answered: &[(K, K, Origin)],
    in_before: impl Fn(&K) -> bool,
    in_after: impl Fn(&K) -> bool,
    refusals: &mut Vec<Refusal>,
) -> Vec<(K, K)> {
    let mut wanted: BTreeMap<K, K> = BTreeMap::new();
    for (from, to, origin) in answered {
        // A hint outlives its rename, also when something new has taken the old name since.
        let is_done = !in_before(from) || (in_before(to) && in_after(from));
        if *origin == Origin::Hint && is_done {
            continue;
        }
        match wanted.get(from) {
            Some(other) if other != to => {
                let why = format!("it is to be renamed to `{other}` too");
                refusals.push(idle_answer(&place(from), to, &why));
            }
            _ => {
                wanted.insert(from.clone(), to.clone());
            }
        }
    }
    let (mut fitting, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for (from, to) in &wanted {
        let is_new_name = |it: &K| wanted.values().any(|to| to == it);
        let problem = if !in_before(from) {
            Some(format!("there was no {}", place(from)))
        } else if !in_after(to) {
            Some(format!("there is no {}", place(to)))
        } else if in_after(from) && !is_new_name(from) {
            Some(format!("`{from}` is still there"))
        } else if in_before(to) && !wanted.contains_key(to) {
            Some(format!("there was a {} already", place(to)))
        } else if !taken.insert(to) {
            Some(format!("something else is to be renamed to `{to}` too"))
        } else {
            None
        };
        match problem {
            Some(why) => refusals.push(idle_answer(&place(from), to, &why)),
            None => {
                fitting.insert(from.clone(), to.clone());
            }
        }
    }
    let mut ordered = Vec::new();
    while !fitting.is_empty() {
        let free = fitting.iter().find(|(_, to)| !fitting.contains_key(*to));
        let Some((from, to)) = free.map(|(from, to)| (from.clone(), to.clone())) else {
            let (from, to) = fitting.pop_first().expect("it is not empty");
            refusals.push(idle_answer(&place(&from), &to, "the renames go round in a circle"));
            break;
        };
        fitting.remove(&from);
        ordered.push((from, to));
    }
    ordered
}

fn idle_answer(what: &str, to: impl fmt::Display, why: &str) -> Refusal {
    Refusal {
        message: format!("{what} can't be renamed to `{to}`: {why}"),
        help: "correct the answer or the `renamed_from`, or take it away".to_owned(),
    }
}

/// What was said to be dropped and isn't.
fn idle(
    before: &Schema,
    after: &Schema,
    dropped: &BTreeSet<(Name, Option<String>)>,
) -> Vec<Refusal> {
    let is_dropped = |(table, column): &&(Name, Option<String>)| match column {
        None => before.get(table).is_some() && after.get(table).is_none(),
        Some(column) => {
            let has =
                |schema: &Schema| schema.get(table).is_some_and(|it| it.position(column).is_some());
            has(before) && !has(after)
        }
    };
    dropped
        .iter()
        .filter(|it| !is_dropped(it))
        .map(|(table, column)| Refusal {
            message: match column {
                Some(column) => format!("column `{column}` of `{table}` isn't dropped"),
                None => format!("table `{table}` isn't dropped"),
            },
            help: "correct the answer, or take it away".to_owned(),
        })
        .collect()
}

/// One question for each table and column that is gone, may be something new, and was not
/// answered.
fn questions(
    before: &Schema,
    after: &Schema,
    answered: &BTreeSet<(Name, Option<String>)>,
) -> Vec<Question> {
    let mut questions = Vec::new();
    let (mut gone, mut new, mut both) = (Vec::new(), Vec::new(), Vec::new());
    for beside in before.beside(after) {
        match beside {
            (Some(old), Some(table)) => both.push((old, table)),
            (Some(old), None) => gone.push(old),
            (None, table) => new.extend(table),
        }
    }
    for old in gone.into_iter().filter(|it| !answered.contains(&(it.name.clone(), None))) {
        let candidates = new.iter().filter_map(|it| table_candidate(old, it));
        let subject = Subject::Table(old.name.clone());
        questions.extend(Question::about(subject, candidates.collect()));
    }
    for (old, table) in both {
        for (at, column) in old.columns.iter().enumerate() {
            if table.position(&column.name).is_some()
                || answered.contains(&(table.name.clone(), Some(column.name.clone())))
            {
                continue;
            }
            let new = table.columns.iter().enumerate();
            let candidates = new
                .filter(|(_, it)| old.position(&it.name).is_none())
                .filter_map(|(to, it)| {
                    let likeness = columns_alike(
                        (&column.name, &column.column),
                        (&it.name, &it.column),
                        at == to,
                    )?;
                    Some(likeness.of(Subject::Column(table.name.clone(), it.name.clone())))
                })
                .collect();
            let subject = Subject::Column(table.name.clone(), column.name.clone());
            questions.extend(Question::about(subject, candidates));
        }
    }
    questions
}

/// How much two things are alike, and why.
struct Likeness {
    score: u32,
    reasons: Vec<String>,
}

impl Likeness {
    fn of(self, subject: Subject) -> Candidate {
        Candidate { subject, score: self.score, reasons: self.reasons }
    }
}

/// From which likeness on two names count as similar, from 0 to 100.
const SIMILAR: u32 = 50;

/// A table may have become another one if they share most of their columns, or their names are
/// much alike. A column that has kept its name and holds the same kind of thing counts half.
fn table_candidate(old: &Table, new: &Table) -> Option<Candidate> {
    let (mut same, mut changed) = (0, 0);
    for it in &old.columns {
        let Some(kept) = new.column_named(&it.name) else { continue };
        if kept.data_type == it.column.data_type {
            same += 1;
        } else if related(&kept.data_type, &it.column.data_type) {
            changed += 1;
        }
    }
    let all = (old.columns.len() + new.columns.len()).max(1);
    let columns = percent(2 * same + changed, all);
    let names = name_likeness(&old.name.name, &new.name.name);
    if columns < 50 && names < 70 {
        return None;
    }
    let mut reasons = Vec::new();
    if same > 0 {
        reasons.push(format!("{same} of {} columns are the same", old.columns.len()));
    }
    if changed > 0 {
        reasons.push(format!("{changed} of the same name have a related type"));
    }
    if names >= SIMILAR {
        reasons.push("similar name".to_owned());
    }
    let score = (columns * 7 + names * 3) / 10;
    Some(Likeness { score, reasons }.of(Subject::Table(new.name.clone())))
}

/// A column may have become another one if they have the same type, similar names, or the same
/// place and a related type.
fn columns_alike(old: (&str, &Column), new: (&str, &Column), same_place: bool) -> Option<Likeness> {
    let same_type = old.1.data_type == new.1.data_type;
    let related = related(&old.1.data_type, &new.1.data_type);
    let names = name_likeness(old.0, new.0);
    if !same_type && names < SIMILAR && !(same_place && related) {
        return None;
    }
    let mut reasons = Vec::new();
    let mut score = names * 3 / 10;
    let mut add = |holds: bool, points: u32, reason: &str| {
        if holds {
            score += points;
            reasons.push(reason.to_owned());
        }
    };
    add(same_type, 50, "same type");
    add(!same_type && related, 20, "related type");
    add(names >= SIMILAR, 0, "similar name");
    add(same_place, 10, "same place in the table");
    let rest = old.1.nullable == new.1.nullable && old.1.default == new.1.default;
    add(rest && same_type, 10, "same default and nullability");
    Some(Likeness { score, reasons })
}

/// How much two names are alike, from 0 to 100. A name that holds all words of the other, as
/// `display_name` does with `name`, is at least similar.
fn name_likeness(one: &str, other: &str) -> u32 {
    let longest = one.chars().count().max(other.chars().count()).max(1);
    let likeness = percent(longest.saturating_sub(edits(one, other)), longest);
    let words = |it: &str| -> BTreeSet<String> {
        it.to_lowercase().split(['_', '-', ' ']).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    if one.is_subset(&other) || other.is_subset(&one) { likeness.max(60) } else { likeness }
}

fn percent(part: usize, whole: usize) -> u32 {
    u32::try_from(part * 100 / whole).unwrap_or(100)
}

/// Whether two types hold the same kind of thing, so that values of one often become those of the
/// other.
fn related(one: &ColumnType, other: &ColumnType) -> bool {
    let family = family(one);
    family.is_some() && family == self::family(other)
}

#[derive(PartialEq)]
enum Family {
    Text,
    Whole,
    Number,
    Moment,
    Json,
}

fn family(data_type: &ColumnType) -> Option<Family> {
    use ColumnType as T;
    Some(match data_type.unspelled() {
        T::Varchar { .. } | T::Text { .. } | T::Enum { .. } => Family::Text,
        T::Smallint | T::Integer | T::Bigint | T::Serial | T::Bigserial => Family::Whole,
        T::Float | T::Double | T::Decimal { .. } => Family::Number,
        T::Date | T::Timestamp | T::Timestamptz => Family::Moment,
        T::Json | T::Jsonb => Family::Json,
        _ => return None,
    })
}
