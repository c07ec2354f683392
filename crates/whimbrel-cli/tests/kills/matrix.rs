//! Each class of step × each call × each side of it × each means, up and down.

use std::time::Instant;

use whimbrel_test::{
    engines::{self, Engine},
    random::Random,
    simulator::{Death, Side},
};

use super::{
    classes::{self, Class},
    figures::{self, Figures},
    killing::{self, Kill, Means},
    races,
    server::Server,
    stage::{Stage, Way},
};

/// How many kills there are to be, all engines together; 0 for none.
const VARIABLE: &str = "WHIMBREL_TEST_KILLS";
/// What the sample is drawn by.
const SEED: &str = "WHIMBREL_TEST_SEED";

/// How much is tried.
#[derive(Clone, Copy, Debug)]
enum Extent {
    /// So many kills of each class.
    Sample(usize),
    /// So many of each engine: drawn from the matrix where it is larger, and the whole of it again
    /// and again where it is smaller.
    Long(usize),
}

/// How many kills of servers each engine has to bear.
const SERVER_KILLS: usize = 20;

fn extent() -> Option<Extent> {
    let wanted = std::env::var(VARIABLE).ok();
    match wanted.map(|it| it.parse::<usize>().expect("a number of kills")) {
        None => Some(Extent::Sample(4)),
        Some(0) => None,
        Some(all) => Some(Extent::Long(all.div_ceil(engines::all().len()))),
    }
}

fn seed() -> u64 {
    std::env::var(SEED).map_or(1, |it| it.parse().expect("a seed is a number"))
}

/// What one class of steps comes to if nothing happens.
struct Expected {
    calls: [usize; 2],
    dumps: [String; 2],
}

impl Expected {
    fn dump(&self, way: Way) -> &str {
        &self.dumps[usize::from(way == Way::Down)]
    }

    fn calls(&self, way: Way) -> usize {
        self.calls[usize::from(way == Way::Down)]
    }
}

fn expected(stage: &Stage) -> Expected {
    let (mut calls, mut dumps) = ([0; 2], [String::new(), String::new()]);
    for (place, way) in [Way::Up, Way::Down].into_iter().enumerate() {
        calls[place] = killing::undisturbed(stage, way);
        dumps[place] = stage.dump();
    }
    Expected { calls, dumps }
}

/// Every kill of one direction.
fn kills(way: Way, calls: usize, means: &[Means]) -> Vec<Kill> {
    let mut kills = Vec::new();
    for call in 0..calls {
        for side in [Side::Before, Side::After] {
            for means in means {
                kills.push(Kill { way, means: *means, death: Death { call, side } });
            }
        }
    }
    kills
}

/// Kills, has the next run finish, and compares. Leaves the stage at the end of that way.
fn survives(
    stage: &Stage,
    class: Class,
    expected: &Expected,
    kill: Kill,
    server: Option<&Server>,
    figures: &mut Figures,
) {
    let counts = killing::kill(stage, kill, server);
    let outcome = killing::finish(stage, class, kill);
    let dump = stage.dump();
    let wanted = expected.dump(kill.way);
    let differs = differences(&dump, wanted);
    assert!(differs.is_empty(), "{class:?} {kill:?}:\n{differs}");
    if counts {
        figures.add(class, kill.means, outcome);
    }
}

/// The lines that only one of them has.
fn differences(is: &str, wanted: &str) -> String {
    let only = |one: &str, other: &str, sign: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|it| it == *line));
        lines.map(|line| format!("{sign} {line}")).collect::<Vec<_>>()
    };
    let found = [only(is, wanted, "is"), only(wanted, is, "should be")].concat().join("\n");
    if found.is_empty() && is != wanted { "the order of lines".to_owned() } else { found }
}

