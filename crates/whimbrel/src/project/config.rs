//! The configuration: which value each key has, and where it comes from.
//!
//! Flags are stronger than the `--env` table, that than the environment, that than `.env`, that
//! than the file. Secrets are kept here and leave only through [`Config::connect_settings`] and
//! [`Config::password`].

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    diagnostic::{Diagnostic, did_you_mean},
    dialect::Dialect,
    execute::Patience,
    migration::format::rust::Symbols,
};

use super::{
    Environment, Error, Package, config_file,
    config_file::{FileConfig, FileValue, Table},
    keys::{CONNECTING, KEYS, Key, Shown, duration},
    reference_config, secret, text,
};

/// The name of the file that holds a project's configuration.
pub const FILE_NAME: &str = "whimbrel.toml";

/// What the command line says about the configuration.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// Where we are: the directory of the process, or that of `-C`.
    pub directory: PathBuf,
    /// The file of `--config`.
    pub config: Option<PathBuf>,
    /// The environment of `--env`.
    pub env: Option<String>,
    /// Keys that have a flag of their own, as (key, the flag's name, value).
    pub values: Vec<(&'static str, &'static str, String)>,
    /// The migrations that are compiled into the program at hand, where it is such a program.
    pub package: Option<Package>,
}

/// A value, and who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    value: String,
    /// Who said it.
    pub origin: Origin,
}

/// Who said a value, the strongest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A flag: `--url`.
    Flag(&'static str),
    /// The table `[env.NAME]`.
    EnvTable(String),
    /// A variable of the process.
    Variable(String),
    /// A variable of the `.env`.
    DotEnv(String),
    /// The top of the file.
    File,
    /// Nobody.
    Default,
}

/// Everything that is configured.
#[derive(Clone, Debug)]
pub struct Config {
    /// The project's folder: paths of the file are meant from here.
    pub root: PathBuf,
    /// Where we are: paths of flags and variables are meant from here.
    pub directory: PathBuf,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// The `.env` that was read.
    pub dot_env: Option<PathBuf>,
    /// The environment of `--env`.
    pub env: Option<String>,
    /// What should be looked at and doesn't stop anything.
    pub warnings: Vec<Diagnostic>,
    /// Where Go keeps the modules that it has downloaded.
    pub go_modules: Option<PathBuf>,
    /// What the application adds to the language of migration files.
    pub symbols: Symbols,
    /// The migrations that are compiled into the program at hand, where it is such a program. Then
    /// the folder of migrations is not looked at.
    pub package: Option<Package>,
    settings: BTreeMap<&'static str, Setting>,
    /// Keys whose values hold a variable that is not set: told where the value is used.
    unset: BTreeMap<&'static str, Diagnostic>,
    /// The databases of the tables `[env.NAME]`, as far as they can be told.
    environments: Vec<(String, &'static Dialect)>,
}

/// What a connection needs; the URL may hold a secret, so never print it.
#[derive(Clone, PartialEq, Eq)]
pub enum ConnectSettings {
    /// A URL; [`Config::password`] is for one that has none.
    Url {
        /// The URL.
        url: String,
        /// The database's dialect, where whoever said it knew of this URL or the URL itself
        /// doesn't say it.
        dialect: Option<String>,
        /// What its relative path is meant from.
        base: PathBuf,
    },
    /// The parts, in which nothing is escaped.
    Parts {
        /// The database's dialect, as configured.
        dialect: String,
        /// The server.
        host: String,
        /// Its port.
        port: Option<u16>,
        /// The role.
        user: Option<String>,
        /// The database.
        database: Option<String>,
        /// How much TLS is asked for.
        sslmode: Option<String>,
    },
}

impl Config {
    /// Finds and reads the configuration, and settles every key.
    pub fn load(flags: &Flags, mut environment: Environment) -> Result<Self, Error> {
        let found = find(flags)?;
        if flags.env.is_none() && !environment.is_ci() {
            environment.read_dot_env(&found.root)?;
        }
        let (file, warnings) = read(&found)?;
        let table = environment_table(flags, &found, &file)?;
        let mut config = Self {
            root: found.root,
            directory: flags.directory.clone(),
            file: found.file,
            dot_env: environment.dot_env_file.clone(),
            env: flags.env.clone(),
            warnings,
            go_modules: go_modules(&environment),
            symbols: Symbols::default(),
            package: flags.package,
            settings: BTreeMap::new(),
            unset: BTreeMap::new(),
            environments: databases_of(&file, &environment),
        };
        for key in KEYS {
            let settled = settle(key, flags, table, &environment, &file);
            if let Some((setting, unset)) = settled? {
                config.settings.insert(key.name, setting);
                config.unset.extend(unset.map(|it| (key.name, it)));
            }
        }
        if config.package.is_some() {
            config.fill_parts();
        }
        config.refuse_two_targets(&environment)?;
        Ok(config)
    }

