//! What steps say to their session and leave in it: said again where a migration is resumed in
//! another session, missed where it can't be, and put back before the next migration begins.

use super::{
    Planned, Step, Stop,
    work::{Failed, Journey, Work, text_of},
};
use crate::{
    dialect::Dialect,
    sql::{Body, Kind, Left, Living, Statement, asks_its_session, mentions},
};

/// What a session begins with that goes on with a migration.
#[derive(Default)]
struct Inheritance<'s> {
    /// The steps that are said again.
    again: Vec<usize>,
    /// What is gone, and which step left it.
    lost: Vec<(&'s Left, usize)>,
}

impl Work<'_, '_> {
    /// Goes on with a migration in another session: says again what steps before `first` said to
    /// theirs, and runs the rest. Stops before a step that needs what they left in a session that
    /// is gone, and that saying it again would not bring back.
    pub(super) fn go_on(
        &mut self,
        journey: Journey<'_>,
        first: usize,
        last: Vec<String>,
    ) -> Result<(), Failed> {
        let steps = &journey.planned.steps;
        let first = first.min(steps.len());
        for step in inherited(self.dialect(), &steps[..first]).again {
            let text = text_of(&steps[step].statement);
            self.tell("setting the session up again", &text)?;
        }
        let Some(missed) = missed(self.dialect(), steps, first) else {
            return self.go(journey, first, last);
        };
        let planned = Planned { steps: steps[..missed.step].to_vec(), ..journey.planned.clone() };
        self.go(Journey { planned: &planned, ..journey }, first, Vec::new())?;
        self.pay()?;
        Err(Stop::SessionLost {
            migration: journey.name.to_owned(),
            direction: journey.direction,
            step: missed.step + 1,
            statement: text_of(&steps[missed.step].statement),
            what: missed.what,
            from: missed.from + 1,
        }
        .into())
    }

    /// Puts the session back to how it was, after steps that left something in it.
    pub(super) fn reset_session(&mut self, steps: &[Step]) -> Result<(), Failed> {
        // Nobody knows what a statement sets that nobody knows.
        let sets = |it: &Step| {
            matches!(it.statement.kind, Kind::Session | Kind::Unknown)
                || !it.statement.leaves.is_empty()
        };
        if !steps.iter().any(sets) {
            return Ok(());
        }
        let dialect = self.dialect();
        let mut texts: Vec<String> = Vec::new();
        for left in steps.iter().flat_map(|it| &it.statement.leaves) {
            texts.extend(forget(dialect, left).filter(|it| !texts.contains(it)));
        }
        texts.extend(dialect.reset_session.iter().map(|it| (*it).to_owned()));
        texts.extend(self.target.connection.opening().iter().cloned());
        for text in &texts {
            self.tell("putting the session back", text)?;
        }
        self.limit_session()
    }
}

/// The statement that takes something out of the session, where there is one that does no harm if
/// it has gone by itself.
fn forget(dialect: &Dialect, left: &Left) -> Option<String> {
    match left.what {
        Living::Table => Some(format!("{}{}", dialect.drop_temporary, dialect.quote(&left.name))),
        Living::Variable => Some(format!("SET {} = NULL", left.name)),
        Living::Setting => {
            // These belong to one statement, or have no default.
            const OWN: &[&str] = &[
                "gtid_next",
                "identity",
                "insert_id",
                "last_insert_id",
                "pseudo_slave_mode",
                "pseudo_thread_id",
                "rand_seed1",
                "rand_seed2",
                "sql_log_bin",
                "timestamp",
            ];
            let name = left.name.to_ascii_lowercase();
            (!OWN.contains(&name.as_str())).then(|| format!("SET SESSION {name} = DEFAULT"))
        }
        Living::Role => dialect.reset_role.map(str::to_owned),
        // Where one of the same name comes next, it takes the place or says so.
        Living::Other | Living::Statement | Living::Cursor => None,
    }
}

fn text(statement: &Statement) -> &str {
    match &statement.body {
        Body::Text(text) => text,
        Body::Live(_) | Body::Batches(_) | Body::Code(_) => "",
    }
}

/// What is said again of steps that are done, and what of theirs is gone.
fn inherited<'s>(dialect: &Dialect, done: &'s [Step]) -> Inheritance<'s> {
    let mut inheritance = Inheritance::default();
    for (position, step) in done.iter().enumerate() {
        let statement = &step.statement;
        // What it was reckoned from is another thing by now.
        let changed = done[position + 1..].iter().any(|it| changes(&it.statement));
        let stale = statement.varies && changed
            || statement.kind != Kind::Session
            || inheritance.lost.iter().any(|(it, _)| mentions(dialect, text(statement), &it.name));
        for left in &statement.leaves {
            inheritance.lost.retain(|(it, _)| !it.name.eq_ignore_ascii_case(&left.name));
            if stale && !matches!(left.what, Living::Setting | Living::Role) {
                inheritance.lost.push((left, position));
            }
        }
        if statement.kind == Kind::Session && !stale {
            inheritance.again.push(position);
        }
    }
    inheritance
}

const fn changes(statement: &Statement) -> bool {
    matches!(statement.kind, Kind::Schema | Kind::Rows | Kind::Unknown)
}

/// A step that needs what is lost.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Missed {
    /// The step.
    pub step: usize,
    /// What it needs.
    pub what: String,
    /// The step that left it.
    pub from: usize,
}

