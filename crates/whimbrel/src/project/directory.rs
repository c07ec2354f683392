//! The folder of migrations: each file's bytes are read once, and its text not before somebody
//! asks for it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use whimbrel_migration::Migration;

use crate::{
    diagnostic::{Diagnostic, Severity, SourceFile, Span},
    dialect::Dialect,
    migration::{
        File, Graph, Loaded, Migrations, Node, Parent, Replaces, Standing, checksum,
        format::{
            rust::{self, Make, RustMigration, Siblings, Symbols},
            sql::{self, State},
        },
        mistakes,
    },
    operation::Operation,
};

use super::{Error, Package, exchange, text};

/// Files of the package that are no migrations.
const PACKAGE_FILES: &[&str] = &["main.rs", "lib.rs", "build.rs"];

/// The folder of migrations.
#[derive(Debug)]
pub struct Directory {
    folder: Folder,
    shown: String,
    dialect: Option<&'static Dialect>,
    files: Vec<File>,
    sources: Vec<Source>,
    read: Mutex<BTreeMap<usize, Reading>>,
    symbols: Symbols,
    /// What rustc made of the migrations in Rust.
    compiled: BTreeMap<&'static str, Make>,
}

/// Where the files are.
#[derive(Debug)]
enum Folder {
    /// On disk.
    Disk(PathBuf),
    /// Here, by name: those of another commit.
    Texts(BTreeMap<String, Vec<u8>>),
}

/// A file beside its name and digest.
#[derive(Debug)]
struct Source {
    kind: Kind,
    text: Arc<SourceFile>,
}

/// What a migration is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `.rs`
    Rust,
    /// `.sql`
    Sql,
}

type Reading = Result<Arc<Loaded>, Vec<Diagnostic>>;

impl Kind {
    /// The ending of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Rust => "rs",
            Self::Sql => "sql",
        }
    }

    fn of(path: &Path) -> Option<Self> {
        [Self::Rust, Self::Sql]
            .into_iter()
            .find(|it| path.extension().is_some_and(|ending| ending == it.extension()))
    }
}

impl Directory {
    /// Reads the bytes of every migration in `folder`, which messages call `shown`. A folder
    /// that isn't there holds no migrations: version control keeps no empty folder.
    ///
    /// SQL is looked through as `dialect` would, where it is known. What a `rebase` or an
    /// `--amend` has begun to write here and did not finish is finished first.
    pub fn open(
        folder: &Path,
        shown: &str,
        dialect: Option<&'static Dialect>,
    ) -> Result<Self, Error> {
        exchange::finish(folder)?;
        Self::read(folder, shown, dialect)
    }

    /// The same, of the files as they are.
    pub(super) fn read(
        folder: &Path,
        shown: &str,
        dialect: Option<&'static Dialect>,
    ) -> Result<Self, Error> {
        let mut files = Vec::new();
        for path in paths(folder)? {
            if is_migration(&path) {
                let bytes = fs::read(&path).map_err(|it| Error::file("read", &path, it))?;
                files.push((path, bytes));
            }
        }
        Self::of(Folder::Disk(folder.to_owned()), shown, dialect, files)
    }

    /// The same migrations, read with what the application adds to their language.
    #[must_use]
    pub fn with_symbols(self, symbols: Symbols) -> Self {
        Self { symbols, ..self }
    }

    /// The migrations among these files, which messages call as if they stood in `shown`.
    pub fn of_texts(
        texts: BTreeMap<String, Vec<u8>>,
        shown: &str,
        dialect: Option<&'static Dialect>,
    ) -> Result<Self, Error> {
        let files = texts.iter().map(|(name, bytes)| (PathBuf::from(name), bytes.clone()));
        let files = files.filter(|(path, _)| is_migration(path)).collect();
        Self::of(Folder::Texts(texts), shown, dialect, files)
    }

