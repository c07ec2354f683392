//! The flags that every command takes, and the configuration that they lead to.

use std::{env, path::PathBuf};

use clap::{Args, ValueEnum};
use whimbrel::project::{self, Config, Environment, Flags, Package};

use crate::{
    failure::{Failure, USAGE},
    ui::Ui,
};

/// The flags that every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// Run as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(crate) directory: Option<PathBuf>,
    /// The configuration file, instead of the nearest `whimbrel.toml` here or above
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// The table `[env.NAME]` of the configuration
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) env: Option<String>,
    /// The database: `sqlite:app.sqlite`, `postgres://user@host/name`, `mysql://…`
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) url: Option<String>,
    /// How results are written
    #[arg(long, value_name = "FORMAT", default_value = "text", global = true)]
    pub(crate) format: Format,
    /// Say more
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Whether to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    /// Keys of the configuration for which a command has flags: key, flag, value.
    #[arg(skip)]
    pub(crate) settings: Vec<(&'static str, &'static str, String)>,
    /// The migrations that are compiled in, where this is the program of a package.
    #[arg(skip)]
    pub(crate) package: Option<Package>,
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON value, documented in docs/cli.md
    Json,
    /// Annotations for GitHub, of `check`
    Github,
    /// SARIF 2.1.0 for code scanning, of `check`
    Sarif,
    /// A table for a comment, of `check`
    Markdown,
    /// Lines and letters, of `graph`
    Ascii,
    /// A Mermaid diagram for Markdown, of `graph`
    Mermaid,
    /// A Graphviz diagram, of `graph`
    Dot,
    /// A picture, of `graph`
    Svg,
}

/// Whether to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Globals {
    /// Where we are.
    pub(crate) fn directory(&self) -> Result<PathBuf, Failure> {
        let here = env::current_dir()
            .map_err(|_| Failure::new(USAGE, "the current folder isn't there any more"))?;
        let Some(wanted) = &self.directory else { return Ok(here) };
        let directory = here.join(wanted);
        if directory.is_dir() {
            Ok(directory)
        } else {
            Err(Failure::new(USAGE, format!("there is no folder `{}`", wanted.display()))
                .hint("`-C` takes a folder that is there"))
        }
    }

    /// Reads the configuration and says what should be looked at in it.
    pub(crate) fn load(&self, ui: &mut Ui) -> Result<Config, Failure> {
        let flags = Flags {
            directory: self.directory()?,
            config: self.config.clone(),
            env: self.env.clone(),
            values: self
                .url
                .iter()
                .map(|it| ("url", "--url", it.clone()))
                .chain(self.settings.iter().cloned())
                .collect(),
            package: self.package,
        };
        let config = Config::load(&flags, Environment::of_process())?;
        for warning in &config.warnings {
            ui.diagnostic(warning);
        }
        // A program has no files to look after.
        if self.package.is_none() && project::finish_exchange(&config)? {
            ui.note(&format!(
                "note: migrations were being rewritten when that was cut off; {} is now as it was \
                 meant to be",
                config.display(&config.migrations())
            ));
        }
        Ok(config)
    }
}