/// The first step from `first` on that needs what the steps before it left in a session that is
/// gone.
pub(super) fn missed(dialect: &Dialect, steps: &[Step], first: usize) -> Option<Missed> {
    let mut lost = inherited(dialect, &steps[..first]).lost;
    let writes = |it: &Step| matches!(it.statement.kind, Kind::Rows | Kind::Unknown);
    // The last one that wrote rows, in the session that is gone.
    let mut wrote = steps[..first].iter().rposition(writes);
    for (position, step) in steps.iter().enumerate().skip(first) {
        let text = text(&step.statement);
        if let (Some(from), Some(asks)) = (wrote, asks_its_session(dialect, text)) {
            return Some(Missed { step: position, what: format!("`{asks}`"), from });
        }
        if writes(step) {
            wrote = None;
        }
        // What it leaves anew, it doesn't need.
        lost.retain(|(it, _)| {
            !step.statement.leaves.iter().any(|new| new.name.eq_ignore_ascii_case(&it.name))
        });
        if let Some((left, from)) = lost.iter().find(|(it, _)| mentions(dialect, text, &it.name)) {
            let what = format!("{} `{}`", left.what.word(), left.name);
            return Some(Missed { step: position, what, from: *from });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::{MYSQL, POSTGRES},
        sql,
    };

    /// What a session that goes on behind the first `done` statements is told again, and what it
    /// misses.
    fn resumed(dialect: &Dialect, script: &str, done: usize) -> (Vec<usize>, String) {
        let statements = sql::script(dialect, script).expect("it can be run");
        let step = |statement| Step::of(0, statement);
        let steps: Vec<Step> = statements.into_iter().map(step).collect();
        let inheritance = inherited(dialect, &steps[..done]);
        let missed = missed(dialect, &steps, done);
        let words = missed.map(|it| format!("{}: {} of {}", it.step, it.what, it.from));
        (inheritance.again, words.unwrap_or_default())
    }

    #[test]
    fn settings_are_said_again() {
        let script = "SET NAMES utf8mb4; USE b; CREATE TABLE a (n int); SET SESSION sql_mode = ''; \
                      CREATE TABLE c (n int)";
        assert_eq!(resumed(&MYSQL, script, 4), (vec![0, 1, 3], String::new()));
        let script = "SET ROLE a; SET search_path TO b; CREATE TABLE a (n int)";
        assert_eq!(resumed(&POSTGRES, script, 2), (vec![0, 1], String::new()));
    }

    #[test]
    fn a_variable_of_a_fixed_value_is_said_again() {
        let script = "SET @a = 7; CREATE TABLE b (n int); INSERT INTO b VALUES (@a)";
        assert_eq!(resumed(&MYSQL, script, 2), (vec![0], String::new()));
    }

    #[test]
    fn a_variable_of_what_has_changed_is_missed() {
        let script = "SET @a = (SELECT max(n) FROM b); ALTER TABLE b ADD m int; \
                      CREATE TABLE c (n int); INSERT INTO c VALUES (@a)";
        assert_eq!(resumed(&MYSQL, script, 1), (vec![0], String::new()), "nothing has changed");
        assert_eq!(resumed(&MYSQL, script, 2), (vec![], "3: the variable `@a` of 0".to_owned()));
        assert_eq!(resumed(&MYSQL, script, 4), (vec![], String::new()), "nothing is left to do");
    }

    #[test]
    fn what_is_made_of_something_missed_is_missed_too() {
        let script = "SET @s = (SELECT 'x' FROM b); PREPARE p FROM @s; CREATE TABLE c (n int); \
                      EXECUTE p";
        assert_eq!(
            resumed(&MYSQL, script, 3),
            (vec![], "3: the prepared statement `p` of 1".to_owned())
        );
        let script = "PREPARE p FROM 'SELECT 1'; CREATE TABLE c (n int); EXECUTE p";
        assert_eq!(resumed(&MYSQL, script, 2), (vec![0], String::new()));
    }

    #[test]
    fn a_temporary_table_is_missed_unless_it_is_made_anew() {
        let script = "CREATE TEMP TABLE t AS SELECT 1; CREATE TABLE a (n int); \
                      INSERT INTO a SELECT * FROM t";
        let missed = "2: the temporary table `t` of 0".to_owned();
        assert_eq!(resumed(&POSTGRES, script, 2), (vec![], missed));
        let script = "CREATE TEMP TABLE t AS SELECT 1; CREATE TABLE a (n int); \
                      CREATE TEMP TABLE t AS SELECT 2; INSERT INTO a SELECT * FROM t";
        assert_eq!(resumed(&POSTGRES, script, 2), (vec![], String::new()));
    }

    #[test]
    fn what_a_session_knows_of_rows_is_missed() {
        let script = "INSERT INTO a VALUES (1); CREATE TABLE b (n int); \
                      INSERT INTO c VALUES (last_insert_id())";
        assert_eq!(resumed(&MYSQL, script, 2), (vec![], "2: `last_insert_id()` of 0".to_owned()));
        let script = "CREATE TABLE b (n int); INSERT INTO a VALUES (1); \
                      INSERT INTO c VALUES (last_insert_id())";
        assert_eq!(resumed(&MYSQL, script, 1), (vec![], String::new()));
    }
}