fn matrix(engine: &Engine, extent: Extent, figures: &mut Figures) {
    let mut random = Random::new(seed());
    let family = engine.fresh_database().target().family;
    let classes = classes::ALL.into_iter().filter(|it| it.migration(family).is_some());
    let classes: Vec<Class> = classes.collect();
    loop {
        for class in &classes {
            let mut stage = Stage::new(engine, *class);
            let expected = expected(&stage);
            let both = [Means::Process, Means::Connection];
            let means = if stage.proxy().is_some() { &both[..] } else { &both[..1] };
            let mut ups = kills(Way::Up, expected.calls(Way::Up), means);
            let mut downs = kills(Way::Down, expected.calls(Way::Down), means);
            let server = Server::of(engine);
            random.shuffle(&mut ups);
            random.shuffle(&mut downs);
            let few = match extent {
                Extent::Sample(few) => few,
                Extent::Long(wanted) => wanted.div_ceil(2 * classes.len()),
            };
            ups.truncate(few);
            downs.truncate(few);
            for place in 0..ups.len().max(downs.len()) {
                // Now and then on a database that has never seen the migration.
                if place > 0 && place % 8 == 0 {
                    stage = Stage::new(engine, *class);
                }
                // Each kill leaves the database where the next one begins.
                let up = ups[place % ups.len()];
                let down = downs[place % downs.len()];
                for kill in [up, down] {
                    survives(&stage, *class, &expected, kill, server.as_ref(), figures);
                }
            }
        }
        match extent {
            Extent::Long(wanted) if figures.kills() < wanted => {}
            _ => break,
        }
    }
}

/// Kills the server at moments of every class.
fn servers(engine: &Engine, extent: Extent, figures: &mut Figures) {
    let Some(server) = Server::of(engine) else { return };
    let wanted = match extent {
        Extent::Sample(_) => 3,
        Extent::Long(_) => SERVER_KILLS,
    };
    let mut random = Random::new(seed());
    let family = engine.fresh_database().target().family;
    let classes = classes::ALL.into_iter().filter(|it| it.migration(family).is_some());
    let mut classes: Vec<Class> = classes.collect();
    random.shuffle(&mut classes);
    for class in classes.iter().cycle() {
        let stage = Stage::new(engine, *class);
        let expected = expected(&stage);
        for way in [Way::Up, Way::Down] {
            if figures.kills_by(Means::Server) >= wanted {
                return;
            }
            let mut all = kills(way, expected.calls(way), &[Means::Server]);
            random.shuffle(&mut all);
            survives(&stage, *class, &expected, all[0], Some(&server), figures);
        }
    }
}

/// Rounds in which all live, and as many in which half of the runs die. The sample has none:
/// `interrupted` in the other tests of the binary runs one of each on every engine.
fn race(engine: &Engine, version: &str, extent: Extent) {
    const ROUNDS: usize = 10;
    let Extent::Long(_) = extent else { return };
    let mut random = Random::new(seed());
    let mut killed = 0;
    for _ in 0..ROUNDS {
        races::all_live(engine);
        killed += races::half_die(engine, &mut random);
    }
    figures::races(&engine.name, version, ROUNDS, 2 * ROUNDS * races::RUNS, killed);
}

#[expect(clippy::print_stderr, reason = "the figures are for whoever runs the test")]
fn all_of(engines: Vec<Engine>) {
    let Some(extent) = extent() else { return };
    for engine in engines {
        let begin = Instant::now();
        let mut figures = Figures::default();
        matrix(&engine, extent, &mut figures);
        servers(&engine, extent, &mut figures);
        let version = engine.fresh_database().connect().server().version.to_string();
        race(&engine, &version, extent);
        figures.write(&engine.name, &version);
        eprintln!(
            "{} {version}: {} kills ({} of them of the server) in {:.1} s, seed {}",
            engine.name,
            figures.kills(),
            figures.kills_by(Means::Server),
            begin.elapsed().as_secs_f64(),
            seed()
        );
        let least = match extent {
            Extent::Sample(few) => few,
            Extent::Long(all) => all,
        };
        assert!(figures.kills() >= least, "{}: only {} kills", engine.name, figures.kills());
    }
}

#[test]
fn sqlite_is_finished_after_every_kill() {
    all_of(engines::sqlite());
}

#[test]
fn postgres_is_finished_after_every_kill() {
    all_of(engines::postgres());
}

#[test]
fn the_mysql_family_is_finished_after_every_kill() {
    all_of(engines::mysql_family());
}