    /// What the program of a package takes for granted where variables name a database piece by
    /// piece: the server is here, and it is PostgreSQL.
    fn fill_parts(&mut self) {
        let origin = self.settings.get("database").map(|it| it.origin.clone());
        let said = origin.filter(|it| matches!(it, Origin::Variable(_) | Origin::DotEnv(_)));
        if let (Some(origin), false) = (said, self.settings.contains_key("host")) {
            self.settings.insert("host", Setting { value: "localhost".to_owned(), origin });
        }
        if self.settings.contains_key("host") && !self.settings.contains_key("dialect") {
            let value = crate::dialect::POSTGRES.name.to_owned();
            self.settings.insert("dialect", Setting { value, origin: Origin::Default });
        }
    }

    /// The value of a key that has no secret in it.
    pub fn get(&self, key: &str) -> Option<&str> {
        debug_assert!(Key::named(key).is_some_and(|it| it.shown == Shown::Whole));
        self.settings.get(key).map(|it| it.value.as_str())
    }

    /// Who said the value of a key.
    pub fn origin(&self, key: &str) -> Option<&Origin> {
        self.settings.get(key).map(|it| &it.origin)
    }

    /// Every key with its value as it may be shown and who said it, in the order of [`KEYS`].
    pub fn shown(&self) -> Vec<(&'static Key, Option<(String, Origin)>)> {
        KEYS.iter()
            .map(|key| {
                let setting = self.settings.get(key.name).map(|it| {
                    let value = match key.shown {
                        Shown::Whole => it.value.clone(),
                        Shown::WithoutPassword => secret::masked_url(&it.value),
                        Shown::Never => secret::MASK.to_owned(),
                    };
                    (value, it.origin.clone())
                });
                (key, setting)
            })
            .collect()
    }

    /// The file that says what the database should be.
    pub fn schema(&self) -> PathBuf {
        self.path("schema")
    }

    /// The folder with the migration files.
    pub fn migrations(&self) -> PathBuf {
        self.path("migrations")
    }

    /// Whether what destroys or marks needs a confirmation.
    pub fn is_protected(&self) -> bool {
        self.get("protected") == Some("true")
    }

    /// How long to wait for locks that other programs hold.
    pub fn patience(&self) -> Patience {
        let said = |key| self.get(key).and_then(|it| duration(it).ok());
        let default = Patience::default();
        Patience {
            timeout: said("ddl_lock_timeout").unwrap_or(default.timeout),
            wait: said("ddl_lock_wait").unwrap_or(default.wait),
        }
    }

    /// `path` as the user would write it from where we are.
    pub fn display(&self, path: &Path) -> String {
        for (up, ancestor) in self.directory.ancestors().enumerate() {
            // A path that shares no more than the root is clearer in full.
            if ancestor.parent().is_none() {
                break;
            }
            if let Ok(rest) = path.strip_prefix(ancestor) {
                let shown = format!("{}{}", "../".repeat(up), rest.display());
                let shown = shown.trim_end_matches('/');
                return if shown.is_empty() { ".".to_owned() } else { shown.to_owned() };
            }
        }
        path.display().to_string()
    }

    fn path(&self, key: &str) -> PathBuf {
        self.settings.get(key).map_or_else(PathBuf::new, |it| self.base(&it.origin).join(&it.value))
    }

