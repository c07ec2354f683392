//! What git knows of the project's files: which commit has which, word for word.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
};

use super::Error;

/// A folder of a git repository.
#[derive(Debug)]
pub(super) struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// The repository that `folder` is in.
    pub(super) fn at(folder: &Path) -> Result<Self, Error> {
        // The folder of migrations may not be there yet.
        let there = folder.ancestors().find(|it| it.is_dir()).unwrap_or(folder);
        let repository = Self { folder: there.to_owned() };
        repository.ask(&["rev-parse", "--git-dir"])?;
        Ok(repository)
    }

    /// Where the folder stands, from the top of the repository: `services/shop/`.
    pub(super) fn prefix(&self) -> Result<String, Error> {
        self.line(&["rev-parse", "--show-prefix"])
    }

    /// The commit that `name` means.
    pub(super) fn commit(&self, name: &str) -> Result<String, Error> {
        let commit = format!("{name}^{{commit}}");
        let asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", commit.as_str()];
        self.line(&asked).map_err(|error| match error {
            Error::Git { .. } => Error::NoCommit { name: name.to_owned() },
            other => other,
        })
    }

    /// The branch of the remote that others work on, if there is one: `origin/main`.
    pub(super) fn shared_branch(&self) -> Option<String> {
        let head = self.line(&["rev-parse", "--abbrev-ref", "--verify", "--quiet", "origin/HEAD"]);
        let named = ["origin/main", "origin/master"].map(str::to_owned);
        head.into_iter().chain(named).find(|it| self.commit(it).is_ok())
    }

    /// The commit at which what is checked out and `commit` went different ways.
    pub(super) fn merge_base(&self, commit: &str) -> Result<String, Error> {
        self.line(&["merge-base", "HEAD", commit]).map_err(|error| match error {
            // It says nothing where there is none.
            Error::Git { why } if why.is_empty() => {
                let shallow = self.line(&["rev-parse", "--is-shallow-repository"]);
                Error::NothingInCommon { is_shallow: shallow.is_ok_and(|it| it == "true") }
            }
            other => other,
        })
    }

    /// The files that stand directly in the folder at a commit, with their bytes.
    pub(super) fn files(&self, commit: &str) -> Result<BTreeMap<String, Vec<u8>>, Error> {
        let listed = self.ask(&["ls-tree", "-z", commit])?;
        let mut names = Vec::new();
        let mut objects = String::new();
        for entry in String::from_utf8_lossy(&listed).split('\0') {
            // `100644 blob 8d14… 0001_initial.rs`
            let Some((facts, name)) = entry.split_once('\t') else { continue };
            if let [_, "blob", object] = facts.split(' ').collect::<Vec<_>>().as_slice() {
                names.push(name.to_owned());
                objects.push_str(object);
                objects.push('\n');
            }
        }
        let contents = self.contents(objects)?;
        Ok(names.into_iter().zip(contents).collect())
    }

    fn contents(&self, objects: String) -> Result<Vec<Vec<u8>>, Error> {
        let mut git = self.command(&["cat-file", "--batch"]);
        let mut child = git
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|it| not_started(&it))?;
        let mut questions = child.stdin.take();
        // Both pipes are finite, so one thread asks while this one listens.
        let asking = thread::spawn(move || {
            questions.as_mut().is_some_and(|it| it.write_all(objects.as_bytes()).is_ok())
        });
        let output = child.wait_with_output().map_err(|it| not_started(&it))?;
        let asked = asking.join().unwrap_or(false);
        parts(&output.stdout).filter(|_| asked).ok_or_else(|| Error::Git {
            why: "its answer to `cat-file --batch` was cut off".to_owned(),
        })
    }

    fn line(&self, arguments: &[&str]) -> Result<String, Error> {
        let output = self.ask(arguments)?;
        Ok(String::from_utf8_lossy(&output).trim_end_matches('\n').to_owned())
    }

    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let Output { status, stdout, stderr } =
            self.command(arguments).stdin(Stdio::null()).output().map_err(|it| not_started(&it))?;
        if status.success() {
            return Ok(stdout);
        }
        let words = String::from_utf8_lossy(&stderr);
        let first = words.lines().next().unwrap_or_default();
        Err(Error::Git { why: first.trim_start_matches("fatal: ").to_owned() })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // Reading changes nothing, not even git's own index.
        command.env("GIT_OPTIONAL_LOCKS", "0").current_dir(&self.folder).args(arguments);
        command
    }
}

fn not_started(why: &std::io::Error) -> Error {
    Error::Git { why: format!("it could not be started: {}", super::plain(why)) }
}

/// The contents in an answer of `cat-file --batch`: `<object> blob <length>`, the bytes, a line's
/// end, and so on.
fn parts(mut answer: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    while !answer.is_empty() {
        let end = answer.iter().position(|it| *it == b'\n')?;
        let head = std::str::from_utf8(&answer[..end]).ok()?;
        let length: usize = head.rsplit(' ').next()?.parse().ok()?;
        let bytes = answer.get(end + 1..end + 1 + length)?;
        parts.push(bytes.to_vec());
        answer = answer.get(end + length + 2..)?;
    }
    Some(parts)
}
