//! How whimbrel compares with a bare loop on the same driver: ratios from one run, on one machine.
//!
//! `cargo xtask bench` builds and starts it, with engines that keep what they committed. Every
//! figure is the median of several rounds, and what is compared takes turns within a round, so
//! that whatever else the machine does falls on both.

#![expect(clippy::print_stdout, reason = "a measurement is for the terminal")]

mod contest;
mod generate;
mod program;
mod schema;
mod table;

use std::{path::PathBuf, process::ExitCode};

use whimbrel_test::engines::{self, Engine};

use self::table::Table;

/// The program's own, so that both sides of every ratio have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What to measure.
struct Options {
    /// How many migrations there are.
    migrations: usize,
    /// How often everything is repeated.
    rounds: usize,
    /// Only engines whose names begin so.
    engine: String,
    /// The binary of the command line, where there is one to measure.
    program: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            println!("error: {message}");
            return ExitCode::from(2);
        }
    };
    let mut table = Table::default();
    if let Some(program) = &options.program {
        program::measure(program, &mut table);
        program::generate(program, &options, &mut table);
    }
    schema::measure(options.rounds, &mut table);
    for engine in wanted(&options) {
        contest::measure(&engine, &options, &mut table);
    }
    println!("\n{table}");
    println!("{} migrations, median of {} rounds", options.migrations, options.rounds);
    if table.all_reached() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn wanted(options: &Options) -> Vec<Engine> {
    let mut engines = engines::all();
    engines.retain(|it| it.name.starts_with(&options.engine));
    engines
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { migrations: 1000, rounds: 5, engine: String::new(), program: None };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{name}` needs a value"))?;
        let number = || value.parse::<usize>().map_err(|_| format!("`{value}` is no number"));
        match name.as_str() {
            "--migrations" => options.migrations = number()?.max(20),
            "--rounds" => options.rounds = number()?.max(1),
            "--engine" => options.engine = value.replace(['-', '.'], "_"),
            "--program" => options.program = Some(value.into()),
            _ => return Err(format!("`{name}` is unknown here")),
        }
    }
    Ok(options)
}
