//! Words that users of other tools type and that are said otherwise here, or have no command yet.

use std::ffi::OsString;

/// What to say of a word that is no command, if somebody may expect it to be one: whether it is
/// still to come, and what to do.
pub(crate) fn instead_of(word: &str) -> Option<(bool, &'static str)> {
    let folded = word.replace('_', "-");
    let (is_planned, instead) = match folded.as_str() {
        "schema-diff" | "diff" => (
            true,
            "`whimbrel generate --check` lists what differs between the schema and the migrations",
        ),
        "struct2schema" | "struct-to-schema" => (
            true,
            "reading structs into YAML is planned; write schema/schema.yaml by hand until then",
        ),
        "schema2diagram" | "schema-to-diagram" => {
            (true, "diagrams of a schema are planned; `whimbrel graph` draws the migrations")
        }
        "migrate-to-go" | "migrate-to-rs" | "import" | "goose" | "makemigrations-sql"
        | "init-sql" | "sql-migrations" => (
            true,
            "reading another tool's migrations is planned; `whimbrel new --sql` starts a SQL migration",
        ),
        "adopt" => (
            true,
            "`whimbrel baseline` takes over a database that is as its migrations would have left it",
        ),
        "wait" | "lint" | "test" | "rehearse" | "database" | "ui" | "completion"
        | "completions" | "man" => (true, "it is planned; `whimbrel help` lists what there is"),
        "empty" | "blank" => (false, "`whimbrel new NAME` writes an empty migration"),
        "merge" => (false, "`whimbrel generate --merge` brings branches together"),
        "squash" => (false, "`whimbrel generate --squash A..B` makes one migration of several"),
        "amend" => (false, "`whimbrel generate --amend` writes the last migration anew"),
        "goto" | "up-to" | "down-to" | "up-by-one" => (
            false,
            "`whimbrel up --to NAME` and `whimbrel up 1` go forward, `whimbrel down --to NAME` goes back",
        ),
        "rollback" | "revert" | "undo" => (false, "`whimbrel down` takes the last migration back"),
        "reset" | "drop" => (false, "`whimbrel down --all` takes every migration back"),
        "force" | "repair" | "fix" => (
            false,
            "no database is ever dirty here: `whimbrel up` finishes what was cut off, and `whimbrel \
             fake` marks what was done by hand",
        ),
        "morphic" => (
            false,
            "migrations/makemigrations.config.yaml is read as it is; nothing has to be renamed",
        ),
        _ => return None,
    };
    Some((is_planned, instead))
}

/// What to do instead of a flag that a user of another tool, or of another command, may expect.
pub(crate) fn instead_of_flag(flag: &str) -> Option<&'static str> {
    Some(match flag.split('=').next().unwrap_or(flag) {
        "--host" | "--port" | "--username" | "--user" | "--password" | "--sslmode" | "--dsn"
        | "--db-type" | "--database" => {
            "say where the database is with `--url` or DATABASE_URL, or by the keys `host`, `port`, \
             `user`, `password` and `database` of whimbrel.toml"
        }
        "--pending" => {
            "`whimbrel sql --pending` shows the statements of migrations that aren't applied, and \
             `whimbrel generate --dry-run` what no migration says yet"
        }
        "--silent" | "--yes" | "-y" | "--no-input" | "--noinput" => {
            "nothing is asked where there is no terminal; `whimbrel help generate` lists the flags that \
             answer beforehand, and `-q` says less"
        }
        "--warn-on-missing-drop" => {
            "a drop of what may not be there is written as `ignore_errors(…)` in the migration, which \
             passes over it with a warning"
        }
        "--dry-run" => {
            "`whimbrel plan` shows what `up` would run, and `whimbrel plan down` what `down` would"
        }
        "--json" | "--yaml" => "results are written for programs with `--format json`",
        "--build-info" | "-b" | "-f" => "`whimbrel version --format json` says all there is to say",
        "--force" | "-F" => {
            "each command that refuses says what it needs to go on, such as `--confirm` or \
             `--allow-data-loss`"
        }
        _ => return None,
    })
}

/// The arguments with makemigrations' commands of two words put as ours: `generate empty` and
/// `generate dump-data`.
pub(crate) fn translated(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = words.into_iter().collect();
    let is = |at: usize, those: &[&str]| {
        words.get(at).is_some_and(|it| those.iter().any(|one| it == *one))
    };
    let Some(at) = (1..words.len()).find(|at| is(*at, &["generate", "makemigrations"])) else {
        return words;
    };
    if is(at + 1, &["empty", "blank"]) {
        words[at + 1] = "--empty".into();
    } else if is(at + 1, &["dump-data", "dump_data"]) {
        words.splice(at..=at + 1, ["data".into(), "dump".into()]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_two_words_are_ours() {
        let put = |words: &str| {
            let words = translated(words.split(' ').map(OsString::from));
            words.iter().map(|it| it.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(put("w generate empty --name x"), "w generate --empty --name x");
        assert_eq!(put("w -C a makemigrations blank"), "w -C a makemigrations --empty");
        assert_eq!(put("w generate dump-data t --where x"), "w data dump t --where x");
        assert_eq!(put("w generate --name empty"), "w generate --name empty");
        assert_eq!(put("w new generate"), "w new generate");
    }
}
