//! Why a command stopped: the exit code, the words, and what to do now.

use whimbrel::{diagnostic::Diagnostic, migration::LookupError, project};

/// Done; also: there was nothing to do.
pub(crate) const DONE: u8 = 0;
/// The answer is "no": findings, or something is pending where it was asked.
pub(crate) const NO: u8 = 1;
/// The arguments or the configuration are wrong.
pub(crate) const USAGE: u8 = 2;
/// The database or a file refused; nothing is lost.
pub(crate) const REFUSED: u8 = 3;
/// Passing trouble; trying again is safe.
pub(crate) const PASSING: u8 = 5;
/// Somebody has to decide.
pub(crate) const DECISION: u8 = 4;
/// Ctrl-C at a question.
pub(crate) const INTERRUPTED: u8 = 130;

/// Why a command stopped.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) code: u8,
    /// What stopped; empty where the diagnostics say it all.
    pub(crate) message: String,
    /// What is wrong in texts that the user wrote.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What state things are in.
    pub(crate) notes: Vec<String>,
    /// What to do now.
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            diagnostics: Vec::new(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// Mistakes in texts that the user wrote.
    pub(crate) fn texts(code: u8, diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, ..Self::new(code, "") }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<LookupError> for Failure {
    fn from(error: LookupError) -> Self {
        let hint = match &error {
            LookupError::NotFound { .. } => "run `whimbrel graph` to see their names",
            LookupError::Ambiguous { .. } => "write so much of the name that only one begins so",
        };
        Self::new(USAGE, error.to_string()).hint(hint)
    }
}

impl From<project::Error> for Failure {
    fn from(error: project::Error) -> Self {
        use project::Error as E;
        let hint = error.hint();
        let message = error.to_string();
        let code = match error {
            E::Config(diagnostics) => return Self::texts(USAGE, diagnostics),
            E::Texts(diagnostics) => return Self::texts(REFUSED, diagnostics),
            E::File { .. } | E::Exists { .. } | E::NotReadBack { .. } | E::CutOff { .. } => REFUSED,
            E::NoSchema { .. }
            | E::NoConfigFile { .. }
            | E::NoSources { .. }
            | E::DotEnv { .. }
            | E::NoEnvironment { .. }
            | E::BadValue { .. }
            | E::TwoTargets { .. }
            | E::NoDatabase { .. }
            | E::NoDialect
            | E::Git { .. }
            | E::NoCommit { .. }
            | E::NothingInCommon { .. }
            | E::PasswordCommand { .. } => USAGE,
        };
        Self { hint, ..Self::new(code, message) }
    }
}