    /// The migrations that were compiled into the program at hand.
    pub fn of_package(
        package: &Package,
        shown: &str,
        dialect: Option<&'static Dialect>,
    ) -> Result<Self, Error> {
        let files = package.files.iter();
        let texts = files.map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
        let compiled = package.migrations.iter().copied().collect();
        Ok(Self { compiled, ..Self::of_texts(texts, shown, dialect)? })
    }

    fn of(
        folder: Folder,
        shown: &str,
        dialect: Option<&'static Dialect>,
        files: Vec<(PathBuf, Vec<u8>)>,
    ) -> Result<Self, Error> {
        let mut found = Vec::new();
        let mut diagnostics = Vec::new();
        for (path, bytes) in files {
            let Some(kind) = Kind::of(&path) else { continue };
            let Some(name) = path.file_stem().and_then(|it| it.to_str()) else { continue };
            let file_name = format!("{name}.{}", kind.extension());
            let digest = checksum::raw(&bytes);
            let shown_file = format!("{shown}/{file_name}");
            let text = match text::of(bytes) {
                Ok(text) => text,
                Err(why) => {
                    let message = format!("can't read `{shown_file}`: {why}");
                    diagnostics.push(Diagnostic::error(message));
                    continue;
                }
            };
            let text = SourceFile::new(shown_file, text);
            if name.starts_with(|it: char| it.is_ascii_digit()) {
                let file = File { name: name.to_owned(), digest };
                found.push((file, Source { kind, text }));
            } else if let Some(wrong) = unnumbered(kind, &text) {
                diagnostics.push(wrong);
            }
        }
        found.sort_by(|one, other| one.0.name.cmp(&other.0.name));
        diagnostics.extend(twins(&found));
        if !diagnostics.is_empty() {
            return Err(Error::Texts(diagnostics));
        }
        let (files, sources) = found.into_iter().unzip();
        Ok(Self {
            folder,
            shown: shown.to_owned(),
            dialect,
            files,
            sources,
            read: Mutex::default(),
            symbols: Symbols::default(),
            compiled: BTreeMap::new(),
        })
    }

    /// The folder, as messages call it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Where a migration of this name would stand.
    pub fn path_of(&self, name: &str, kind: Kind) -> PathBuf {
        let file = format!("{name}.{}", kind.extension());
        match &self.folder {
            Folder::Disk(folder) => folder.join(file),
            Folder::Texts(_) => Path::new(&self.shown).join(file),
        }
    }

    /// The migrations in SQL that don't say what they change: that is known to nobody but the
    /// database.
    pub fn opaque(&self) -> impl Iterator<Item = &str> {
        let in_sql = self.files.iter().zip(&self.sources).filter(|it| it.1.kind == Kind::Sql);
        let names = in_sql.map(|it| it.0.name.as_str());
        names.filter(|it| self.load(it).is_ok_and(|it| is_opaque(&it.migration)))
    }

    /// How many files have been read beyond their bytes.
    pub fn files_read(&self) -> usize {
        self.reading().len()
    }

