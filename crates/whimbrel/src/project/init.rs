//! What `init` writes: a configuration, a schema to begin with, and the folder of migrations,
//! which in a Cargo project is a package, so that the compiler and the editor check it.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::dialect::{Dialect, Lock};

use super::{Error, FILE_NAME, write};

/// What `init` is asked for.
#[derive(Clone, Debug)]
pub struct Init {
    /// The project's folder.
    pub root: PathBuf,
    /// The database; `None` is SQLite.
    pub dialect: Option<&'static Dialect>,
    /// Whether `new` and `generate` are to write SQL.
    pub sql: bool,
    /// Whether the migrations are a Cargo package: `None` where they are in a Cargo project.
    pub package: Option<bool>,
    /// Where the sources of whimbrel are, from the project's folder; `None` looks around the
    /// project, and then takes what is published.
    pub source: Option<PathBuf>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file, from the project's folder.
    pub path: PathBuf,
    /// Whether it is new; one that was there stayed as it was.
    pub is_new: bool,
}

/// Writes what isn't there yet. The second value says what the user should do by hand.
pub fn init(wanted: &Init) -> Result<(Vec<Written>, Vec<String>), Error> {
    let project = project_name(&wanted.root);
    let mut files = vec![
        (FILE_NAME.to_owned(), configuration(wanted, &project)),
        ("schema/schema.yaml".to_owned(), include_str!("package/schema.yaml").to_owned()),
    ];
    let workspace = Workspace::around(&wanted.root);
    let mut advice = Vec::new();
    if wanted.package.unwrap_or(workspace != Workspace::None && !wanted.sql) {
        let crates = match &wanted.source {
            Some(source) => Some(crates_of(&wanted.root, source)?),
            None => crates_around(&wanted.root),
        };
        files.extend(package(&project, &workspace, crates.as_deref()));
        if crates.is_none() {
            advice.push(
                "`migrations/Cargo.toml` names the published crates of whimbrel; until there are \
                 any, say where its sources are: `whimbrel init --package --source DIR`, or by hand \
                 in that file"
                    .to_owned(),
            );
        }
        if let Workspace::Foreign(manifest) = &workspace {
            advice.push(format!(
                "`migrations` is a workspace of its own; to make it a member of {}, add it to \
                 `members` there and delete `[workspace]` from `migrations/Cargo.toml`",
                manifest.display()
            ));
        }
    }
    let migrations = wanted.root.join("migrations");
    fs::create_dir_all(&migrations).map_err(|it| Error::file("create", &migrations, it))?;
    let mut written = Vec::new();
    for (name, text) in files {
        let path = wanted.root.join(&name);
        // Looked at with its link, so that a link to nowhere isn't taken for nothing.
        let is_new = path.symlink_metadata().is_err();
        if is_new {
            write::write_new(&path, &text)?;
        }
        written.push(Written { path: PathBuf::from(name), is_new });
    }
    Ok((written, advice))
}

fn project_name(root: &Path) -> String {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = root.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let plain: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
    let plain = plain.trim_matches('_');
    if plain.starts_with(|it: char| it.is_ascii_alphabetic()) {
        plain.to_owned()
    } else {
        "app".to_owned()
    }
}

fn configuration(wanted: &Init, project: &str) -> String {
    let mut text = String::from(
        "# Every key is explained in docs/configuration.md; `whimbrel config` shows what holds.\n\n\
         schema = \"schema/schema.yaml\"\n\
         migrations = \"migrations\"\n",
    );
    if wanted.sql {
        text.push_str("format = \"sql\"\n");
    }
    text.push('\n');
    match wanted.dialect {
        Some(dialect) if dialect.lock != Lock::File => {
            text.push_str(
                "# The database where DATABASE_URL doesn't say it. A URL belongs into that \
                 variable and not here.\n",
            );
            let _ = writeln!(text, "dialect = \"{}\"", dialect.name);
        }
        _ => {
            text.push_str("# The variable DATABASE_URL is stronger.\n");
            let _ = writeln!(text, "url = \"sqlite:{project}.sqlite\"");
        }
    }
    text.push_str(
        "\n# With `--env production`:\n\
         # [env.production]\n\
         # url = \"${PRODUCTION_URL}\"\n\
         # protected = true\n",
    );
    text
}

