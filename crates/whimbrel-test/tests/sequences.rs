//! Random sequences of `up`, `down`, edited files, late branches and deaths, against a model that
//! knows nothing of how it is done: after each command that came to its end, the database holds
//! what the model says.
//!
//! Each sequence has a seed of its own, which a failure tells. `WHIMBREL_TEST_SEQUENCES` says how
//! many there are (120 by default), `WHIMBREL_TEST_SEED` with which seed they begin.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use whimbrel::{
    connection::Connection,
    dialect::{Dialect, SQLITE},
    execute::{DownOptions, DownTarget, Late, Report, Stop, UpOptions, UpTarget, down, up},
};
use whimbrel_migration::*;
use whimbrel_test::{
    random::Random,
    shelf::{Listener, Shelf, target},
    simulator::{Afterlife, Death, SERVER, Side, Simulated, open, simulated},
};

/// What a migration does, step by step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    /// Its own table, named after it.
    Table,
    /// A column of its own table.
    Column(usize),
    /// An index of its own table.
    Index(usize),
    /// A column that its own table has gets another type: a rebuild on SQLite.
    Alter,
    /// A row in the log that every migration shares.
    Row(usize),
}

/// A migration's file.
#[derive(Clone, Debug)]
struct File {
    name: String,
    parents: Vec<String>,
    acts: Vec<Act>,
}

/// What stands in the database, by what the model says.
#[derive(Clone, Debug, Default)]
struct Model {
    files: Vec<File>,
    /// Applied, in the order in which the database has applied them, as they were then.
    applied: Vec<File>,
    /// Numbers for columns, indexes and rows.
    next: usize,
}

const LOG: &str = "0000_log";

impl Model {
    fn new() -> Self {
        let log = File { name: LOG.to_owned(), parents: Vec::new(), acts: Vec::new() };
        Self { files: vec![log], ..Self::default() }
    }

    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn act(&mut self, random: &mut Random) -> Act {
        match random.below(5) {
            0 => Act::Column(self.number()),
            1 => Act::Index(self.number()),
            2 => Act::Alter,
            _ => Act::Row(self.number()),
        }
    }

    /// A new file, after any file: often the last one, at times an old one, which makes a branch.
    fn write(&mut self, random: &mut Random) {
        let parent = match random.below(3) {
            0 => random.pick(&self.files).name.clone(),
            _ => self.files[self.files.len() - 1].name.clone(),
        };
        let name = format!("{:04}_m", self.files.len());
        let mut acts = vec![Act::Table];
        for _ in 0..random.below(4) {
            let act = self.act(random);
            // One type is as far as a column can be altered.
            if act != Act::Alter || !acts.contains(&Act::Alter) {
                acts.push(act);
            }
        }
        // Rows before their table are rows all the same.
        if matches!(acts.get(1), Some(Act::Row(_))) && random.below(2) == 0 {
            acts.swap(0, 1);
        }
        self.files.push(File { name, parents: vec![parent], acts });
    }

    fn is_applied(&self, name: &str) -> bool {
        self.applied.iter().any(|it| it.name == name)
    }

    /// The names that `up --to name` applies beside those that are.
    fn with_ancestors(&self, name: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::from([name.to_owned()]);
        let mut left = vec![name.to_owned()];
        while let Some(name) = left.pop() {
            let file = self.files.iter().find(|it| it.name == name).expect("it is a file's");
            left.extend(file.parents.iter().filter(|it| all.insert((*it).clone())).cloned());
        }
        all
    }

    fn shelf(&self) -> Shelf {
        Shelf::new(self.files.iter().map(|it| (it.name.clone(), migration(it))))
    }