    /// What a migration is written in.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.position(name).map(|it| self.sources[it].kind)
    }

    /// The text of a migration.
    pub fn text(&self, name: &str) -> Option<&Arc<SourceFile>> {
        self.position(name).map(|it| &self.sources[it].text)
    }

    /// Reads every migration and puts them in order; all that is wrong with them otherwise.
    pub fn graph(&self) -> Result<Graph, Vec<Diagnostic>> {
        self.read_all(0..self.files.len());
        let mut nodes = Vec::new();
        let mut diagnostics = Vec::new();
        for file in &self.files {
            match self.load(&file.name) {
                Ok(loaded) => nodes.push(node(&loaded)),
                Err(found) => diagnostics.extend(found),
            }
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let replaces = self.replaces();
        let wrong = mistakes(&replaces, &nodes);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        // Without a database nothing has run, so a squash stands for all that it replaces.
        let standing = Standing::new(&replaces, &nodes, |_| false, |_| false);
        let (graph, found) = Graph::new(standing.nodes(nodes));
        if found.iter().any(|it| it.severity == Severity::Error) { Err(found) } else { Ok(graph) }
    }

    /// Reads what of these hasn't been read, side by side.
    fn read_all(&self, positions: impl Iterator<Item = usize>) {
        let todo: Vec<usize> = {
            let read = self.reading();
            positions
                .filter(|it| self.sources[*it].kind == Kind::Rust && !read.contains_key(it))
                .collect()
        };
        let texts: Vec<_> = todo.iter().map(|it| Arc::clone(&self.sources[*it].text)).collect();
        let threads = thread::available_parallelism().map_or(1, Into::into);
        let results = rust::read_all(&texts, self, threads);
        let mut read = self.reading();
        for (position, result) in todo.into_iter().zip(results) {
            read.insert(position, self.of_rust(position, result));
        }
    }

    fn of_rust(&self, position: usize, read: (Option<RustMigration>, Vec<Diagnostic>)) -> Reading {
        let (migration, diagnostics) = match self.compiled.get(self.files[position].name.as_str()) {
            Some(make) => rust::compiled(*make, &self.sources[position].text, read),
            None => read,
        };
        match migration {
            Some(it) => {
                let places = it.spans.into_iter().map(Some).collect();
                self.loaded(position, it.migration, (places, None), Some(it.parents_span))
            }
            None => Err(diagnostics),
        }
    }

    fn of_sql(&self, position: usize) -> Reading {
        let (file, mut diagnostics) = sql::parse(&self.sources[position].text, self);
        if let Some(dialect) = self.dialect {
            diagnostics.extend(file.check(dialect));
        }
        diagnostics.retain(|it| it.severity == Severity::Error);
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let (migration, places) = file.migration();
        self.loaded(position, migration, (places, file.state), file.parents_place)
    }

    fn loaded(
        &self,
        position: usize,
        migration: Migration,
        (places, state): (Vec<Option<Span>>, Option<State>),
        parents_place: Option<Span>,
    ) -> Reading {
        let file = &self.files[position];
        let meaning = checksum::meaning(&migration).map_err(|it| {
            vec![Diagnostic::error(format!("`{}` can't be summed up: {it}", file.name))]
        })?;
        Ok(Arc::new(Loaded {
            name: file.name.clone(),
            digest: file.digest.clone(),
            meaning,
            migration,
            places,
            state_place: state.as_ref().and_then(|it| it.place.clone()),
            state_places: state.map(|it| it.places).unwrap_or_default(),
            parents_place,
        }))
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.files.binary_search_by(|it| it.name.as_str().cmp(name)).ok()
    }

    /// What has been read. A thread that died while it held this has changed nothing by halves.
    fn reading(&self) -> MutexGuard<'_, BTreeMap<usize, Reading>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Migrations for Directory {
    fn symbols(&self) -> &Symbols {
        Siblings::symbols(self)
    }

    fn files(&self) -> &[File] {
        &self.files
    }

    fn load(&self, name: &str) -> Reading {
        let Some(position) = self.position(name) else {
            return Err(vec![Diagnostic::error(format!("there is no migration `{name}`"))]);
        };
        if let Some(known) = self.reading().get(&position) {
            return known.clone();
        }
        let text = &self.sources[position].text;
        let reading = match self.sources[position].kind {
            Kind::Rust => self.of_rust(position, rust::read(text, self)),
            Kind::Sql => self.of_sql(position),
        };
        self.reading().insert(position, reading.clone());
        reading
    }

    fn replaces(&self) -> Replaces {
        let sources = self.files.iter().zip(&self.sources);
        // Only files that hold the word are read for it.
        let named = sources.filter(|it| it.1.text.text.contains("replaces"));
        let loaded = named.filter_map(|(file, _)| self.load(&file.name).ok());
        let squashes = loaded.filter(|it| !it.migration.replaces.is_empty());
        squashes.map(|it| (it.name.clone(), it.migration.replaces.clone())).collect()
    }

    fn read_ahead(&self, names: &[&str]) {
        self.read_all(names.iter().filter_map(|it| self.position(it)));
    }
}