/// The files of the package; `crates` is the folder of whimbrel's crates from it.
fn package(project: &str, workspace: &Workspace, crates: Option<&str>) -> Vec<(String, String)> {
    let is_own = *workspace != Workspace::Member;
    let name = project.replace('_', "-");
    let from = |crate_name: &str| match crates {
        Some(folder) => format!("path = {:?}", format!("{folder}/{crate_name}")),
        None => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
    };
    let manifest = format!(
        "[package]\n\
         name = \"{name}-migrations\"\n\
         version = \"0.0.0\"\n\
         edition = \"2024\"\n\
         publish = false\n\
         build = \"build.rs\"\n\
         \n\
         [[bin]]\n\
         name = \"migrate\"\n\
         path = \"main.rs\"\n\
         \n\
         [features]\n\
         default = [\"program\"]\n\
         # The program `migrate`. An editor needs only the language: `cargo check --no-default-features`.\n\
         program = [\"dep:whimbrel-cli\"]\n\
         \n\
         [dependencies]\n\
         whimbrel-migration = {{ {} }}\n\
         whimbrel-cli = {{ {}, optional = true }}\n{}",
        from("whimbrel-migration"),
        from("whimbrel-cli"),
        if is_own { "\n[workspace]\n" } else { "" },
    );
    let file = |name: &str, text: &str| (format!("migrations/{name}"), text.to_owned());
    let mut files = vec![
        file("Cargo.toml", &manifest),
        file("rustfmt.toml", "use_small_heuristics = \"Max\"\n"),
        file("build.rs", include_str!("package/build.rs.txt")),
        file("main.rs", include_str!("package/main.rs.txt")),
        file(".gitignore", "/target\n"),
    ];
    if is_own {
        files.push(file("rust-analyzer.toml", include_str!("package/rust-analyzer.toml")));
    }
    files
}

/// The folder of whimbrel's crates, as the package writes it, where the project stands beside them.
fn crates_around(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let mut up = String::from("..");
    for folder in root.ancestors() {
        if has_crates(folder) {
            return Some(format!("{up}/crates"));
        }
        up.push_str("/..");
    }
    None
}

/// The same, of a checkout that the user names.
fn crates_of(root: &Path, source: &Path) -> Result<String, Error> {
    if !has_crates(&root.join(source)) {
        return Err(Error::NoSources { path: source.to_owned() });
    }
    let written = source.display().to_string().replace('\\', "/");
    let written = written.trim_end_matches('/');
    Ok(if source.is_absolute() {
        format!("{written}/crates")
    } else {
        format!("../{written}/crates")
    })
}

fn has_crates(folder: &Path) -> bool {
    ["whimbrel-migration", "whimbrel-cli"]
        .iter()
        .all(|it| folder.join("crates").join(it).join("Cargo.toml").is_file())
}

/// The Cargo workspace around a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Workspace {
    /// There is no Cargo project here.
    None,
    /// There is a package that is in no workspace.
    Package,
    /// There is a workspace, and it takes `migrations` for a member.
    Member,
    /// There is a workspace (its manifest), and it doesn't.
    Foreign(PathBuf),
}

impl Workspace {
    fn around(root: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let mut found = Self::None;
        for directory in root.ancestors() {
            let manifest = directory.join("Cargo.toml");
            let Ok(text) = fs::read_to_string(&manifest) else { continue };
            let Ok(table) = text.parse::<toml::Table>() else { continue };
            found = Self::Package;
            if let Some(workspace) = table.get("workspace") {
                let inside = root.join("migrations");
                let path = inside.strip_prefix(directory).unwrap_or(&inside);
                let is_member = |key: &str| {
                    let patterns = workspace.get(key).and_then(toml::Value::as_array);
                    patterns.is_some_and(|it| {
                        it.iter().filter_map(toml::Value::as_str).any(|it| covers(it, path))
                    })
                };
                if is_member("members") && !is_member("exclude") {
                    return Self::Member;
                }
                return Self::Foreign(manifest);
            }
        }
        found
    }
}

/// Whether a pattern of `members` covers a path: part by part, `*` for any part.
fn covers(pattern: &str, path: &Path) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|it| !matches!(*it, "" | ".")).collect();
    let path: Vec<_> = path.iter().map(|it| it.to_string_lossy()).collect();
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(wanted, part)| match wanted.split_once('*') {
            Some((start, end)) => {
                part.len() >= start.len() + end.len()
                    && part.starts_with(start)
                    && part.ends_with(end)
            }
            None => *wanted == part,
        })
}
