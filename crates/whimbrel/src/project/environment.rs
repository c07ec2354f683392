//! The process's environment and the project's `.env`, read once.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::Error;

/// Variables, and where each was set.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    process: BTreeMap<String, String>,
    dot_env: BTreeMap<String, String>,
    /// The `.env` that was read.
    pub dot_env_file: Option<PathBuf>,
}

impl Environment {
    /// What the process was started with. What isn't Unicode is left out.
    pub fn of_process() -> Self {
        let process = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { process, ..Self::default() }
    }

    /// These variables, as if the process had been started with them.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { process: variables.into_iter().collect(), ..Self::default() }
    }

    /// Reads the `.env` of `root`, if there is one.
    pub fn read_dot_env(&mut self, root: &Path) -> Result<(), Error> {
        let path = root.join(".env");
        if !path.is_file() {
            return Ok(());
        }
        let lines =
            dotenvy::from_path_iter(&path).map_err(|_| Error::DotEnv { path: path.clone() })?;
        for line in lines {
            // The library's message repeats the line, which may hold a password.
            let (name, value) = line.map_err(|_| Error::DotEnv { path: path.clone() })?;
            self.dot_env.insert(name, value);
        }
        self.dot_env_file = Some(path);
        Ok(())
    }

    /// Whether a build server runs us, which never reads anybody's `.env`.
    pub fn is_ci(&self) -> bool {
        self.process.get("CI").is_some_and(|it| !matches!(it.as_str(), "" | "0" | "false"))
    }

    /// A variable of the process; an empty one counts as not set.
    pub fn of_the_process(&self, name: &str) -> Option<&str> {
        self.process.get(name).map(String::as_str).filter(|it| !it.is_empty())
    }

    /// A variable of the `.env`; an empty one counts as not set.
    pub fn of_dot_env(&self, name: &str) -> Option<&str> {
        self.dot_env.get(name).map(String::as_str).filter(|it| !it.is_empty())
    }

    /// A variable from wherever it is set, the process first. Here an empty one counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.process.get(name).or_else(|| self.dot_env.get(name)).map(String::as_str)
    }
}