    /// Tables with their columns, indexes and the log, as [`found`] tells them.
    fn expected(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for file in &self.applied {
            if file.name == LOG {
                lines.push("table log: k".to_owned());
                continue;
            }
            let mut columns = vec!["id integer".to_owned(), "v integer".to_owned()];
            for act in &file.acts {
                match act {
                    Act::Table => {}
                    Act::Column(number) => columns.push(format!("c{number} integer")),
                    Act::Index(number) => lines.push(format!("index i{number}")),
                    Act::Alter => "v text".clone_into(&mut columns[1]),
                    Act::Row(number) => lines.push(format!("row {number}")),
                }
            }
            lines.push(format!("table t{}: {}", file.name, columns.join(", ")));
        }
        lines.sort();
        lines
    }
}

fn migration(file: &File) -> Migration {
    if file.name == LOG {
        return Migration::first().create_table(table("log").column("k", integer()));
    }
    let parents: Vec<&str> = file.parents.iter().map(String::as_str).collect();
    let own = format!("t{}", file.name);
    let mut migration = Migration::after(parents[0]);
    for act in &file.acts {
        migration = match act {
            Act::Table => migration
                .create_table(table(own.as_str()).column("id", integer()).column("v", integer())),
            Act::Column(number) => {
                migration.add_column(own.as_str(), format!("c{number}"), integer())
            }
            Act::Index(number) => {
                migration.add_index(own.as_str(), index(format!("i{number}")).on("id"))
            }
            Act::Alter => migration.alter_column(own.as_str(), "v", set().data_type(text())),
            Act::Row(number) => migration.run_sql(
                sql(format!("INSERT INTO log VALUES ({number})"))
                    .undo(format!("DELETE FROM log WHERE k = {number}")),
            ),
        };
    }
    migration
}

/// A command, as somebody gives it again and again until it has come to its end.
#[derive(Clone, Debug)]
enum Command {
    Up(UpOptions),
    Down(DownTarget),
}

/// Whatever comes late is welcome: here it makes no difference.
fn upwards() -> UpOptions {
    UpOptions { late: Late::Allow, ..UpOptions::default() }
}

fn run(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    shelf: &Shelf,
    command: &Command,
) -> Result<Report, Stop> {
    let mut target = target(connection, dialect, shelf);
    target.wait = Duration::from_mins(10);
    let mut listener = Listener::default();
    match command {
        Command::Up(options) => up(&mut target, options, &mut listener),
        Command::Down(to) => down(
            &mut target,
            &DownOptions { target: to.clone(), allow_data_loss: true, ..DownOptions::default() },
            &mut listener,
        ),
    }
}

fn texts(connection: &mut dyn Connection, query: &str) -> Vec<String> {
    let rows = connection.query(query).unwrap_or_else(|it| panic!("{query}: {it}"));
    rows.into_iter().map(|mut it| it.remove(0).unwrap_or_default()).collect()
}

/// What stands in the database, in the model's words.
fn found(file: &Path) -> Vec<String> {
    let mut connection = open(file);
    let connection = &mut *connection;
    let objects = |kind: &str| {
        format!(
            "SELECT name FROM sqlite_master WHERE type = '{kind}' \
             AND name NOT LIKE 'whimbrel%' AND name NOT LIKE 'sqlite%'"
        )
    };
    let mut lines = Vec::new();
    for name in texts(connection, &objects("table")) {
        let words = if name == "log" { "name" } else { "name || ' ' || lower(type)" };
        let query = format!("SELECT {words} FROM pragma_table_xinfo('{name}') ORDER BY cid");
        lines.push(format!("table {name}: {}", texts(connection, &query).join(", ")));
        if name == "log" {
            let rows = texts(connection, "SELECT k FROM log");
            lines.extend(rows.into_iter().map(|it| format!("row {it}")));
        }
    }
    lines.extend(texts(connection, &objects("index")).into_iter().map(|it| format!("index {it}")));
    lines.sort();
    lines
}

/// The migrations in this state, in the order in which they were applied.
fn in_state(file: &Path, condition: &str) -> Vec<String> {
    let mut connection = open(file);
    let there = "SELECT name FROM sqlite_master WHERE name = 'whimbrel_migrations'";
    if texts(&mut *connection, there).is_empty() {
        return Vec::new();
    }
    let query = format!("SELECT name FROM whimbrel_migrations WHERE {condition} ORDER BY position");
    texts(&mut *connection, &query)
}