    /// What a relative path is meant from: the user types it where they are, and a file says it
    /// for its own folder.
    fn base(&self, origin: &Origin) -> &Path {
        match origin {
            Origin::Flag(_) | Origin::Variable(_) => &self.directory,
            Origin::EnvTable(_) | Origin::DotEnv(_) | Origin::File | Origin::Default => &self.root,
        }
    }

    /// The URL without its password, for messages; `None` where none is configured.
    pub fn shown_url(&self) -> Option<String> {
        self.settings.get("url").map(|it| secret::masked_url(&it.value))
    }

    /// The dialect as far as it is known without a connection: the URL says it, or else the key.
    pub fn dialect(&self) -> Option<&'static Dialect> {
        self.scheme_dialect().or_else(|| self.get("dialect").and_then(Dialect::named))
    }

    /// Every kind of database that the migrations are for, as far as the configuration tells: that
    /// at hand, and behind it those of environments, each with the first one's name.
    pub fn databases(&self) -> Vec<(Option<&str>, &'static Dialect)> {
        let at_hand = self.dialect().map(|it| (None, it));
        let others = self.environments.iter().map(|(name, it)| (Some(name.as_str()), *it));
        let mut databases: Vec<(Option<&str>, &'static Dialect)> = Vec::new();
        for (name, dialect) in at_hand.into_iter().chain(others) {
            if databases.iter().all(|(_, known)| !std::ptr::eq(*known, dialect)) {
                databases.push((name, dialect));
            }
        }
        databases
    }

    fn scheme_dialect(&self) -> Option<&'static Dialect> {
        let url = self.settings.get("url").filter(|_| self.url_decides())?;
        url.value.split_once(':').and_then(|(scheme, _)| Dialect::named(scheme))
    }

    /// Refuses what is not used yet and couldn't be: values with variables that are not set.
    pub fn all_set(&self) -> Result<(), Error> {
        self.set(&KEYS.iter().map(|it| it.name).collect::<Vec<_>>())
    }

    fn set(&self, keys: &[&str]) -> Result<(), Error> {
        let unset: Vec<Diagnostic> =
            keys.iter().filter_map(|it| self.unset.get(it).cloned()).collect();
        if unset.is_empty() { Ok(()) } else { Err(Error::Config(unset)) }
    }

    /// Everything that a connection needs beside the password.
    pub fn connect_settings(&self) -> Result<ConnectSettings, Error> {
        if self.url_decides() {
            self.set(&["url"])?;
            let setting = &self.settings["url"];
            let dialect = self.settings.get("dialect").filter(|it| {
                it.origin.rank() <= setting.origin.rank() || self.scheme_dialect().is_none()
            });
            return Ok(ConnectSettings::Url {
                url: setting.value.clone(),
                dialect: dialect.map(|it| it.value.clone()),
                base: self.base(&setting.origin).to_owned(),
            });
        }
        self.set(&["host", "port", "user", "database", "sslmode"])?;
        let text = |key: &str| self.settings.get(key).map(|it| it.value.clone());
        let Some(host) = text("host") else {
            return Err(Error::NoDatabase { file: self.file.clone() });
        };
        let dialect = text("dialect").ok_or(Error::NoDialect)?;
        Ok(ConnectSettings::Parts {
            dialect,
            host,
            port: self.get("port").and_then(|it| it.parse().ok()),
            user: text("user"),
            database: text("database"),
            sslmode: text("sslmode"),
        })
    }

    /// Where the same database is without a pooler, where that is said; whoever says beside it
    /// where the database is must not be stronger, as that may be another one.
    pub fn direct_settings(&self) -> Result<Option<ConnectSettings>, Error> {
        let direct = self.settings.get("direct_url").filter(|_| self.direct_is_of_target());
        let Some(direct) = direct else { return Ok(None) };
        self.set(&["direct_url"])?;
        Ok(Some(ConnectSettings::Url {
            url: direct.value.clone(),
            dialect: None,
            base: self.base(&direct.origin).to_owned(),
        }))
    }

