//! The command line: reads its arguments, runs one command of the library, and says what came of it.
//!
//! It is the whole of `whimbrel`, and of the program that a package of migrations makes of them:
//! [`program`].

mod caution;
mod commands;
mod console;
mod deadline;
mod events;
mod failure;
mod globals;
mod patience;
mod program;
mod render;
mod run;
mod signals;
mod statements;
mod stop;
mod target;
mod ui;
mod watch;

use std::process::ExitCode;

use clap::{
    CommandFactory as _, FromArgMatches as _, Parser as _,
    error::{ContextKind, ContextValue, ErrorKind},
};

pub use whimbrel::project::Package;

use crate::{
    commands::{Command, later},
    failure::{Failure, USAGE},
    globals::{Format, Globals},
    ui::Ui,
};

/// Database schema migrations that survive being stopped at any instant.
///
/// Write down what the database should be, get the migration that leads there, apply it. Stop
/// whimbrel whenever you like: the next `up` finishes the work.
#[derive(Debug, clap::Parser)]
#[command(name = "whimbrel", version, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true, infer_long_args = false)]
#[command(after_help = "\
Exit codes: 0 done · 1 the answer is \"no\" · 2 usage or configuration · 3 refused by the database
or a file · 4 a decision is needed · 5 passing trouble, try again · 130, 143 interrupted

Example:
  whimbrel init && whimbrel generate && whimbrel up")]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// The `whimbrel` command: reads the arguments of the process and does what they say.
#[must_use]
pub fn whimbrel() -> ExitCode {
    main(None)
}

/// The program of a package of migrations: the same commands, with the migrations compiled in. It
/// reads no file of migrations and writes none, and says so where a command would.
#[must_use]
pub fn program(package: Package) -> ExitCode {
    main(Some(package))
}

fn main(package: Option<Package>) -> ExitCode {
    let mut cli = match read(package.as_ref()) {
        Ok(Ok(cli)) => cli,
        Ok(Err(absent)) => {
            let globals = Globals { package, ..Globals::default() };
            Ui::new(&globals).failure(&absent);
            return ExitCode::from(absent.code);
        }
        Err(error) => return refuse(&error, package),
    };
    cli.globals.package = package;
    let mut ui = Ui::new(&cli.globals);
    if !cli.command.writes(cli.globals.format) {
        let whose = match cli.globals.format {
            Format::Ascii | Format::Mermaid | Format::Dot | Format::Svg => "graph",
            _ => "check",
        };
        let failure = Failure::new(USAGE, format!("this format is for `whimbrel {whose}`"))
            .hint("here results are written with `--format text` or `--format json`");
        ui.failure(&failure);
        return ExitCode::from(USAGE);
    }
    match cli.command.run(&cli.globals, &mut ui) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            ui.failure(&failure);
            ExitCode::from(failure.code)
        }
    }
}

/// The arguments of the process, or the command among them that a program doesn't have.
fn read(package: Option<&Package>) -> Result<Result<Cli, Failure>, clap::Error> {
    let words = later::translated(std::env::args_os());
    let Some(package) = package else { return Cli::try_parse_from(words).map(Ok) };
    let matches = program::command(Cli::command(), package).try_get_matches_from(words)?;
    if let Some(absent) = program::absent(&matches) {
        return Ok(Err(absent));
    }
    Cli::from_arg_matches(&matches).map(Ok)
}

/// Says what is wrong with the arguments, or shows the help that they ask for.
fn refuse(error: &clap::Error, package: Option<Package>) -> ExitCode {
    let globals = Globals { package, ..Globals::default() };
    if let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(word))) =
        (error.kind(), error.get(ContextKind::InvalidSubcommand))
        && let Some((is_planned, instead)) = later::instead_of(word)
    {
        let is = if is_planned { "isn't there yet" } else { "is no command" };
        let failure = Failure::new(USAGE, format!("`{word}` {is}")).hint(instead);
        Ui::new(&globals).failure(&failure);
        return ExitCode::from(USAGE);
    }
    if let (ErrorKind::UnknownArgument, Some(ContextValue::String(flag))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
        && let Some(instead) = later::instead_of_flag(flag)
    {
        let failure = Failure::new(USAGE, format!("this command has no flag `{flag}`"));
        Ui::new(&globals).failure(&failure.hint(instead));
        return ExitCode::from(USAGE);
    }
    // A closed pipe is all that can go wrong here, and then nobody reads.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn every_command_has_an_example_and_stands_in_the_documentation() {
        let page = include_str!("../../../docs/cli.md");
        let cli = Cli::command();
        cli.clone().debug_assert();
        for command in cli.get_subcommands().filter(|it| !it.is_hide_set()) {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Example") && help.contains("whimbrel "), "`{name}`: {help}");
            let longest = help.lines().map(|it| it.chars().count()).max();
            assert!(longest <= Some(100), "`{name}` has lines that are broken anew: {help}");
            let subcommands: Vec<&str> = match name {
                "plan" => Vec::new(),
                _ => command.get_subcommands().map(clap::Command::get_name).collect(),
            };
            let words = if subcommands.is_empty() {
                vec![name.to_owned()]
            } else {
                subcommands.iter().map(|it| format!("{name} {it}")).collect()
            };
            for word in words {
                assert!(page.contains(&format!("| `{word}")), "`{word}` is not in docs/cli.md");
            }
            for flag in command.get_arguments().filter_map(|it| it.get_long()) {
                assert!(page.contains(&format!("--{flag}")), "`{name} --{flag}` is not there");
            }
        }
    }
}
