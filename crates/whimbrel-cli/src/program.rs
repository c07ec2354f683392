//! What is otherwise in the program of a package: its name, and the commands that it doesn't have
//! because they read a schema or write files.

use std::{borrow::Cow, ffi::OsString};

use clap::{Arg, ArgMatches, Command};

use crate::{
    Package,
    failure::{Failure, USAGE},
};

/// The commands that only whimbrel has: the words of each, and other names for the last one.
const ABSENT: &[(&[&str], &[&str])] = &[
    (&["init"], &[]),
    (&["generate"], &["makemigrations"]),
    (&["new"], &["create"]),
    (&["rebase"], &[]),
    (&["check"], &[]),
    (&["data"], &[]),
    (&["dump-data"], &["dump_data"]),
    (&["schema", "validate"], &[]),
    (&["schema", "fmt"], &[]),
    (&["schema", "json-schema"], &[]),
    (&["schema", "sql"], &[]),
    (&["schema", "includes"], &[]),
    (&["schema-to-sql"], &["dump-sql", "dump_sql"]),
    (&["find-includes"], &["find_includes"]),
];

/// The commands as the program has them.
pub(crate) fn command(all: Command, package: &Package) -> Command {
    let name = package.program;
    let about = match names(package).len() {
        1 => "Applies the migration that is compiled in, and tells what is applied".to_owned(),
        count => format!(
            "Applies the {count} migrations that are compiled in, and tells what is applied"
        ),
    };
    let examples = format!(
        "Exit codes: 0 done · 1 the answer is \"no\" · 2 usage or configuration · 3 refused by the database
or a file · 4 a decision is needed · 5 passing trouble, try again · 130, 143 interrupted

Where the database is: --url, or the variable DATABASE_URL, or the variables DB_TYPE, DB_HOST, DB_PORT,
DB_USER, DB_PASSWORD, DB_NAME and DB_SSLMODE

Example:
  {name} up"
    );
    let all = all.name(name).bin_name(name).about(about.clone()).long_about(about);
    reworded(without_absent(all), name).after_help(examples)
}

/// The migrations by name.
pub(crate) fn names(package: &Package) -> Vec<&'static str> {
    let files = package.files.iter().map(|it| it.0);
    let names =
        files.filter(|it| !it.contains('/') && it.starts_with(|it: char| it.is_ascii_digit()));
    let stems = names.filter_map(|it| it.strip_suffix(".rs").or_else(|| it.strip_suffix(".sql")));
    stems.collect()
}

/// The commands with each that is absent taking any words and standing in no help.
fn without_absent(command: Command) -> Command {
    ABSENT.iter().fold(command, |command, (words, aliases)| without(command, words, aliases))
}

fn without(command: Command, words: &[&'static str], aliases: &'static [&'static str]) -> Command {
    match words {
        [name] => command.mut_subcommand(name, |_| stub(name, aliases)),
        [name, rest @ ..] => command.mut_subcommand(name, |it| without(it, rest, aliases)),
        [] => command,
    }
}

/// What takes a command's place: its names, and any words behind them.
fn stub(name: &'static str, aliases: &'static [&'static str]) -> Command {
    let words = Arg::new("words").num_args(0..).trailing_var_arg(true).allow_hyphen_values(true);
    let words = words.value_parser(clap::value_parser!(OsString));
    Command::new(name).aliases(aliases).hide(true).disable_help_flag(true).arg(words)
}

/// The command with the program's own name in its examples.
fn reworded(command: Command, name: &'static str) -> Command {
    let examples = command.get_after_help().map(ToString::to_string);
    let command = match examples {
        Some(text) => command.after_help(text.replace("  whimbrel ", &format!("  {name} "))),
        None => command,
    };
    command.mut_subcommands(|it| reworded(it, name))
}

/// Why the command that is asked for isn't here, if it isn't.
pub(crate) fn absent(matches: &ArgMatches) -> Option<Failure> {
    let mut words = Vec::new();
    let mut matches = matches;
    while let Some((name, inner)) = matches.subcommand() {
        words.push(name);
        matches = inner;
    }
    if !ABSENT.iter().any(|it| it.0 == words) {
        return None;
    }
    let words = words.join(" ");
    let failure = Failure::new(USAGE, format!("`{words}` is no command of this program"));
    Some(
        failure
            .note("it has the migrations compiled in, reads no schema and writes no files")
            .hint(format!("run `whimbrel {words}` in the project; then build the program anew")),
    )
}

/// A text that speaks of `whimbrel up`, where that command is the program's own.
pub(crate) fn worded<'t>(program: &str, text: &'t str) -> Cow<'t, str> {
    const CALL: &str = "`whimbrel ";
    if !text.contains(CALL) {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split(CALL);
    let mut worded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_here = !ABSENT.iter().any(|it| begins_with(part, it.0));
        worded.push('`');
        worded.push_str(if is_here { program } else { "whimbrel" });
        worded.push(' ');
        worded.push_str(part);
    }
    Cow::Owned(worded)
}

fn begins_with(text: &str, words: &[&str]) -> bool {
    let mut found = text.split([' ', '`', '\n']);
    words.iter().all(|it| found.next() == Some(it))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::Cli;

    const PACKAGE: Package = Package { program: "migrate", migrations: &[], files: &[] };

    fn refused(words: &str) -> String {
        let words = words.split(' ');
        let matches = command(Cli::command(), &PACKAGE).try_get_matches_from(words).unwrap();
        absent(&matches).map(|it| it.message).unwrap_or_default()
    }

    #[test]
    fn what_writes_files_is_no_command_of_a_program() {
        command(Cli::command(), &PACKAGE).debug_assert();
        for (words, aliases) in ABSENT {
            let whole = Cli::command();
            let found = words.iter().try_fold(&whole, |it, word| it.find_subcommand(word));
            let found = found.unwrap_or_else(|| panic!("{words:?} is no command at all"));
            assert_eq!(found.get_all_aliases().collect::<Vec<_>>(), *aliases, "{words:?}");
            let words = words.join(" ");
            let told = format!("`{words}` is no command of this program");
            assert_eq!(refused(&format!("migrate {words}")), told);
            assert_eq!(refused(&format!("migrate {words} a --b=c -d")), told);
        }
        assert!(refused("migrate makemigrations --name x").starts_with("`generate` is no"));
        assert_eq!(refused("migrate up --to 0003"), "");
        assert_eq!(refused("migrate schema state"), "");
    }

    #[test]
    fn commands_are_called_by_the_name_of_the_program_that_has_them() {
        let worded = |text| worded("migrate", text).into_owned();
        assert_eq!(worded("run `whimbrel up` again"), "run `migrate up` again");
        assert_eq!(worded("`whimbrel down --all`, or"), "`migrate down --all`, or");
        assert_eq!(worded("`whimbrel generate` writes"), "`whimbrel generate` writes");
        assert_eq!(worded("`whimbrel schema sql`"), "`whimbrel schema sql`");
        assert_eq!(worded("`whimbrel schema state`"), "`migrate schema state`");
        assert_eq!(worded("nothing"), "nothing");
    }

    #[test]
    fn no_help_speaks_of_a_command_by_a_name_that_it_does_not_have_here() {
        let mut program = command(Cli::command(), &PACKAGE);
        let help = program.render_long_help().to_string();
        assert!(help.contains("DB_NAME") && !help.contains("generate"), "{help}");
        let shown = program.get_subcommands().filter(|it| !it.is_hide_set());
        for command in shown.filter(|it| it.get_name() != "help") {
            let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(!example.contains("whimbrel "), "{example}");
            assert!(example.contains("  migrate "), "{example}");
        }
    }
}