    /// Who says where the database is, and who says another direct address of perhaps another
    /// one, which is not used for that.
    pub fn unused_direct_url(&self) -> Option<(&Origin, &Origin)> {
        let direct = self.settings.get("direct_url").filter(|_| !self.direct_is_of_target())?;
        Some((&self.settings.get(self.decides())?.origin, &direct.origin))
    }

    fn direct_is_of_target(&self) -> bool {
        let rank = |key: &str| self.settings.get(key).map(|it| it.origin.rank());
        rank("direct_url") <= rank(self.decides())
    }

    /// The key that says where the database is.
    fn decides(&self) -> &'static str {
        if self.url_decides() { "url" } else { "host" }
    }

    /// Whether the lease is to be used although the server's own lock seems to do.
    pub fn wants_lease(&self) -> bool {
        self.get("lock") == Some("lease")
    }

    /// Whether the URL says where the database is: it does unless somebody stronger names a host.
    fn url_decides(&self) -> bool {
        match (self.settings.get("url"), self.settings.get("host")) {
            (Some(url), Some(host)) => url.origin.rank() <= host.origin.rank(),
            (url, _) => url.is_some(),
        }
    }

    /// The password by the strongest of the three ways to say it: only now its file is read or its
    /// command run.
    pub fn password(&self) -> Result<Option<String>, Error> {
        let strongest = ["password", "password_file", "password_command"]
            .into_iter()
            .filter_map(|it| self.settings.get(it).map(|setting| (it, setting)))
            .min_by_key(|(_, setting)| setting.origin.rank());
        if let Some((key, _)) = strongest {
            self.set(&[key])?;
        }
        match strongest {
            None => Ok(None),
            Some(("password_file", setting)) => {
                let path = self.base(&setting.origin).join(&setting.value);
                let text =
                    fs::read_to_string(&path).map_err(|it| Error::file("read", &path, it))?;
                Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
            }
            Some(("password_command", setting)) => {
                run_for_password(&setting.value, &self.root).map(Some)
            }
            Some((_, setting)) => Ok(Some(setting.value.clone())),
        }
    }

    /// `--env prod` beside a `DATABASE_URL` for another database: whichever we took, somebody
    /// would be surprised.
    fn refuse_two_targets(&self, environment: &Environment) -> Result<(), Error> {
        let Some(env) = &self.env else { return Ok(()) };
        let (key, setting) = match (self.settings.get("url"), self.settings.get("host")) {
            (Some(url), _) if matches!(url.origin, Origin::EnvTable(_)) => ("url", url),
            (_, Some(host)) if matches!(host.origin, Origin::EnvTable(_)) => ("host", host),
            _ => return Ok(()),
        };
        if matches!(self.origin("url"), Some(Origin::Flag(_))) || self.unset.contains_key(key) {
            return Ok(());
        }
        for variable in ["WHIMBREL_URL", "DATABASE_URL"] {
            if let Some(url) = environment.of_the_process(variable)
                && (key == "host" || url != setting.value)
            {
                return Err(Error::TwoTargets {
                    env: env.clone(),
                    key,
                    says: secret::masked_url(&setting.value),
                    variable,
                    url: secret::masked_url(url),
                });
            }
        }
        Ok(())
    }
}

impl Origin {
    /// 0 for the strongest.
    fn rank(&self) -> u8 {
        match self {
            Self::Flag(_) => 0,
            Self::EnvTable(_) => 1,
            Self::Variable(_) => 2,
            Self::DotEnv(_) => 3,
            Self::File => 4,
            Self::Default => 5,
        }
    }
}

/// Where the configuration is.
struct Found {
    root: PathBuf,
    file: Option<PathBuf>,
    kind: FileKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Own,
    Reference,
}

