//! The only place that prints: results to stdout, everything else to stderr.

use std::{
    borrow::Cow,
    io::{self, IsTerminal as _, Write as _},
};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};
use whimbrel::diagnostic::{Diagnostic, Severity, Span};

use crate::{
    failure::{DECISION, Failure, INTERRUPTED},
    globals::{Color, Format, Globals},
    program, render,
    signals::at_question,
};

/// The version of the JSON that commands print; it grows when a field changes its meaning.
const JSON_VERSION: u32 = 1;

/// How the progress of a long statement is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Not at all.
    Silent,
    /// In a line of the terminal that is kept up to date.
    Terminal,
    /// In a line now and then.
    Lines,
    /// As an event.
    Json,
}

/// An object for programs, with the version of the layout.
pub(crate) fn versioned(value: Value) -> Value {
    let mut whole = json!({ "version": JSON_VERSION });
    if let (Value::Object(whole), Value::Object(fields)) = (&mut whole, value) {
        whole.extend(fields);
    }
    whole
}

/// Where a command speaks.
pub(crate) struct Ui {
    format: Format,
    quiet: bool,
    verbose: u8,
    program: Option<&'static str>,
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
}

impl Ui {
    pub(crate) fn new(globals: &Globals) -> Self {
        let color = match globals.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self {
            format: globals.format,
            quiet: globals.quiet,
            verbose: globals.verbose,
            program: globals.package.map(|it| it.program),
            out: AutoStream::new(io::stdout(), color),
            err: AutoStream::new(io::stderr(), color),
        }
    }

    /// The same place, for what was said already.
    pub(crate) fn silent(&self) -> Self {
        Self {
            format: self.format,
            quiet: true,
            verbose: 0,
            program: self.program,
            out: AutoStream::new(io::stdout(), ColorChoice::Never),
            err: AutoStream::new(io::stderr(), ColorChoice::Never),
        }
    }

    /// Whether results are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// What was asked for, for people.
    pub(crate) fn result(&mut self, text: &str) {
        // A reader that went away is no trouble of ours, here and below.
        let _ = self.out.write_all(text.as_bytes());
        if !text.ends_with('\n') {
            let _ = self.out.write_all(b"\n");
        }
        let _ = self.out.flush();
    }

    /// What was asked for, for programs: the fields of `value` and the version of their layout.
    pub(crate) fn json(&mut self, value: Value) {
        self.result(&format!("{:#}", versioned(value)));
    }

    /// What has happened, for programs: an object on a line of its own.
    pub(crate) fn event(&mut self, value: Value) {
        if self.is_json() {
            // In one piece, as somebody else may write events at the same time.
            self.result(&format!("{}\n", versioned(value)));
        }
    }

    /// Whether nothing is told but results and failures.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// How the progress of a long statement is told.
    pub(crate) fn manner(&self) -> Manner {
        match self.format {
            Format::Json => Manner::Json,
            _ if self.quiet => Manner::Silent,
            _ if io::stderr().is_terminal() => Manner::Terminal,
            _ => Manner::Lines,
        }
    }

    /// A part of the result as it comes; programs get it all at the end.
    pub(crate) fn progress(&mut self, text: &str) {
        if !self.is_json() {
            self.result(text);
        }
    }

