//! One engine: the bare loop and whimbrel in turns, then a database that has it all applied.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use whimbrel::{
    connection::Connection,
    dialect::{Ddl, Dialect},
    execute::{
        DownOptions, DownTarget, Event, Grouping, Host, Locking, Patience, Target, UpOptions, down,
        status, up,
    },
    history::Circumstances,
    project::Directory,
};
use whimbrel_test::engines::{Engine, Throwaway};

use super::{
    Options, generate,
    table::{Table, median, middle},
};

/// A program around a run that only tells the time.
struct Clock(Instant);

impl Host for Clock {
    fn event(&mut self, _event: Event) {}

    fn pause(&mut self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn interrupted(&self) -> bool {
        false
    }
}

/// What one round took.
struct Round {
    bare: Duration,
    each: Duration,
    auto: Duration,
}

/// Measures on `engine`.
pub(crate) fn measure(engine: &Engine, options: &Options, table: &mut Table) {
    let count = options.migrations;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    generate::write(folder.path(), 1, count);
    let first = engine.fresh_database();
    let server = first.connect().server().clone();
    let Some(dialect) = Dialect::of_product(&server.product) else { return };
    let name = format!("{} {}", server.product, server.version);
    drop(first);
    println!("{name}");

    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        let round = round(engine, dialect, folder.path(), count, number % 2 == 0);
        let Round { bare, each, auto } = &round;
        println!("  round {number}: bare {bare:.2?}, each {each:.2?}, auto {auto:.2?}");
        rounds.push(round);
    }
    compare(&name, dialect, &rounds, table);
    afterwards(engine, dialect, &name, folder.path(), options, table);
}

/// Each in its turn; the other way round in every second round, as what comes first finds the
/// machine in another state than what comes last.
fn round(
    engine: &Engine,
    dialect: &'static Dialect,
    folder: &Path,
    count: usize,
    backwards: bool,
) -> Round {
    let bare = || bare(engine, dialect, count);
    let up = |grouping| applied(engine, dialect, folder, grouping);
    if backwards {
        let (auto, each) = (up(Grouping::Auto), up(Grouping::Each));
        Round { bare: bare(), each, auto }
    } else {
        let (bare, each) = (bare(), up(Grouping::Each));
        Round { bare, each, auto: up(Grouping::Auto) }
    }
}

fn compare(name: &str, dialect: &Dialect, rounds: &[Round], table: &mut Table) {
    let ratio = |of: fn(&Round) -> Duration| {
        middle(rounds.iter().map(|it| of(it).as_secs_f64() / it.bare.as_secs_f64()).collect())
    };
    let beside = |of: fn(&Round) -> Duration| {
        let (ours, bare) = (median(rounds.iter().map(of)), median(rounds.iter().map(|it| it.bare)));
        format!("{ours:.0} ms; bare {bare:.0} ms")
    };
    let (each, auto) = match (dialect.ddl, dialect.lock) {
        (Ddl::Autocommit, _) => (1.5, 1.5),
        (Ddl::Transactional, whimbrel::dialect::Lock::File) => (1.15, 0.2),
        (Ddl::Transactional, _) => (1.15, 1.05),
    };
    let what = "`up`, a commit each";
    table.ratio(name, what, (ratio(|it| it.each), each), beside(|it| it.each));
    let what = "`up` on a new database";
    table.ratio(name, what, (ratio(|it| it.auto), auto), beside(|it| it.auto));
}