/// The file of `--config`, or else the nearest one here or above.
fn find(flags: &Flags) -> Result<Found, Error> {
    if let Some(file) = &flags.config {
        let file = flags.directory.join(file);
        if !file.is_file() {
            return Err(Error::NoConfigFile { path: file });
        }
        let is_reference = file.extension().is_some_and(|it| it == "yaml" || it == "yml");
        // The reference means its paths from where it is called; ours are meant from the file.
        let (root, kind) = if is_reference {
            (flags.directory.clone(), FileKind::Reference)
        } else {
            let parent = file.parent().unwrap_or(&flags.directory);
            (parent.to_owned(), FileKind::Own)
        };
        return Ok(Found { root, file: Some(file), kind });
    }
    for directory in flags.directory.ancestors() {
        let own = directory.join(FILE_NAME);
        if own.is_file() {
            return Ok(Found { root: directory.to_owned(), file: Some(own), kind: FileKind::Own });
        }
        for name in reference_config::PLACES {
            let file = directory.join(name);
            if file.is_file() {
                let root = directory.to_owned();
                return Ok(Found { root, file: Some(file), kind: FileKind::Reference });
            }
        }
    }
    Ok(Found { root: flags.directory.clone(), file: None, kind: FileKind::Own })
}

fn read(found: &Found) -> Result<(FileConfig, Vec<Diagnostic>), Error> {
    let Some(path) = &found.file else { return Ok((FileConfig::default(), Vec::new())) };
    let text = text::read(path)?;
    let name = path.strip_prefix(&found.root).unwrap_or(path).display().to_string();
    let (file, diagnostics) = match found.kind {
        FileKind::Own => config_file::parse(&name, &text),
        FileKind::Reference => reference_config::parse(&name, &text),
    };
    let (errors, warnings): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|it| it.severity == crate::diagnostic::Severity::Error);
    if errors.is_empty() { Ok((file, warnings)) } else { Err(Error::Config(errors)) }
}

/// The kinds of the databases of the environments: their URLs say it, or else the key `dialect`. A
/// variable that is not set here tells nothing.
fn databases_of(file: &FileConfig, environment: &Environment) -> Vec<(String, &'static Dialect)> {
    let of_url = |url: &FileValue| {
        let of = |url: &str| Dialect::named(url.split_once(':')?.0);
        of(&url.text).or_else(|| of(&filled(&url.text, environment).ok()?))
    };
    let dialect = |table: &Table| {
        let named = || Dialect::named(&table.get("dialect")?.text);
        table.get("url").and_then(of_url).or_else(named)
    };
    let envs = file.envs.iter();
    envs.filter_map(|(name, table)| Some((name.clone(), dialect(table)?))).collect()
}

fn environment_table<'a>(
    flags: &Flags,
    found: &Found,
    file: &'a FileConfig,
) -> Result<Option<&'a Table>, Error> {
    let Some(env) = &flags.env else { return Ok(None) };
    match file.envs.get(env) {
        Some(table) => Ok(Some(table)),
        None => Err(Error::NoEnvironment {
            env: env.clone(),
            file: found.file.clone(),
            meant: did_you_mean(env, file.envs.keys().map(String::as_str)).map(str::to_owned),
            known: file.envs.keys().cloned().collect(),
        }),
    }
}

/// A value, and which of its variables is not set, where only a connection needs it.
type Settled = (Setting, Option<Diagnostic>);

/// The strongest that says something about a key.
fn settle(
    key: &'static Key,
    flags: &Flags,
    table: Option<&Table>,
    environment: &Environment,
    file: &FileConfig,
) -> Result<Option<Settled>, Error> {
    let checked = |value: &str, origin, said_by: &str| {
        Ok(Some((checked(key, value, origin, said_by)?, None)))
    };
    let from_flag = flags.values.iter().find(|it| it.0 == key.name);
    if let Some((_, flag, value)) = from_flag {
        return checked(value, Origin::Flag(flag), flag);
    }
    if let (Some(env), Some(value)) = (&flags.env, table.and_then(|it| it.get(key.name))) {
        let origin = Origin::EnvTable(env.clone());
        return filled_in(key, value, environment, origin).map(Some);
    }
    for variable in key.variables(flags.package.is_some()) {
        if let Some(value) = environment.of_the_process(&variable) {
            let origin = Origin::Variable(variable.clone());
            return checked(value, origin, &variable);
        }
    }
    for variable in key.variables(flags.package.is_some()) {
        if let Some(value) = environment.of_dot_env(&variable) {
            let origin = Origin::DotEnv(variable.clone());
            return checked(value, origin, &variable);
        }
    }
    if let Some(value) = file.top.get(key.name) {
        return filled_in(key, value, environment, Origin::File).map(Some);
    }
    let default = |it: &str| Setting { value: it.to_owned(), origin: Origin::Default };
    Ok(key.default.map(|it| (default(it), None)))
}