    /// Something worth knowing beside the result.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.quiet {
            let text = self.worded(text);
            let _ = writeln!(self.err, "{text}");
        }
    }

    /// Something worth knowing for who asked to hear more.
    pub(crate) fn detail(&mut self, text: &str) {
        if self.verbose > 0 {
            let text = self.worded(text);
            let _ = writeln!(self.err, "{text}");
        }
    }

    /// Something to look at in a text that the user wrote.
    pub(crate) fn diagnostic(&mut self, diagnostic: &Diagnostic) {
        if diagnostic.severity == Severity::Error || !self.quiet {
            let diagnostic = self.worded_diagnostic(diagnostic);
            let _ = writeln!(self.err, "{}\n", render::diagnostic(&diagnostic));
        }
    }

    /// Why the command stops.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        let failure = &Failure {
            code: failure.code,
            message: self.worded(&failure.message).into_owned(),
            diagnostics: failure
                .diagnostics
                .iter()
                .map(|it| self.worded_diagnostic(it).into_owned())
                .collect(),
            notes: failure.notes.iter().map(|it| self.worded(it).into_owned()).collect(),
            hint: failure.hint.as_deref().map(|it| self.worded(it).into_owned()),
        };
        for diagnostic in &failure.diagnostics {
            self.diagnostic(diagnostic);
        }
        if !failure.message.is_empty() {
            self.labelled("error", AnsiColor::BrightRed, &failure.message);
        }
        for note in &failure.notes {
            self.labelled("note", AnsiColor::BrightGreen, note);
        }
        if let Some(hint) = &failure.hint {
            self.labelled("hint", AnsiColor::BrightCyan, hint);
        }
        if self.is_json() {
            self.event(json!({ "event": "failed", "error": failure_as_json(failure) }));
        }
    }

    /// A question can be asked: somebody reads what we write and types what we read.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.is_json() && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks which of `choices` it is to be; only where [`Self::is_interactive`].
    pub(crate) fn choose(&mut self, question: &str, choices: &[String]) -> Result<usize, Failure> {
        self.choose_with(question, choices, 0)
    }

    /// The same, where whoever only presses Enter chooses the one at `default`.
    pub(crate) fn choose_with(
        &mut self,
        question: &str,
        choices: &[String],
        default: usize,
    ) -> Result<usize, Failure> {
        let _ = self.err.flush();
        // The prompt puts a colon behind it.
        let question = question.trim_end_matches('?');
        let select = dialoguer::Select::new().with_prompt(question).items(choices);
        let answer = at_question(|| select.default(default).interact_opt());
        match answer {
            Ok(Some(choice)) => Ok(choice),
            Ok(None) => Err(Failure::new(DECISION, NO_ANSWER)),
            Err(error) => Err(unanswered(&error)),
        }
    }

    /// Reads a line; only where [`Self::is_interactive`].
    pub(crate) fn read(&mut self, question: &str) -> Result<String, Failure> {
        let _ = self.err.flush();
        let input = dialoguer::Input::<String>::new().with_prompt(question).allow_empty(true);
        at_question(|| input.interact_text()).map_err(|it| unanswered(&it))
    }

    /// What we say, where `whimbrel up` is a command of another name.
    fn worded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.program.map_or(Cow::Borrowed(text), |it| program::worded(it, text))
    }

    fn worded_diagnostic<'d>(&self, diagnostic: &'d Diagnostic) -> Cow<'d, Diagnostic> {
        if self.program.is_none() {
            return Cow::Borrowed(diagnostic);
        }
        let mut diagnostic = diagnostic.clone();
        diagnostic.message = self.worded(&diagnostic.message).into_owned();
        diagnostic.help = diagnostic.help.map(|it| self.worded(&it).into_owned());
        for note in &mut diagnostic.notes {
            *note = self.worded(note).into_owned();
        }
        Cow::Owned(diagnostic)
    }

    fn labelled(&mut self, word: &str, color: AnsiColor, text: &str) {
        let style = Style::new().bold().fg_color(Some(color.into()));
        let _ = writeln!(self.err, "{style}{word}{style:#}: {text}");
    }
}

const NO_ANSWER: &str = "no answer; nothing was written";

/// What a question comes to that somebody has broken off. The cursor, which it had hidden, is back.
fn unanswered(error: &dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    // Should the terminal be gone, there is nothing to show.
    let _ = dialoguer::console::Term::stderr().show_cursor();
    if error.kind() == io::ErrorKind::Interrupted {
        return Failure::new(INTERRUPTED, "interrupted; nothing was written");
    }
    Failure::new(DECISION, NO_ANSWER)
}

fn failure_as_json(failure: &Failure) -> Value {
    // A program that shows one line shows this one.
    let message = match failure.diagnostics.first() {
        Some(first) if failure.message.is_empty() => first.to_string(),
        _ => failure.message.clone(),
    };
    json!({
        "exit_code": failure.code,
        "message": message,
        "notes": failure.notes,
        "hint": failure.hint,
        "diagnostics": failure.diagnostics.iter().map(diagnostic_as_json).collect::<Vec<_>>(),
    })
}

/// A diagnostic as JSON; lines and columns count from 1, columns in characters.
pub(crate) fn diagnostic_as_json(it: &Diagnostic) -> Value {
    let place = |span: &Span| {
        let (line, column) = span.file.line_column(span.range.start);
        json!({ "file": span.file.name, "line": line, "column": column })
    };
    let related = it.related.iter();
    let related = related.map(|(span, label)| json!({ "place": place(span), "label": label }));
    json!({
        "severity": match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": it.message,
        "label": it.label,
        "place": it.span.as_ref().map(place),
        "related": related.collect::<Vec<_>>(),
        "notes": it.notes,
        "help": it.help,
    })
}