/// What a database with everything applied is asked.
fn afterwards(
    engine: &Engine,
    dialect: &'static Dialect,
    name: &str,
    folder: &Path,
    options: &Options,
    table: &mut Table,
) {
    let count = options.migrations;
    let database = engine.fresh_database();
    run(&mut *database.connect(), dialect, folder, |target, clock| {
        up(target, &UpOptions::default(), clock).expect("`up` succeeds");
    });
    let times = options.rounds * 4;
    let mut connecting = Vec::new();
    let mut ups = Vec::new();
    let mut statuses = Vec::new();
    for _ in 0..times {
        connecting.push(timed(|| drop(database.connect())));
        ups.push(timed(|| {
            run(&mut *database.connect(), dialect, folder, |target, clock| {
                up(target, &UpOptions::default(), clock).expect("`up` succeeds");
            });
        }));
        statuses.push(timed(|| {
            run(&mut *database.connect(), dialect, folder, |target, _| {
                status(target).expect("`status` succeeds");
            });
        }));
    }
    let connecting = median(connecting);
    let above = |times: Vec<Duration>| (median(times) - connecting, 30.0);
    table.figure(name, "idle `up` above connecting", above(ups), "ms");
    table.figure(name, "`status` above connecting", above(statuses), "ms");

    generate::write(folder, count + 1, count + 1);
    let pending = timed(|| {
        run(&mut *database.connect(), dialect, folder, |target, clock| {
            up(target, &UpOptions::default(), clock).expect("`up` succeeds");
        });
    });
    let what = "`up` with one pending above connecting";
    table.figure(name, what, (pending.as_secs_f64() * 1000.0 - connecting, 100.0), "ms");
    downwards(&database, dialect, name, folder, count, table);
}

/// `down` from many applied migrations and from few.
fn downwards(
    database: &Throwaway,
    dialect: &'static Dialect,
    name: &str,
    folder: &Path,
    count: usize,
    table: &mut Table,
) {
    let tenth = count / 10;
    let mut connection = database.connect();
    let mut back = |count| {
        timed(|| {
            run(&mut *connection, dialect, folder, |target, clock| {
                let target_of = DownTarget::Count(count);
                let options = DownOptions {
                    target: target_of,
                    allow_data_loss: true,
                    ..DownOptions::default()
                };
                down(target, &options, clock).expect("`down` succeeds");
            });
        })
    };
    let early: Vec<Duration> = (0..3).map(|_| back(tenth)).collect();
    let double = median((0..2).map(|_| back(tenth * 2)));
    let late: Vec<Duration> = (0..3).map(|_| back(tenth)).collect();
    let single = median(early.iter().chain(&late).copied());
    let (early, late) = (median(early), median(late));
    let what = format!("`down` of {} against {tenth}", tenth * 2);
    table.ratio(name, &what, (double / single, 2.5), format!("{double:.0} ms; {single:.0} ms"));
    let what = format!("`down` of {tenth} with many applied against few");
    table.ratio(name, &what, (early / late, 1.5), format!("{early:.0} ms; {late:.0} ms"));
}

/// A loop that does by hand what the migrations do, a commit each.
fn bare(engine: &Engine, dialect: &Dialect, count: usize) -> Duration {
    let database = engine.fresh_database();
    let mut connection = database.connect();
    connection.execute(generate::BARE_HISTORY).expect("a table can be created");
    let statements: Vec<[String; 2]> = (1..=count).map(generate::bare).collect();
    timed(|| {
        for [create, insert] in &statements {
            if dialect.ddl == Ddl::Transactional {
                connection.begin().expect("a transaction can be begun");
            }
            connection.execute(create).expect("a table can be created");
            connection.execute(insert).expect("a row can be inserted");
            if dialect.ddl == Ddl::Transactional {
                connection.commit().expect("a transaction can be committed");
            }
        }
    })
}

/// `up` on a new database, from reading the folder to the end of the run.
fn applied(
    engine: &Engine,
    dialect: &'static Dialect,
    folder: &Path,
    grouping: Grouping,
) -> Duration {
    let database = engine.fresh_database();
    let mut connection = database.connect();
    timed(|| {
        run(&mut *connection, dialect, folder, |target, clock| {
            let options = UpOptions { grouping, ..UpOptions::default() };
            up(target, &options, clock).expect("`up` succeeds");
        });
    })
}

/// Opens the folder and does something with it and the database, as a command does.
fn run(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    folder: &Path,
    work: impl FnOnce(&mut Target<'_>, &mut Clock),
) {
    let mut clock = Clock(Instant::now());
    let directory =
        Directory::open(folder, "migrations", Some(dialect)).expect("the files have been written");
    let mut target = Target {
        connection,
        dialect,
        migrations: &directory,
        circumstances: Circumstances { command: "bench".into(), ..Circumstances::default() },
        wait: Duration::from_secs(1),
        cancel_running: false,
        patience: Patience::default(),
        locking: Locking::Auto,
    };
    work(&mut target, &mut clock);
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
