//! The statements that write the history. They are texts, so that they travel in one transaction
//! with what they tell of.

use super::{Circumstances, Direction, History, Record, State, StepRecord};

impl History {
    /// A run begins.
    pub fn begin_run(&self, id: u64, run: &Circumstances) -> String {
        let literal = |text: &str| self.dialect.literal(text);
        format!(
            "INSERT INTO {} (id, command, actor, host, version, reference, started) \
             VALUES ({id}, {}, {}, {}, {}, {}, {})",
            self.table("runs"),
            literal(&run.command),
            literal(&run.actor),
            literal(&run.host),
            literal(&run.version),
            literal(&run.reference),
            self.dialect.ledger.now,
        )
    }

    /// A run ends.
    pub fn end_run(&self, id: u64, outcome: &str) -> String {
        format!(
            "UPDATE {} SET ended = {}, outcome = {} WHERE id = {id}",
            self.table("runs"),
            self.dialect.ledger.now,
            self.dialect.literal(outcome),
        )
    }

    /// A migration appears: applied at once, or running. Trips where it already stands there.
    pub fn insert_migration(&self, record: &Record, plan: &str, revert: &str) -> String {
        let literal = |text: &str| self.dialect.literal(text);
        let now = self.dialect.ledger.now;
        let ended = if record.state == State::Running { "NULL" } else { now };
        format!(
            "INSERT INTO {} (name, digest, meaning, state, direction, how, parents, position, \
             run, started, ended, plan, revert) \
             VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {now}, {ended}, {}, {})",
            self.table("migrations"),
            literal(&record.name),
            literal(&record.digest),
            literal(&record.meaning),
            literal(record.state.word()),
            literal(record.direction.word()),
            literal(record.how.word()),
            literal(&names(&record.parents)),
            record.position,
            record.run,
            literal(plan),
            literal(revert),
        )
    }

    /// A migration that was reverted is forgotten, before it is applied again or when nothing of
    /// it was kept.
    pub fn forget_migration(&self, name: &str) -> Vec<String> {
        let name = self.dialect.literal(name);
        vec![
            format!("DELETE FROM {} WHERE migration = {name}", self.table("steps")),
            format!("DELETE FROM {} WHERE name = {name}", self.table("migrations")),
        ]
    }

    /// A running migration of which no step was begun or done is forgotten; says that it changed
    /// a row only where it was so.
    pub fn forget_untouched(&self, name: &str) -> String {
        let name = self.dialect.literal(name);
        format!(
            "DELETE FROM {} WHERE name = {name} AND state = 'running' AND NOT EXISTS \
             (SELECT 1 FROM {} AS s WHERE s.migration = {name})",
            self.table("migrations"),
            self.table("steps"),
        )
    }

    /// A running migration gets another plan, because its file was repaired.
    pub fn replan(&self, record: &Record, plan: &str, revert: &str) -> String {
        let literal = |text: &str| self.dialect.literal(text);
        format!(
            "UPDATE {} SET digest = {}, meaning = {}, plan = {}, revert = {} WHERE name = {}",
            self.table("migrations"),
            literal(&record.digest),
            literal(&record.meaning),
            literal(plan),
            literal(revert),
            literal(&record.name),
        )
    }

    /// A running migration is applied, or is reverted.
    pub fn finish_migration(&self, name: &str, state: State) -> String {
        format!(
            "UPDATE {} SET state = {}, ended = {}, plan = '' WHERE name = {}",
            self.table("migrations"),
            self.dialect.literal(state.word()),
            self.dialect.ledger.now,
            self.dialect.literal(name),
        )
    }

    /// An applied migration begins to be taken back by `plan`.
    pub fn begin_revert(&self, name: &str, run: u64, plan: &str) -> String {
        format!(
            "UPDATE {} SET state = 'running', direction = 'down', run = {run}, plan = {}, \
             ended = NULL WHERE name = {}",
            self.table("migrations"),
            self.dialect.literal(plan),
            self.dialect.literal(name),
        )
    }

    /// An applied migration is reverted in one go.
    pub fn revert_migration(&self, name: &str, run: u64) -> String {
        format!(
            "UPDATE {} SET state = 'reverted', direction = 'down', run = {run}, ended = {}, \
             plan = '' WHERE name = {}",
            self.table("migrations"),
            self.dialect.ledger.now,
            self.dialect.literal(name),
        )
    }

    /// A file was changed without changing what it means, or its change was accepted.
    pub fn accept_file(
        &self,
        name: &str,
        digest: &str,
        meaning: &str,
        parents: &[String],
    ) -> String {
        format!(
            "UPDATE {} SET digest = {}, meaning = {}, parents = {} WHERE name = {}",
            self.table("migrations"),
            self.dialect.literal(digest),
            self.dialect.literal(meaning),
            self.dialect.literal(&names(parents)),
            self.dialect.literal(name),
        )
    }

    /// A migration's file has another name by now. Trips where there is a migration of that name.
    pub fn renumber(&self, name: &str, now: &str) -> Vec<String> {
        let [name, now] = [name, now].map(|it| self.dialect.literal(it));
        vec![
            format!("UPDATE {} SET name = {now} WHERE name = {name}", self.table("migrations")),
            format!(
                "UPDATE {} SET migration = {now} WHERE migration = {name}",
                self.table("steps")
            ),
        ]
    }