/// One sequence.
struct Sequence<'s> {
    dialect: &'static Dialect,
    file: &'s Path,
    random: Random,
    model: Model,
    /// What happened, for whoever reads of a failure.
    told: Vec<String>,
    left: Option<Afterlife>,
}

impl Sequence<'_> {
    fn session(&mut self, death: Option<Death>) -> Simulated {
        let soon = self.random.below(30);
        simulated(self.file, self.dialect, death).beside(self.left.take(), soon)
    }

    /// Runs the command with clients that die, as chance wants it; tells whether one died.
    fn with_deaths(&mut self, command: &Command) -> bool {
        let mut any = false;
        for _ in 0..self.random.below(3) {
            let side = *self.random.pick(&[Side::Before, Side::After, Side::Later]);
            let death = Death { call: self.random.below(50), side };
            let mut dying = self.session(Some(death));
            let shelf = self.model.shelf();
            let result = run(&mut dying, self.dialect, &shelf, command);
            if !dying.is_dead() && dying.calls() <= death.call {
                self.told.push(format!("{command:?} ended before {death:?}: {result:?}"));
                break;
            }
            self.left = dying.take_afterlife();
            self.told.push(format!("{command:?} died: {death:?}, left {}", self.left.is_some()));
            any = true;
        }
        any
    }

    fn command(&mut self) -> Command {
        let names: Vec<String> = self.model.files.iter().map(|it| it.name.clone()).collect();
        let applied: Vec<String> = self.model.applied.iter().map(|it| it.name.clone()).collect();
        match self.random.below(8) {
            0 if !applied.is_empty() => Command::Down(DownTarget::All),
            1 | 2 if !applied.is_empty() => {
                Command::Down(DownTarget::To(self.random.pick(&applied).clone()))
            }
            3 | 4 => {
                let target = UpTarget::Named(self.random.pick(&names).clone());
                Command::Up(UpOptions { target, ..upwards() })
            }
            _ => Command::Up(upwards()),
        }
    }

    /// A file of a migration that is not applied, or is half way, grows by an act at its end.
    fn edit(&mut self) {
        let pending = |it: &File| it.name != LOG && !self.model.is_applied(&it.name);
        let names: Vec<String> =
            self.model.files.iter().filter(|it| pending(it)).map(|it| it.name.clone()).collect();
        // One that is on its way down, or through, is no longer read.
        let fixed = in_state(self.file, "state = 'applied' OR direction = 'down'");
        let names: Vec<String> = names.into_iter().filter(|it| !fixed.contains(it)).collect();
        if names.is_empty() {
            return;
        }
        let name = self.random.pick(&names).clone();
        let act = Act::Row(self.model.number());
        self.told.push(format!("{name} grows by {act:?}"));
        let file = self.model.files.iter_mut().find(|it| it.name == name);
        file.expect("it was picked").acts.push(act);
    }

    /// A file of an applied migration is changed: refused, until it is accepted.
    fn edit_applied(&mut self) {
        let names: Vec<String> = in_state(self.file, "state = 'applied'");
        let Some(name) = names.last().cloned().filter(|it| it != LOG) else { return };
        let act = Act::Row(self.model.number());
        let before = self.model.files.clone();
        let file = self.model.files.iter_mut().find(|it| it.name == name).expect("it is there");
        file.acts.push(act);
        self.told.push(format!("{name} is edited although it is applied"));
        let mut session = self.session(None);
        let up = Command::Up(upwards());
        let stop = run(&mut session, self.dialect, &self.model.shelf(), &up).unwrap_err();
        assert!(matches!(stop, Stop::Edited(_)), "{stop}");
        if self.random.below(2) == 0 {
            self.model.files = before;
            return;
        }
        let accept_edited = vec![name];
        let options = UpOptions { accept_edited, ..upwards() };
        self.complete(&Command::Up(options));
    }

    /// Runs the command to its end, and compares.
    fn complete(&mut self, command: &Command) {
        let mut session = self.session(None);
        let result = run(&mut session, self.dialect, &self.model.shelf(), command);
        self.told.push(format!("{command:?}: {result:?}"));
        result.unwrap_or_else(|stop| panic!("{stop}"));
        drop(session);
        let names = in_state(self.file, "state = 'applied'");
        let is: BTreeSet<String> = names.iter().cloned().collect();
        let was: BTreeSet<String> = self.model.applied.iter().map(|it| it.name.clone()).collect();
        let wanted: BTreeSet<String> = match command {
            Command::Up(options) => {
                let more = match &options.target {
                    UpTarget::Named(name) => self.model.with_ancestors(name),
                    _ => self.model.files.iter().map(|it| it.name.clone()).collect(),
                };
                was.union(&more).cloned().collect()
            }
            Command::Down(DownTarget::To(name)) => {
                let stays = self.model.applied.iter().position(|it| it.name == *name);
                let stays = &self.model.applied[..stays.map_or(0, |it| it + 1)];
                stays.iter().map(|it| it.name.clone()).collect()
            }
            Command::Down(_) => BTreeSet::new(),
        };
        // Whatever was half way is finished as well, whichever way it was going.
        assert!(in_state(self.file, "state = 'running'").is_empty(), "something is half way");
        assert_eq!(is, wanted, "other migrations are applied");
        let old = std::mem::take(&mut self.model.applied);
        for name in names {
            let known = old.iter().find(|it| it.name == name);
            let file = known.or_else(|| self.model.files.iter().find(|it| it.name == name));
            let file = file.expect("it is a file's").clone();
            let before = |it: &String| self.model.applied.iter().any(|other| other.name == *it);
            assert!(file.parents.iter().all(before), "{name} stands before what it comes after");
            self.model.applied.push(file);
        }
        assert_eq!(found(self.file), self.model.expected(), "the database is another one");
    }

    fn play(&mut self) {
        for _ in 0..2 {
            self.model.write(&mut self.random);
        }
        for _ in 0..6 {
            if self.random.below(2) == 0 {
                self.model.write(&mut self.random);
            }
            if self.random.below(4) == 0 {
                self.edit();
            }
            if self.random.below(6) == 0 {
                self.edit_applied();
            }
            let command = self.command();
            let died = self.with_deaths(&command);
            let is_up = matches!(&command, Command::Up(_));
            if died && is_up && self.random.below(3) == 0 && self.left.is_none() {
                self.edit();
            }
            self.complete(&command);
        }
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |it| it.parse().expect("a number"))
}

fn sequences(dialect: &'static Dialect) {
    let (count, first) = (number("WHIMBREL_TEST_SEQUENCES", 120), number("WHIMBREL_TEST_SEED", 1));
    // In memory where there is such a place: nothing here is to survive the machine.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let file = folder.path().join("test.db");
    for seed in first..first + count {
        for name in ["test.db", "test.db-journal", "test.db-wal", "test.db-shm"] {
            let _ = fs::remove_file(folder.path().join(name));
        }
        let mut sequence = Sequence {
            dialect,
            file: &file,
            random: Random::new(seed),
            model: Model::new(),
            told: Vec::new(),
            left: None,
        };
        let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sequence.play()));
        assert!(
            played.is_ok(),
            "with WHIMBREL_TEST_SEED={seed} WHIMBREL_TEST_SEQUENCES=1:\n{}",
            sequence.told.join("\n")
        );
    }
}

#[test]
fn sqlite_holds_what_the_model_says() {
    sequences(&SQLITE);
}

#[test]
fn a_server_that_commits_by_itself_holds_what_the_model_says() {
    sequences(&SERVER);
}
