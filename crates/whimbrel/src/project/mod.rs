//! A project: a folder on disk and its configuration. The one room that reads and writes files
//! and knows the environment; it hands the others plain values.

mod answers_file;
mod branches;
mod checkout;
mod circumstances;
mod config;
mod config_file;
mod declared;
mod directory;
mod environment;
mod exchange;
mod git;
mod include;
mod init;
mod keys;
mod package;
mod rebase;
mod reference_config;
mod review;
mod secret;
mod shared;
mod snapshot;
mod squash;
mod text;
mod write;

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::diagnostic::Diagnostic;

pub use self::{
    answers_file::{AnswersFile, Entry},
    checkout::{Checkout, open_directory},
    circumstances::circumstances,
    config::{Config, ConnectSettings, FILE_NAME, Flags, Origin, Setting},
    declared::{declared, format_schema, hints},
    directory::{Directory, Kind},
    environment::Environment,
    exchange::{NewFile, finish_exchange},
    include::{Candidate, Candidates, Inclusion, Standing, candidates, include_more, inclusions},
    init::{Init, Written, init},
    keys::{KEYS, Key, Shown, Takes, duration},
    package::Package,
    rebase::{Moved, Rebase},
    review::{Finding, RULES, Review, Rule, repository_path, review},
    secret::{MASK, masked_url},
    shared::{Shared, shared},
    snapshot::of_snapshot,
    squash::Unsquashable,
    write::{remove, replace, write_new},
};