impl Siblings for Directory {
    fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    fn file(&self, path: &str) -> Result<Arc<SourceFile>, String> {
        let shown = format!("{}/{path}", self.shown);
        let folder = match &self.folder {
            Folder::Disk(folder) => folder,
            Folder::Texts(texts) => {
                let bytes = texts.get(path).ok_or_else(|| format!("there is no file `{shown}`"))?;
                let text = text::of(bytes.clone());
                let text = text.map_err(|why| format!("can't read `{shown}`: {why}"))?;
                return Ok(SourceFile::new(shown, text));
            }
        };
        let wanted = folder.join(path);
        let folder = folder.canonicalize().map_err(|it| super::plain(&it))?;
        // A link may lead out of the folder, and then the text would not travel with it.
        let real = wanted.canonicalize().map_err(|_| format!("there is no file `{shown}`"))?;
        if !real.starts_with(folder) {
            return Err(format!("`{shown}` lies outside of the folder of the migrations"));
        }
        match fs::read_to_string(&real) {
            Ok(text) => Ok(SourceFile::new(shown, text)),
            Err(why) => Err(format!("can't read `{shown}`: {}", super::plain(&why))),
        }
    }
}

/// Whether a file may be a migration, by its name.
fn is_migration(path: &Path) -> bool {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    // Below the folder lies what migrations take in: `include_str!("seeds/users.sql")`.
    let is_here = path.is_absolute() || path.components().count() == 1;
    let is_hidden = name.starts_with('.');
    Kind::of(path).is_some() && is_here && !is_hidden && !PACKAGE_FILES.contains(&name)
}

/// The files of a folder, in order.
fn paths(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(Error::file("read", folder, why)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|it| Error::file("read", folder, it))?.path();
        if !path.is_dir() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// A file that is a migration by what it says and not by its name would be passed over in
/// silence.
fn unnumbered(kind: Kind, text: &Arc<SourceFile>) -> Option<Diagnostic> {
    let sign = match kind {
        Kind::Rust => "fn migration()",
        Kind::Sql => "-- whimbrel:",
    };
    let start = text.text.find(sign)?;
    let place = Span { file: Arc::clone(text), range: start..start + sign.len() };
    Some(
        Diagnostic::error(format!("`{}` is a migration without a number", text.name))
            .at(place, "this makes it one")
            .help("begin its name with a number, such as `0002_`; `whimbrel new` does"),
    )
}

/// `0002_users.rs` beside `0002_users.sql`.
fn twins(found: &[(File, Source)]) -> Vec<Diagnostic> {
    let pairs = found.windows(2).filter(|it| it[0].0.name == it[1].0.name);
    pairs
        .map(|it| {
            let whole = |source: &Source| Span { file: Arc::clone(&source.text), range: 0..0 };
            Diagnostic::error(format!("two migrations are called `{}`", it[0].0.name))
                .at(whole(&it[1].1), "this one")
                .and(whole(&it[0].1), "and this one")
                .help("give one of them another name")
        })
        .collect()
}

/// Whether a migration runs SQL that doesn't say what it changes. Several scripts of a file say it
/// with the first.
fn is_opaque(migration: &Migration) -> bool {
    let mut scripts = migration.operations.iter().filter_map(|it| match it {
        Operation::RunSql(it) => Some(it),
        _ => None,
    });
    scripts.next().is_some_and(|it| it.script.state.is_none())
}

fn node(loaded: &Loaded) -> Node {
    let span = loaded.parents_place.clone();
    let parents = loaded.migration.parents.iter();
    let parents = parents.map(|it| Parent { name: it.clone(), span: span.clone() }).collect();
    Node { name: loaded.name.clone(), parents, span }
}
