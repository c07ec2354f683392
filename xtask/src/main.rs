//! Chores of the repository: `cargo xtask <command>`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to its terminal")]

use std::process::ExitCode;

mod commands;
mod engines;
mod fetch;
mod process;
mod user;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        eprint!("{}", commands::usage());
        return ExitCode::from(2);
    };
    let Some(command) = commands::ALL.iter().find(|command| command.name == name) else {
        eprint!("error: there is no command `{name}`\n\n{}", commands::usage());
        return ExitCode::from(2);
    };
    match (command.run)(rest) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}