/// Why a project can't be used. No message ever holds a secret.
#[derive(Debug, Error)]
pub enum Error {
    /// The configuration has mistakes.
    #[error("the configuration can't be used")]
    Config(Vec<Diagnostic>),
    /// The schema or the migrations have mistakes.
    #[error("the files can't be used")]
    Texts(Vec<Diagnostic>),
    /// A file could not be read or written.
    #[error("can't {doing} `{}`: {}", path.display(), plain(why))]
    File {
        /// "read", "write", "remove".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// The file of `--config` isn't there.
    #[error("there is no configuration file `{}`", path.display())]
    NoConfigFile {
        /// The file.
        path: PathBuf,
    },
    /// The schema's file isn't there, or its folder has none.
    #[error("there is no schema at `{}`", path.display())]
    NoSchema {
        /// The file or folder.
        path: PathBuf,
    },
    /// There are no sources of whimbrel where they were said to be.
    #[error("`{}` doesn't hold whimbrel's sources", path.display())]
    NoSources {
        /// The folder.
        path: PathBuf,
    },
    /// A line of the `.env` is not `NAME=value`.
    #[error("`{}` can't be read: a line is not `NAME=value`", path.display())]
    DotEnv {
        /// The file.
        path: PathBuf,
    },
    /// The file has no such environment.
    #[error("there is no environment `{env}`")]
    NoEnvironment {
        /// What `--env` named.
        env: String,
        /// The file.
        file: Option<PathBuf>,
        /// What was probably meant.
        meant: Option<String>,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A flag or variable has a value that is not good for it.
    #[error("`{said_by}` takes {wanted}")]
    BadValue {
        /// The flag or variable.
        said_by: String,
        /// What is good.
        wanted: String,
    },
    /// `--env` names one database and a variable another.
    #[error("`--env {env}` and the variable `{variable}` name two databases")]
    TwoTargets {
        /// The environment.
        env: String,
        /// The key that it sets.
        key: &'static str,
        /// Its value, masked.
        says: String,
        /// The variable.
        variable: &'static str,
        /// Its URL, masked.
        url: String,
    },
    /// Nobody says where the database is.
    #[error("no database is configured")]
    NoDatabase {
        /// The file that was read.
        file: Option<PathBuf>,
    },
    /// A host is named, and nobody says what runs there.
    #[error("`host` is set and `dialect` is not")]
    NoDialect,
    /// The password's command failed.
    #[error("`password_command` failed: {why}")]
    PasswordCommand {
        /// How.
        why: String,
    },
    /// A migration was written and does not read back as it was meant.
    #[error("migration `{name}` was written wrongly, and was taken away again: {why}")]
    NotReadBack {
        /// The migration.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// Migrations were being written in the place of others, that was cut off, and they have been
    /// changed since.
    #[error("migrations were being rewritten, that was cut off, and they have changed since")]
    CutOff {
        /// The file that says what was to be written.
        path: PathBuf,
    },
    /// Git could not be asked.
    #[error("git could not be asked: {why}")]
    Git {
        /// Its own words.
        why: String,
    },
    /// The commit that was named and what is checked out have no history in common.
    #[error("what is checked out has no commit in common with what `--since` names")]
    NothingInCommon {
        /// Whether the clone doesn't have all of the history.
        is_shallow: bool,
    },
    /// Git knows no such commit.
    #[error("git knows no commit `{name}` here")]
    NoCommit {
        /// What was asked for.
        name: String,
    },
    /// What is asked for is there already.
    #[error("{what} is there already")]
    Exists {
        /// "`whimbrel.toml`".
        what: String,
    },
}

impl Error {
    pub(crate) fn file(doing: &'static str, path: &Path, why: io::Error) -> Self {
        Self::File { doing, path: path.to_owned(), why }
    }

    /// What to do now.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Config(_)
            | Self::Texts(_)
            | Self::PasswordCommand { .. }
            | Self::BadValue { .. } => None,
            Self::File { why, .. } => match why.kind() {
                io::ErrorKind::AlreadyExists => {
                    Some("nothing was written; move the file away or choose another name".into())
                }
                io::ErrorKind::PermissionDenied => Some("look at the file's permissions".into()),
                _ => None,
            },
            Self::NoConfigFile { .. } => Some("`whimbrel init` writes one".into()),
            Self::NoSchema { .. } => Some(
                "`whimbrel init` writes one to begin with; the key `schema` names another place"
                    .into(),
            ),
            Self::NoSources { .. } => Some(
                "name the folder that has whimbrel's `crates` in it, from the project's folder"
                    .into(),
            ),
            Self::DotEnv { .. } => Some("put values with spaces or `#` in quotes".into()),
            Self::NoEnvironment { env, meant, known, .. } => {
                Some(match (meant, known.as_slice()) {
                    (Some(meant), _) => format!("did you mean `{meant}`?"),
                    (None, []) => format!("add a table `[env.{env}]` to `{FILE_NAME}`"),
                    (None, known) => {
                        let mut there = String::from("there is ");
                        for (position, env) in known.iter().enumerate() {
                            let comma = if position == 0 { "" } else { ", " };
                            let _ = write!(there, "{comma}`{env}`");
                        }
                        there
                    }
                })
            }
            Self::TwoTargets { says, variable, url, key, .. } => Some(format!(
                "the environment's `{key}` is {says}, the variable's is {url}; \
                 unset `{variable}`, leave out `--env`, or say `--url`"
            )),
            Self::NoDatabase { .. } => Some(
                "set DATABASE_URL, say `--url sqlite:app.sqlite`, or write `url = \"…\"` into \
                 `whimbrel.toml`"
                    .into(),
            ),
            Self::NoDialect => {
                Some("write `dialect = \"postgres\"` (or another) beside `host`".into())
            }
            Self::NotReadBack { .. } => Some(
                "this is a mistake in whimbrel; please report it with the schema that led to it"
                    .into(),
            ),
            Self::CutOff { path } => Some(format!(
                "put the migrations as they are to be, with the texts in `{}` or by hand, and \
                 remove that file",
                path.display()
            )),
            Self::Git { .. } => Some("`--since` needs git and a repository".into()),
            Self::NothingInCommon { is_shallow: true } => Some(
                "this clone is shallow: run `git fetch --unshallow`, or check out with all of the \
                 history (`fetch-depth: 0` on GitHub)"
                    .into(),
            ),
            Self::NothingInCommon { is_shallow: false } => {
                Some("name the branch that this one began on".into())
            }
            Self::NoCommit { name } => Some(match name.split_once('/') {
                Some((remote, branch)) => format!(
                    "if it is a branch of a remote, run `git fetch {remote} {branch}` first"
                ),
                None => {
                    "name a branch, a tag or a commit that is here; a shallow clone has few".into()
                }
            }),
            Self::Exists { .. } => Some("nothing was changed".into()),
        }
    }
}

/// An I/O error in words, without the number of the operating system.
fn plain(why: &io::Error) -> String {
    match why.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::AlreadyExists => "it is there already".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::InvalidData => match why.get_ref() {
            Some(told) => told.to_string(),
            None => "it is not UTF-8".to_owned(),
        },
        _ => {
            let words = why.to_string();
            words.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}