    /// The last of several applied migrations makes room for one that stands for all of them, with
    /// the time at which it was done.
    pub fn fold_into(&self, last: &str, squash: &Record, revert: &str) -> Vec<String> {
        let literal = |text: &str| self.dialect.literal(text);
        vec![
            format!("DELETE FROM {} WHERE migration = {}", self.table("steps"), literal(last)),
            format!(
                "UPDATE {} SET name = {}, digest = {}, meaning = {}, how = {}, parents = {}, \
                 position = {}, plan = '', revert = {} WHERE name = {}",
                self.table("migrations"),
                literal(&squash.name),
                literal(&squash.digest),
                literal(&squash.meaning),
                literal(squash.how.word()),
                literal(&names(&squash.parents)),
                squash.position,
                literal(revert),
                literal(last),
            ),
        ]
    }

    /// A step is begun, or done at once. Trips where it was begun before. A step before it may have
    /// told the session how texts are to be read.
    pub fn insert_step(&self, migration: &str, direction: Direction, step: &StepRecord) -> String {
        let literal = |text: &str| self.dialect.literal(text);
        let now = self.dialect.ledger.now;
        let (state, ended) = if step.done { ("done", now) } else { ("begun", "NULL") };
        format!(
            "INSERT INTO {} (migration, direction, position, state, observed, statement, \
             session, begun, done) VALUES ({}, {}, {}, {}, {}, {}, {}, {now}, {ended})",
            self.table("steps"),
            literal(migration),
            literal(direction.word()),
            step.position,
            literal(state),
            self.dialect.verbatim(&step.observed),
            self.dialect.verbatim(&step.statement),
            literal(&step.session),
        )
    }

    /// A step that goes in batches has come further. Trips where another run has moved on since
    /// `was`, or has begun it.
    pub fn advance_step(
        &self,
        migration: &str,
        direction: Direction,
        step: &StepRecord,
        was: Option<&str>,
        progress: &str,
    ) -> Vec<String> {
        let mut marks = Vec::new();
        let one = self.one_step(migration, direction, step.position);
        if let Some(was) = was {
            let was = self.dialect.verbatim(was);
            let table = self.table("steps");
            marks.push(format!("DELETE FROM {table} WHERE {one} AND progress = {was}"));
        }
        marks.push(self.insert_step(migration, direction, step));
        let (table, progress) = (self.table("steps"), self.dialect.verbatim(progress));
        marks.push(format!("UPDATE {table} SET progress = {progress} WHERE {one}"));
        marks
    }

    /// The query for how far a step that goes in batches has come.
    pub fn step_progress(&self, migration: &str, direction: Direction, position: usize) -> String {
        let one = self.one_step(migration, direction, position);
        format!("SELECT progress FROM {} WHERE {one}", self.table("steps"))
    }

    /// A step that was begun is done.
    pub fn step_done(&self, migration: &str, direction: Direction, position: usize) -> String {
        format!(
            "UPDATE {} SET state = 'done', done = {}, error = NULL WHERE {}",
            self.table("steps"),
            self.dialect.ledger.now,
            self.one_step(migration, direction, position),
        )
    }

    /// A step that was begun turned out not to have had its effect.
    pub fn step_undone(&self, migration: &str, direction: Direction, position: usize) -> String {
        let step = self.one_step(migration, direction, position);
        format!("DELETE FROM {} WHERE {step}", self.table("steps"))
    }

    /// What a step was refused with, for `history`.
    pub fn step_error(
        &self,
        migration: &str,
        direction: Direction,
        position: usize,
        error: &str,
    ) -> String {
        format!(
            "UPDATE {} SET error = {} WHERE {}",
            self.table("steps"),
            self.dialect.verbatim(error),
            self.one_step(migration, direction, position),
        )
    }

    /// The query for how many seconds ago a step was begun.
    pub fn step_age(&self, migration: &str, direction: Direction, position: usize) -> String {
        format!(
            "SELECT {} FROM {} WHERE {}",
            self.seconds_since("begun"),
            self.table("steps"),
            self.one_step(migration, direction, position),
        )
    }

    /// The query for a fact about the whole: no row where nobody knows it.
    pub fn fact(&self, name: &str) -> String {
        let name = self.dialect.literal(name);
        format!("SELECT value FROM {} WHERE name = {name}", self.table("state"))
    }

    /// A fact about the whole takes the place of what was known before.
    pub fn keep_fact(&self, name: &str, value: &str) -> Vec<String> {
        let (table, name) = (self.table("state"), self.dialect.literal(name));
        vec![
            format!("DELETE FROM {table} WHERE name = {name}"),
            format!(
                "INSERT INTO {table} (name, value) VALUES ({name}, {})",
                self.dialect.literal(value)
            ),
        ]
    }

    /// The query for the facts whose names begin so: a name and a value each.
    pub fn facts(&self, prefix: &str) -> String {
        let like = self.dialect.literal(&format!("{prefix}%"));
        format!("SELECT name, value FROM {} WHERE name LIKE {like}", self.table("state"))
    }

    /// A fact about the whole. Trips where it stands there already.
    pub fn insert_fact(&self, name: &str, value: &str) -> String {
        format!(
            "INSERT INTO {} (name, value) VALUES ({}, {})",
            self.table("state"),
            self.dialect.literal(name),
            self.dialect.literal(value)
        )
    }

    /// A fact is none any more.
    pub fn forget_fact(&self, name: &str) -> String {
        let name = self.dialect.literal(name);
        format!("DELETE FROM {} WHERE name = {name}", self.table("state"))
    }

    fn one_step(&self, migration: &str, direction: Direction, position: usize) -> String {
        format!(
            "migration = {} AND direction = {} AND position = {position}",
            self.dialect.literal(migration),
            self.dialect.literal(direction.word()),
        )
    }
}

/// A list of names as it is kept.
fn names(names: &[String]) -> String {
    serde_json::to_string(names).expect("strings are always JSON")
}
