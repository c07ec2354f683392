//! `whimbrel check`: the one line for a build server, without a database.

use std::fmt::Write as _;

use serde_json::{Value, json};
use whimbrel::{
    diagnostic::{Diagnostic, Severity, Span},
    project::{self, Config, Finding, RULES, Review},
};

use crate::{
    failure::{DONE, Failure, NO},
    globals::{Format, Globals},
    ui::{self, Ui},
};

/// Look over the schema and the migrations, without a database
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The schema and every migration are read, the migrations must end in one leaf and lead to the schema.
With `--since`, what is merged there already must stand unchanged, and merging must leave one leaf.
Exit 1 if something has to be mended.

Example:
  whimbrel check --since origin/main --format github")]
pub(crate) struct Args {
    /// The branch that this one is to be merged into: `origin/main`
    #[arg(long, value_name = "REF")]
    since: Option<String>,
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let review = project::review(&config, args.since.as_deref())?;
    match globals.format {
        Format::Json => ui.json(as_json(&review)),
        Format::Github => github(&config, &review, ui),
        Format::Sarif => ui.result(&format!("{:#}", sarif(&config, &review))),
        Format::Markdown => ui.result(&markdown(&config, &review)),
        // The formats of pictures are no formats of this command.
        Format::Text | Format::Ascii | Format::Mermaid | Format::Dot | Format::Svg => {
            text(&review, ui);
        }
    }
    Ok(if review.has_errors() { NO } else { DONE })
}

fn text(review: &Review, ui: &mut Ui) {
    for finding in &review.findings {
        ui.diagnostic(&finding.diagnostic);
    }
    ui.result(&summary(review));
}

fn summary(review: &Review) -> String {
    let count = |number: usize, what: &str| {
        format!("{number} {what}{}", if number == 1 { "" } else { "s" })
    };
    let errors = of(review, Severity::Error).count();
    let warnings = of(review, Severity::Warning).count();
    let found = match (errors, warnings) {
        (0, 0) => "nothing found".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    format!("{found}; {} looked at", count(review.migrations, "migration"))
}

fn of(review: &Review, severity: Severity) -> impl Iterator<Item = &Finding> {
    review.findings.iter().filter(move |it| it.diagnostic.severity == severity)
}

fn as_json(review: &Review) -> Value {
    let findings: Vec<Value> = review
        .findings
        .iter()
        .map(|it| {
            let mut value = ui::diagnostic_as_json(&it.diagnostic);
            if let Value::Object(fields) = &mut value {
                fields.insert("rule".to_owned(), it.rule.name.into());
            }
            value
        })
        .collect();
    json!({ "migrations": review.migrations, "findings": findings })
}

/// A stretch of a file of the repository. Lines and columns are counted from 1, and the last column
/// is the one behind the stretch.
struct Place {
    /// The file's path from the top of the repository.
    file: String,
    from: (usize, usize),
    to: (usize, usize),
}

impl Place {
    fn of(config: &Config, span: &Span) -> Self {
        Self {
            file: project::repository_path(config, &span.file.name),
            from: span.file.line_column(span.range.start),
            to: span.file.line_column(span.range.end),
        }
    }

    fn as_sarif(&self) -> Value {
        let mut region = json!({ "startLine": self.from.0, "startColumn": self.from.1 });
        if self.to > self.from {
            region["endLine"] = self.to.0.into();
            region["endColumn"] = self.to.1.into();
        }
        json!({ "artifactLocation": { "uri": uri(&self.file), "uriBaseId": "%SRCROOT%" }, "region": region })
    }
}

/// Where a finding is to be shown; of one that stands nowhere, at the beginning of the configuration.
fn place(config: &Config, it: &Diagnostic) -> Option<Place> {
    let span = it.span.as_ref().map(|it| Place::of(config, it));
    span.or_else(|| {
        let file = config.display(config.file.as_ref()?);
        Some(Place { file: project::repository_path(config, &file), from: (1, 1), to: (1, 1) })
    })
}

/// What is said of a finding beside its message.
fn rest(config: &Config, it: &Diagnostic) -> Vec<String> {
    let label = Some(it.label.clone()).filter(|it| !it.is_empty());
    let help = it.help.as_ref().map(|it| format!("help: {it}"));
    let related = it.related.iter().map(|(span, words)| {
        let place = Place::of(config, span);
        format!("{}:{}: {words}", place.file, place.from.0)
    });
    label.into_iter().chain(related).chain(it.notes.iter().cloned()).chain(help).collect()
}

/// Workflow commands, which GitHub shows at the lines of the change.
fn github(config: &Config, review: &Review, ui: &mut Ui) {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    for finding in &review.findings {
        let it = &finding.diagnostic;
        let command = match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut line = format!("::{command} title=whimbrel {}", property(finding.rule.name));
        if let Some(place) = place(config, it) {
            let (row, column) = place.from;
            let _ = write!(line, ",file={},line={row},col={column}", property(&place.file));
            // GitHub takes columns of one line only.
            if place.to.0 == row && place.to.1 > column {
                let _ = write!(line, ",endLine={row},endColumn={}", place.to.1);
            }
        }
        let words = [vec![it.message.clone()], rest(config, it)].concat().join("\n");
        let _ = write!(line, "::{}", data(&words));
        ui.result(&line);
    }
    ui.result(&summary(review));
}

/// SARIF 2.1.0, which code scanning reads.
fn sarif(config: &Config, review: &Review) -> Value {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|it| json!({ "id": it.name, "shortDescription": { "text": it.summary } }))
        .collect();
    let results: Vec<Value> = review
        .findings
        .iter()
        .map(|finding| {
            let it = &finding.diagnostic;
            let words = [vec![it.message.clone()], rest(config, it)].concat().join("\n");
            let locations: Vec<Value> = place(config, it)
                .into_iter()
                .map(|it| json!({ "physicalLocation": it.as_sarif() }))
                .collect();
            let related: Vec<Value> = it
                .related
                .iter()
                .map(|(span, words)| {
                    json!({
                        "physicalLocation": Place::of(config, span).as_sarif(),
                        "message": { "text": words },
                    })
                })
                .collect();
            json!({
                "ruleId": finding.rule.name,
                "ruleIndex": RULES.iter().position(|it| *it == finding.rule),
                "level": match it.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                },
                "message": { "text": words },
                "locations": locations,
                "relatedLocations": related,
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "whimbrel",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// A table for a comment on a change.
fn markdown(config: &Config, review: &Review) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', "<br>");
    let mut page = format!("**whimbrel check**: {}\n", summary(review));
    if review.findings.is_empty() {
        return page;
    }
    page.push_str("\n| | where | what |\n|---|---|---|\n");
    for finding in &review.findings {
        let it = &finding.diagnostic;
        let word = match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = it.span.as_ref().map(|it| Place::of(config, it));
        let place = place.map(|it| format!("`{}:{}`", it.file, it.from.0)).unwrap_or_default();
        let words = [vec![format!("**{}**", it.message)], rest(config, it)].concat().join("\n");
        let _ = writeln!(
            page,
            "| {word} `{}` | {} | {} |",
            finding.rule.name,
            cell(&place),
            cell(&words)
        );
    }
    page
}