fn checked(key: &Key, value: &str, origin: Origin, said_by: &str) -> Result<Setting, Error> {
    match key.refuses(value) {
        None => Ok(Setting { value: value.to_owned(), origin }),
        Some(wanted) => Err(Error::BadValue { said_by: said_by.to_owned(), wanted }),
    }
}

/// A value of a file with its `${VARIABLES}` filled in; `$${` writes `${`.
fn filled_in(
    key: &Key,
    value: &FileValue,
    environment: &Environment,
    origin: Origin,
) -> Result<Settled, Error> {
    let wrong = |message: String, label: &str, help: Option<String>| {
        let mut found = Diagnostic::error(message).at(value.span.clone(), label);
        found.help = help;
        found
    };
    let found = match filled(&value.text, environment) {
        Ok(filled) => match key.refuses(&filled) {
            None => return Ok((Setting { value: filled, origin }, None)),
            Some(wanted) => {
                let message = format!("`{}` takes {wanted}", key.name);
                wrong(message, "its variables say otherwise", None)
            }
        },
        Err(Unfilled::Open) => {
            let help = "close it with `}`, or write `$${` for the characters themselves";
            wrong("a `${` is not closed".into(), "in this value", Some(help.into()))
        }
        Err(Unfilled::NotSet(name)) => {
            let help = format!("set the variable `{name}`, or say the value another way");
            let found = wrong(format!("`${{{name}}}` is not set"), "used here", Some(help));
            // What nobody connects to needs no password.
            if CONNECTING.contains(&key.name) {
                let setting = Setting { value: value.text.clone(), origin };
                return Ok((setting, Some(found)));
            }
            found
        }
    };
    Err(Error::Config(vec![found]))
}

/// Why the variables of a text can't be filled in.
enum Unfilled<'a> {
    /// A `${` without its `}`.
    Open,
    /// A variable that is not set.
    NotSet(&'a str),
}

fn filled<'a>(text: &'a str, environment: &Environment) -> Result<String, Unfilled<'a>> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        if rest[..start].ends_with('$') {
            filled.push_str(&rest[..start - 1]);
            filled.push_str("${");
            rest = &rest[start + 2..];
            continue;
        }
        filled.push_str(&rest[..start]);
        let Some(end) = rest[start..].find('}').map(|it| it + start) else {
            return Err(Unfilled::Open);
        };
        let name = &rest[start + 2..end];
        filled.push_str(environment.get(name).ok_or(Unfilled::NotSet(name))?);
        rest = &rest[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Go's module cache, as `go env GOMODCACHE` would say.
fn go_modules(environment: &Environment) -> Option<PathBuf> {
    let of = |name: &str| environment.of_the_process(name);
    if let Some(cache) = of("GOMODCACHE") {
        return Some(PathBuf::from(cache));
    }
    let first = of("GOPATH").and_then(|it| std::env::split_paths(it).next());
    let go = first.or_else(|| Some(Path::new(of("HOME").or(of("USERPROFILE"))?).join("go")));
    go.map(|it| it.join("pkg").join("mod"))
}

/// What the command prints, without the line's end. Its own words go to our stderr.
fn run_for_password(command: &str, root: &Path) -> Result<String, Error> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let failed = |why: String| Error::PasswordCommand { why };
    let output = Command::new(shell)
        .args([flag, command])
        .current_dir(root)
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|it| failed(format!("it could not be started: {it}")))?;
    if !output.status.success() {
        return Err(failed(format!("it ended with {}", output.status)));
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|_| failed("what it printed is not UTF-8".to_owned()))?;
    let password = text.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        Err(failed("it printed nothing".to_owned()))
    } else {
        Ok(password.to_owned())
    }
}
