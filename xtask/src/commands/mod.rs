//! The commands of `cargo xtask`: one file each, named once in [`ALL`].

use std::fmt::Write;
use std::process::ExitCode;

mod bench;
mod databases;
mod engines;
mod faults;
mod kills;
mod reliability;
mod tally;
mod test;

/// One command: the word that is typed, a line about it, and what it does with its arguments.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&[String]) -> Result<ExitCode, String>,
}

/// Every command.
pub(crate) const ALL: &[Command] = &[
    Command { name: "test", about: test::ABOUT, run: test::run },
    Command { name: "kills", about: kills::ABOUT, run: kills::run },
    Command { name: "faults", about: faults::ABOUT, run: faults::run },
    Command { name: "engines", about: engines::ABOUT, run: engines::run },
    Command { name: "bench", about: bench::ABOUT, run: bench::run },
];

/// The list of the commands, as help.
pub(crate) fn usage() -> String {
    let mut text = "Usage: cargo xtask <command>\n\nCommands:\n".to_owned();
    for command in ALL {
        let _ = writeln!(text, "  {:<9} {}", command.name, command.about);
    }
    text
}
