//! `whimbrel schema includes`: what a schema is made of, and what it could include.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use whimbrel::{
    project::{self, Candidate, Config, Inclusion, Standing},
    source::Included,
};

use crate::{
    failure::{DECISION, DONE, Failure, USAGE},
    globals::Globals,
    ui::Ui,
};

/// Show what the schema includes, and what it could: schemas in crates and Go modules
///
/// Schemas are looked for in the crates and Go modules of the workspace, and in those that they depend on
/// themselves: files called `schema.yaml`. Nothing is read from the network.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:\n  whimbrel schema includes\n  whimbrel schema includes --write")]
pub(crate) struct Args {
    /// Write all that could be included into the schema file; everything else in it stays as it is
    #[arg(long)]
    write: bool,
    /// Ask of each one whether it is to be written
    #[arg(long)]
    interactive: bool,
    /// The schema file to write into, in place of the first one
    #[arg(long, value_name = "FILE", alias = "schema")]
    into: Option<PathBuf>,
    /// Whether to look through the workspace itself; if not, through what it depends on only
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = true,
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    workspace: bool,
}

impl Args {
    /// The same, where all that is found is written.
    pub(crate) fn and_write(&self) -> Self {
        Self { write: true, ..self.clone() }
    }
}

pub(crate) fn run(args: &Args, globals: &Globals, ui: &mut Ui) -> Result<u8, Failure> {
    let config = globals.load(ui)?;
    let into = match &args.into {
        Some(file) => Some(globals.directory()?.join(file)),
        None => None,
    };
    if let (Some(path), Some(said)) = (&into, &args.into)
        && !path.is_file()
    {
        let message = format!("there is no schema file `{}`", said.display());
        return Err(Failure::new(USAGE, message).hint("`--into` takes a file that is there"));
    }
    let (inclusions, missing) = project::inclusions(&config)?;
    let candidates = project::candidates(&config, into.as_deref(), args.workspace)?;
    for why in &candidates.unasked {
        ui.note(&format!("warning: {why}"));
    }
    let mut chosen: Vec<Included> = Vec::new();
    if args.interactive {
        for candidate in &candidates.found {
            if is_wanted(candidate, ui)? {
                chosen.push(candidate.what.clone());
            }
        }
    } else if args.write {
        chosen.extend(candidates.found.iter().map(|it| it.what.clone()));
    }
    let written = if chosen.is_empty() {
        None
    } else {
        Some(project::include_more(&config, into.as_deref(), &chosen)?)
    };
    if ui.is_json() {
        ui.json(json!({
            "files": inclusions.iter().map(as_json).collect::<Vec<_>>(),
            "candidates": candidates.found.iter().map(candidate_as_json).collect::<Vec<_>>(),
            "written": written.as_deref().map(|it| config.display(it)),
            "added": chosen.iter().map(how).collect::<Vec<_>>(),
        }));
    } else {
        let mut text = String::new();
        for inclusion in &inclusions {
            text.push_str(&line(inclusion));
            branches(&inclusion.includes, "", &mut text);
        }
        ui.result(&text);
        match &written {
            Some(path) => told(&chosen, path, &config, ui),
            None => offered(&candidates.found, args.write || args.interactive, ui),
        }
    }
    if missing.is_empty() { Ok(DONE) } else { Err(project::Error::Texts(missing).into()) }
}

fn is_wanted(candidate: &Candidate, ui: &mut Ui) -> Result<bool, Failure> {
    if !ui.is_interactive() {
        return Err(Failure::new(DECISION, "there is nobody to ask what to include")
            .note("nothing was written")
            .hint("`--write` takes all that is found; `whimbrel schema includes` lists it"));
    }
    let tables = tables(candidate);
    let question = format!("Include {} ({tables})?", words(&candidate.what));
    let answers = ["yes".to_owned(), "no".to_owned()];
    Ok(ui.choose(&question, &answers)? == 0)
}

fn told(chosen: &[Included], path: &Path, config: &Config, ui: &mut Ui) {
    let file = config.display(path);
    let mut text = String::new();
    for it in chosen {
        let _ = writeln!(text, "added to {file}: {}", words(it));
    }
    ui.result(&text);
}

fn offered(found: &[Candidate], was_asked: bool, ui: &mut Ui) {
    if found.is_empty() {
        if was_asked {
            ui.result("Nothing else was found that could be included");
        }
        return;
    }
    let mut text = String::from("\nCould be included:\n");
    for it in found {
        let _ = writeln!(text, "  {} ({})", words(&it.what), tables(it));
    }
    ui.result(&text);
    if !was_asked {
        ui.note("`--write` adds them to the schema, `--interactive` asks of each.");
    }
}

/// `users, sessions and 3 more`
fn tables(candidate: &Candidate) -> String {
    const SHOWN: usize = 4;
    let tables = &candidate.tables;
    match tables.len() {
        0 => "no tables of its own".to_owned(),
        count if count <= SHOWN => format!("tables: {}", tables.join(", ")),
        count => {
            format!("tables: {} and {} more", tables[..SHOWN].join(", "), count - SHOWN)
        }
    }
}

fn words(what: &Included) -> String {
    match what {
        Included::Path(path) => path.clone(),
        Included::Crate { name, path } => format!("crate {name}: {path}"),
        Included::Module { module, path } => format!("module {module}: {path}"),
    }
}

/// A file with how it came in, `schema.yaml (crate auth-tables 1.2.3)`.
fn line(inclusion: &Inclusion) -> String {
    let version = inclusion.version.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
    let owner = match &inclusion.what {
        Some(Included::Crate { name, .. }) => format!(" (crate {name}{version})"),
        Some(Included::Module { module, .. }) => format!(" (Go module {module}{version})"),
        _ => String::new(),
    };
    let standing = match &inclusion.standing {
        Standing::Read => String::new(),
        Standing::Again => ": again, counts once".to_owned(),
        Standing::Circle => ": a circle, which ends here".to_owned(),
        Standing::Missing { why } => format!(": missing, {why}"),
    };
    format!("{}{owner}{standing}\n", inclusion.file)
}

fn branches(inclusions: &[Inclusion], indent: &str, text: &mut String) {
    for (position, inclusion) in inclusions.iter().enumerate() {
        let is_last = position + 1 == inclusions.len();
        let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let _ = write!(text, "{indent}{branch}{}", line(inclusion));
        branches(&inclusion.includes, &format!("{indent}{below}"), text);
    }
}

fn how(what: &Included) -> Value {
    match what {
        Included::Path(path) => json!({ "path": path }),
        Included::Crate { name, path } => json!({ "crate": name, "path": path }),
        Included::Module { module, path } => json!({ "module": module, "path": path }),
    }
}

fn as_json(inclusion: &Inclusion) -> Value {
    let (standing, why) = match &inclusion.standing {
        Standing::Read => ("read", None),
        Standing::Again => ("again", None),
        Standing::Circle => ("circle", None),
        Standing::Missing { why } => ("missing", Some(why)),
    };
    json!({
        "file": inclusion.file,
        "included_as": inclusion.what.as_ref().map(how),
        "version": inclusion.version,
        "standing": standing,
        "why": why,
        "includes": inclusion.includes.iter().map(as_json).collect::<Vec<_>>(),
    })
}

fn candidate_as_json(candidate: &Candidate) -> Value {
    json!({
        "include": how(&candidate.what),
        "version": candidate.version,
        "file": candidate.file,
        "tables": candidate.tables,
    })
}
