//! Where a database is: reading `postgres://…`, `user@tcp(host)/db`, `host=… user=…` and paths.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use whimbrel::diagnostic::did_you_mean;

/// A text that is never shown: neither by `Debug` nor by `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The wire protocol that a target is reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// PostgreSQL and what speaks like it.
    Postgres,
    /// MySQL, MariaDB and what speaks like them.
    Mysql,
    /// A file of SQLite's.
    Sqlite,
}

/// Names of databases and of URL schemes, and how each is reached.
const NAMES: &[(&str, Family)] = &[
    ("postgres", Family::Postgres),
    ("postgresql", Family::Postgres),
    ("cockroach", Family::Postgres),
    ("cockroachdb", Family::Postgres),
    ("redshift", Family::Postgres),
    ("aurora_dsql", Family::Postgres),
    ("mysql", Family::Mysql),
    ("mariadb", Family::Mysql),
    ("tidb", Family::Mysql),
    ("starrocks", Family::Mysql),
    ("sqlite", Family::Sqlite),
    ("sqlite3", Family::Sqlite),
    ("file", Family::Sqlite),
];

impl Family {
    /// The family of a database type or a URL scheme; nothing for a stranger.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, family)| *family)
    }

    fn scheme(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Sqlite => "sqlite",
        }
    }

    /// The parameters a URL may have, in alphabetical order.
    fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &[
                "application_name",
                "channel_binding",
                "connect_timeout",
                "hostaddr",
                "keepalives",
                "keepalives_idle",
                "options",
                "search_path",
                "sslmode",
                "sslrootcert",
                "target_session_attrs",
            ],
            Self::Mysql => {
                &["collation", "connect_timeout", "socket", "sql_mode", "sslmode", "sslrootcert"]
            }
            Self::Sqlite => &["busy_timeout", "foreign_keys", "immutable", "mode"],
        }
    }

    /// Our word for a parameter that others spell differently.
    fn parameter_alias(self, name: &str) -> Option<&'static str> {
        Some(match (self, name) {
            (Self::Mysql, "ssl-mode" | "ssl_mode") => "sslmode",
            (Self::Mysql, "ssl-ca" | "ssl_ca") => "sslrootcert",
            (Self::Mysql, "timeout") => "connect_timeout",
            (Self::Mysql, "unix_socket") => "socket",
            (Self::Sqlite, "_busy_timeout" | "_timeout") => "busy_timeout",
            (Self::Sqlite, "_foreign_keys" | "_fk") => "foreign_keys",
            _ => return None,
        })
    }

    /// Parameters of other drivers that say how that driver hands values to a program, and so
    /// mean nothing here.
    fn means_nothing(self, name: &str) -> bool {
        match self {
            Self::Postgres => matches!(name, "binary_parameters" | "load_balance_hosts"),
            Self::Mysql => matches!(
                name,
                "allowNativePasswords"
                    | "charset"
                    | "checkConnLiveness"
                    | "clientFoundRows"
                    | "columnsWithAlias"
                    | "interpolateParams"
                    | "loc"
                    | "maxAllowedPacket"
                    | "multiStatements"
                    | "parseTime"
                    | "readTimeout"
                    | "rejectReadOnly"
                    | "writeTimeout"
            ),
            Self::Sqlite => matches!(name, "cache" | "_loc" | "_txlock"),
        }
    }
}

/// How far a connection is encrypted, in libpq's six words ("SSL Support" in its manual).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// In the clear.
    Disable,
    /// Encrypted if the server wants it.
    Allow,
    /// Encrypted if the server can; this is what holds where nothing is said.
    #[default]
    Prefer,
    /// Encrypted or not at all; the certificate is checked only if `sslrootcert` is given.
    Require,
    /// Encrypted, with a certificate from somebody we trust.
    VerifyCa,
    /// Encrypted, with such a certificate, made out to this host.
    VerifyFull,
}

const SSL_WORDS: &str = "`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`";

impl SslMode {
    fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().replace('_', "-").as_str() {
            "disable" | "disabled" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" | "preferred" => Self::Prefer,
            "require" | "required" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" | "verify-identity" => Self::VerifyFull,
            _ => return None,
        })
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// A host and the port it was asked for on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// A name, an address, or the directory (PostgreSQL) or file (MySQL) of a socket.
    pub name: String,
    /// The port; the family's own where none was given.
    pub port: Option<u16>,
}

/// Where a database is and as whom we go there. `Display` is its URL with the password masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// How it is reached.
    pub family: Family,
    /// The hosts, tried in order; none means the local one. Always empty for SQLite.
    pub hosts: Vec<Host>,
    /// The role.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// The database, or SQLite's file (`:memory:` for none).
    pub database: Option<String>,
    parameters: BTreeMap<String, String>,
}

/// The same, piece by piece, as a configuration file has it. Any characters are allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// "postgres", "mysql", "mariadb", "sqlite", ….
    pub database_type: Option<String>,
    /// The host.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// The role.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// The database, or SQLite's file.
    pub database: Option<String>,
    /// `sslmode` and its like.
    pub parameters: BTreeMap<String, String>,
}

/// Why a text names no database. Holds nothing of a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// A character of user or password changes the meaning of the URL.
    #[error("the URL can't be read: its user or password holds a character that must be encoded")]
    Unencoded,
    /// `%` not followed by two hexadecimal digits, or bytes that are no UTF-8.
    #[error("the {part} in the URL holds a `%` that isn't followed by two hexadecimal digits")]
    BadEncoding {
        /// "user", "password", "database", ….
        part: &'static str,
    },
    /// No kind of database is called so.
    #[error("no kind of database is called `{name}`")]
    UnknownType {
        /// What was written.
        name: String,
        /// The nearest that there is.
        meant: Option<&'static str>,
    },
    /// Neither a URL nor a path nor one of the other forms.
    #[error("the target can't be read as a URL, as `key=value` pairs or as a database file")]
    Unrecognised,
    /// The type says one thing and the URL another.
    #[error("the database type is `{database_type}`, but the URL starts with `{scheme}:`")]
    Contradiction {
        /// What the configuration says.
        database_type: String,
        /// What the URL says.
        scheme: String,
    },
    /// A parameter that isn't known; its name is left out where it might be part of a password.
    #[error("{}", unknown_parameter(.name.as_deref(), .family.scheme()))]
    UnknownParameter {
        /// The parameter.
        name: Option<String>,
        /// Whose parameter it would have been.
        family: Family,
        /// The nearest that there is.
        meant: Option<&'static str>,
    },
    /// A parameter with a value that it can't have.
    #[error("the parameter `{name}` must be {expected}")]
    BadParameter {
        /// The parameter.
        name: String,
        /// What it may be.
        expected: &'static str,
    },
    /// The port isn't one. What stands there may be a password's end, so it isn't shown.
    #[error("the port is no number from 1 to 65535")]
    BadPort,
    /// Something without which there is nowhere to go.
    #[error("the target names no {part}")]
    Missing {
        /// "file", "type of database".
        part: &'static str,
    },
}

fn unknown_parameter(name: Option<&str>, scheme: &str) -> String {
    match name {
        Some(name) => format!("a `{scheme}` target has no parameter `{name}`"),
        None => format!("a `{scheme}` target has something after its password that is no key"),
    }
}

impl TargetError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unencoded | Self::BadPort => "in user and password, write `@` as `%40`, `:` as \
                `%3A`, `/` as `%2F`, `?` as `%3F`, `#` as `%23`, `%` as `%25`; or give host, user \
                and password as separate keys, where any character may stand"
                .to_owned(),
            Self::BadEncoding { .. } => "write a `%` that means itself as `%25`".to_owned(),
            Self::UnknownType { meant, .. } => match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "there are `postgres`, `mysql`, `mariadb` and `sqlite`".to_owned(),
            },
            Self::Unrecognised | Self::Missing { .. } => {
                "write `postgres://user@host/database`, `mysql://user@host/database` or \
                `sqlite:path/to/file.db`"
                    .to_owned()
            }
            Self::Contradiction { .. } => "change one of the two, or leave the type out".to_owned(),
            Self::UnknownParameter { meant: Some(meant), .. } => format!("did you mean `{meant}`?"),
            Self::UnknownParameter { name: None, .. } => {
                "put the password in quotes, as in `password='…'`, with `\\'` and `\\\\` inside"
                    .to_owned()
            }
            Self::UnknownParameter { family, .. } => {
                format!("there are {}", listed(family.parameters()))
            }
            Self::BadParameter { .. } => return None,
        })
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

impl Target {
    /// Reads where a database is. `database_type` is what the configuration calls it; it decides
    /// where `url` alone does not.
    pub fn parse(url: &str, database_type: Option<&str>) -> Result<Self, TargetError> {
        let url = url.trim();
        let wanted = database_type.map(family_of).transpose()?;
        let target = match scheme_of(url) {
            Some((scheme, rest)) => {
                let family = family_of(scheme)?;
                if let (Some(wanted), Some(database_type)) = (wanted, database_type)
                    && wanted != family
                {
                    return Err(TargetError::Contradiction {
                        database_type: database_type.to_owned(),
                        scheme: scheme.to_owned(),
                    });
                }
                match family {
                    Family::Sqlite => sqlite_path(rest)?,
                    Family::Mysql if is_go_dsn(without_slashes(rest)) => {
                        go_dsn(without_slashes(rest))?
                    }
                    Family::Postgres | Family::Mysql => authority_url(family, rest)?,
                }
            }
            None if is_go_dsn(url) && wanted.is_none_or(|it| it == Family::Mysql) => go_dsn(url)?,
            None if is_key_values(url) && wanted.is_none_or(|it| it == Family::Postgres) => {
                key_values(url)?
            }
            None if wanted == Some(Family::Sqlite) || (wanted.is_none() && is_file(url)) => {
                sqlite_path(url)?
            }
            None => return Err(TargetError::Unrecognised),
        };
        target.checked()
    }

    /// A target from its parts.
    pub fn from_parts(parts: Parts) -> Result<Self, TargetError> {
        let Some(database_type) = &parts.database_type else {
            return Err(TargetError::Missing { part: "type of database" });
        };
        let mut target = Self::empty(family_of(database_type)?);
        target.fill(parts)?;
        target.checked()
    }

    /// Takes from `parts` what this target doesn't say itself, as the environment (`PGUSER`, …)
    /// fills a URL.
    pub fn fill(&mut self, parts: Parts) -> Result<(), TargetError> {
        if self.hosts.is_empty() && self.family != Family::Sqlite {
            self.hosts.extend(parts.host.map(|name| Host { name, port: None }));
            if self.hosts.is_empty() && parts.port.is_some() {
                self.hosts.push(Host { name: "localhost".to_owned(), port: None });
            }
        }
        for host in &mut self.hosts {
            host.port = host.port.or(parts.port);
        }
        self.user = self.user.take().or(parts.user);
        self.password = self.password.take().or(parts.password);
        self.database = self.database.take().or(parts.database);
        for (name, value) in parts.parameters {
            if self.parameter(&name).is_none() {
                self.set_parameter(&name, &value)?;
            }
        }
        Ok(())
    }

    /// The value of a parameter, if it was given.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// Gives a parameter its value.
    pub fn set_parameter(&mut self, name: &str, value: &str) -> Result<(), TargetError> {
        if self.family.means_nothing(name) {
            return Ok(());
        }
        if self.family == Family::Mysql && name == "tls" {
            return self.go_tls(value);
        }
        let name = self.family.parameter_alias(name).unwrap_or(name);
        if !self.family.parameters().contains(&name) {
            return Err(TargetError::UnknownParameter {
                name: Some(name.to_owned()),
                family: self.family,
                meant: did_you_mean(name, self.family.parameters().iter().copied()),
            });
        }
        check_parameter(name, value)?;
        self.parameters.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// How far the connection is to be encrypted.
    pub fn ssl_mode(&self) -> SslMode {
        self.parameter("sslmode").and_then(SslMode::parse).unwrap_or_default()
    }

    fn empty(family: Family) -> Self {
        Self {
            family,
            hosts: Vec::new(),
            user: None,
            password: None,
            database: None,
            parameters: BTreeMap::new(),
        }
    }

    fn checked(self) -> Result<Self, TargetError> {
        if self.family == Family::Sqlite && self.database.as_deref().unwrap_or("").is_empty() {
            return Err(TargetError::Missing { part: "file" });
        }
        Ok(self)
    }

    /// The word of Go's driver for how far to encrypt, in ours.
    fn go_tls(&mut self, value: &str) -> Result<(), TargetError> {
        let mode = match value.to_ascii_lowercase().as_str() {
            "true" | "1" => SslMode::VerifyFull,
            "false" | "0" => SslMode::Disable,
            "skip-verify" => SslMode::Require,
            "preferred" => SslMode::Prefer,
            _ => {
                return Err(TargetError::BadParameter {
                    name: "tls".to_owned(),
                    expected: "`true`, `false`, `skip-verify` or `preferred`",
                });
            }
        };
        self.parameters.insert("sslmode".to_owned(), mode.word().to_owned());
        Ok(())
    }

    /// Sets what may stand as a parameter and isn't one: user, password, host, ….
    fn set_key(&mut self, name: &str, value: &str) -> Result<(), TargetError> {
        match (self.family, name) {
            (Family::Postgres | Family::Mysql, "user") => self.user = Some(value.to_owned()),
            (Family::Postgres | Family::Mysql, "password") => {
                self.password = Some(Secret::new(value));
            }
            (Family::Postgres, "dbname") => self.database = Some(value.to_owned()),
            (Family::Postgres, "host") => {
                let ports: Vec<_> = self.hosts.iter().map(|it| it.port).collect();
                self.hosts = value
                    .split(',')
                    .enumerate()
                    .map(|(at, name)| Host {
                        name: name.to_owned(),
                        port: ports.get(at).or(ports.first()).copied().flatten(),
                    })
                    .collect();
            }
            (Family::Postgres, "port") => self.set_ports(value)?,
            _ => self.set_parameter(name, value)?,
        }
        Ok(())
    }

    fn set_ports(&mut self, text: &str) -> Result<(), TargetError> {
        let ports = text.split(',').map(port).collect::<Result<Vec<_>, _>>()?;
        if self.hosts.is_empty() {
            self.hosts.push(Host { name: String::new(), port: None });
        }
        for (at, host) in self.hosts.iter_mut().enumerate() {
            host.port = ports.get(at).or(ports.first()).copied().flatten();
        }
        Ok(())
    }
}

fn family_of(name: &str) -> Result<Family, TargetError> {
    Family::named(name).ok_or_else(|| TargetError::UnknownType {
        name: name.to_owned(),
        meant: did_you_mean(name, NAMES.iter().map(|(name, _)| *name)),
    })
}

fn check_parameter(name: &str, value: &str) -> Result<(), TargetError> {
    let number = || value.parse::<u32>().is_ok();
    let (fine, expected) = match name {
        "sslmode" => (SslMode::parse(value).is_some(), SSL_WORDS),
        "connect_timeout" => (seconds(value).is_some(), "a number of seconds"),
        "keepalives_idle" => (number(), "a number of seconds"),
        "busy_timeout" => (number(), "a number of milliseconds"),
        "keepalives" | "foreign_keys" | "immutable" => {
            (flag(value).is_some(), "`1` or `0`, `on` or `off`")
        }
        "mode" => {
            (matches!(value, "ro" | "rw" | "rwc" | "memory"), "`ro`, `rw`, `rwc` or `memory`")
        }
        "channel_binding" => {
            (matches!(value, "disable" | "prefer" | "require"), "`disable`, `prefer` or `require`")
        }
        "target_session_attrs" => (
            matches!(value, "any" | "read-write" | "read-only"),
            "`any`, `read-write` or `read-only`",
        ),
        "hostaddr" => {
            (value.split(',').all(|it| it.parse::<std::net::IpAddr>().is_ok()), "an IP address")
        }
        "collation" => (
            !value.is_empty() && value.chars().all(|it| it.is_ascii_alphanumeric() || it == '_'),
            "the name of a collation",
        ),
        "sql_mode" => (
            unquoted(value).chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | ',')),
            "modes with commas between them",
        ),
        _ => (true, ""),
    };
    if fine { Ok(()) } else { Err(TargetError::BadParameter { name: name.to_owned(), expected }) }
}

/// A value without the quotes that Go's driver wants around it.
pub(crate) fn unquoted(value: &str) -> &str {
    value.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(value)
}

/// A yes or no as URLs have it.
pub(crate) fn flag(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "on" | "true" | "yes" => Some(true),
        "0" | "off" | "false" | "no" => Some(false),
        _ => None,
    }
}

/// A number of seconds: `10`, `10s` or, as Go's drivers have it, `500ms`, `1m`.
pub(crate) fn seconds(value: &str) -> Option<std::time::Duration> {
    let digits = value.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let number: u64 = digits.parse().ok()?;
    Some(match &value[digits.len()..] {
        "" | "s" => std::time::Duration::from_secs(number),
        "ms" => std::time::Duration::from_millis(number),
        "m" => std::time::Duration::from_secs(number.checked_mul(60)?),
        _ => return None,
    })
}

/// The scheme and what follows its colon. A single letter is a drive.
fn scheme_of(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let word = scheme.len() > 1
        && scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-._".contains(it));
    // `user:password@tcp(host)/db` has a colon too: only a known word or `//` makes a scheme.
    (word && (rest.starts_with("//") || Family::named(scheme) == Some(Family::Sqlite)))
        .then_some((scheme, rest))
}

fn without_slashes(rest: &str) -> &str {
    rest.strip_prefix("//").unwrap_or(rest)
}

fn is_file(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or(text);
    path == ":memory:" || [".db", ".sqlite", ".sqlite3"].iter().any(|it| path.ends_with(it))
}

fn sqlite_path(rest: &str) -> Result<Target, TargetError> {
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let path = without_slashes(path);
    let path = path.strip_prefix("localhost/").map_or(path.to_owned(), |it| format!("/{it}"));
    let mut target = Target::empty(Family::Sqlite);
    // A file may well have a `%` of its own in its name.
    let path = decoded(&path, "file").unwrap_or(path);
    target.database = Some(match path.strip_prefix('/') {
        Some(drive) if drive.get(1..2) == Some(":") => drive.to_owned(),
        _ => path,
    });
    query_of(&mut target, query)?;
    if target.parameter("mode") == Some("memory") {
        target.database = Some(":memory:".to_owned());
    }
    Ok(target)
}

/// `//user:password@host:port/database?parameters`
fn authority_url(family: Family, rest: &str) -> Result<Target, TargetError> {
    let rest = without_slashes(rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    // Whatever stands unencoded in a password ends the authority too early or adds an `@`: the
    // URL is then refused as a whole, since each guess would show a piece of the password.
    if after.contains(['@', '#']) || authority.matches('@').count() > 1 {
        return Err(TargetError::Unencoded);
    }
    let (credentials, hosts) = match authority.split_once('@') {
        Some((credentials, hosts)) => (Some(credentials), hosts),
        None => (None, authority),
    };
    let mut target = Target::empty(family);
    if let Some(credentials) = credentials {
        let (user, password) = match credentials.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (credentials, None),
        };
        target.user = Some(decoded(user, "user")?).filter(|it| !it.is_empty());
        target.password = password.map(|it| decoded(it, "password")).transpose()?.map(Secret::new);
    }
    for host in hosts.split(',').filter(|it| !it.is_empty()) {
        target.hosts.push(host_and_port(host)?);
    }
    let (path, query) = match after.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (after, None),
    };
    let database = decoded(path.strip_prefix('/').unwrap_or(path), "database")?;
    target.database = Some(database).filter(|it| !it.is_empty());
    query_of(&mut target, query)?;
    Ok(target)
}

fn query_of(target: &mut Target, query: Option<&str>) -> Result<(), TargetError> {
    let pairs = query.unwrap_or("").split('&').filter(|it| !it.is_empty());
    for pair in pairs {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        target.set_key(&decoded(name, "parameters")?, &decoded(value, "parameters")?)?;
    }
    Ok(())
}

/// `host`, `host:port`, `[::1]:port`, `%2Fvar%2Frun`
fn host_and_port(text: &str) -> Result<Host, TargetError> {
    let (name, rest) = match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']').ok_or(TargetError::Unencoded)?,
        None => text.find(':').map_or((text, ""), |colon| text.split_at(colon)),
    };
    let port = match rest.strip_prefix(':') {
        Some(digits) => port(digits)?,
        None if rest.is_empty() => None,
        None => return Err(TargetError::Unencoded),
    };
    Ok(Host { name: decoded(name, "host")?, port })
}

fn port(digits: &str) -> Result<Option<u16>, TargetError> {
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(0) | Err(_) => Err(TargetError::BadPort),
        Ok(port) => Ok(Some(port)),
    }
}

/// `user:password@tcp(host:port)/database?parameters`, as Go's MySQL driver has it.
fn is_go_dsn(text: &str) -> bool {
    ["tcp(", "unix("].iter().any(|it| text.starts_with(it) || text.contains(&format!("@{it}")))
        && text.contains(")/")
}

fn go_dsn(text: &str) -> Result<Target, TargetError> {
    let mut target = Target::empty(Family::Mysql);
    // In this form user and password stand as they are, and the last `@` before the address ends
    // them ("DSN (Data Source Name)" in the driver's manual).
    let (before, after) = text.rsplit_once(")/").ok_or(TargetError::Unrecognised)?;
    let address = match (before.rfind("@tcp("), before.rfind("@unix(")) {
        (None, None) => before,
        (tcp, unix) => {
            let at = tcp.max(unix).unwrap_or(0);
            let (user, password) = match before[..at].split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (&before[..at], None),
            };
            target.user = Some(user.to_owned()).filter(|it| !it.is_empty());
            target.password = password.map(Secret::new);
            &before[at + 1..]
        }
    };
    if let Some(socket) = address.strip_prefix("unix(") {
        target.set_parameter("socket", socket)?;
    } else if let Some(host) = address.strip_prefix("tcp(")
        && !host.is_empty()
    {
        target.hosts.push(host_and_port(host)?);
    }
    let (database, query) = match after.split_once('?') {
        Some((database, query)) => (database, Some(query)),
        None => (after, None),
    };
    target.database = Some(decoded(database, "database")?).filter(|it| !it.is_empty());
    query_of(&mut target, query)?;
    Ok(target)
}

/// `host=… user=… password='…'`, as libpq has it ("Keyword/Value Connection Strings").
fn is_key_values(text: &str) -> bool {
    text.split_once('=').is_some_and(|(key, _)| {
        let key = key.trim_end();
        !key.is_empty() && key.chars().all(|it| it.is_ascii_lowercase() || it == '_')
    })
}

fn key_values(text: &str) -> Result<Target, TargetError> {
    let mut target = Target::empty(Family::Postgres);
    let mut after_password = false;
    let mut port = None;
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let stranger = |name: &str| TargetError::UnknownParameter {
            name: (!after_password).then(|| name.to_owned()),
            family: Family::Postgres,
            meant: None,
        };
        let (key, value) = rest.split_once('=').ok_or_else(|| stranger(rest.trim()))?;
        let key = key.trim();
        let known = matches!(key, "host" | "port" | "user" | "password" | "dbname")
            || Family::Postgres.parameters().contains(&key);
        if !known && (after_password || key.contains(char::is_whitespace)) {
            return Err(stranger(key));
        }
        let (value, left) = key_value(value.trim_start()).ok_or(TargetError::Unrecognised)?;
        if key == "port" {
            port = Some(value);
        } else {
            target.set_key(key, &value)?;
        }
        after_password |= key == "password";
        rest = left.trim_start();
    }
    // The port may stand before the host.
    if let Some(port) = port {
        target.set_ports(&port)?;
    }
    Ok(target)
}

/// One value, in quotes or up to the next space, and what is left behind it.
fn key_value(text: &str) -> Option<(String, &str)> {
    let (quoted, body) = match text.strip_prefix('\'') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let mut value = String::new();
    let mut letters = body.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.push(letters.next()?.1),
            '\'' if quoted => return Some((value, &body[at + 1..])),
            _ if !quoted && letter.is_whitespace() => return Some((value, &body[at..])),
            _ => value.push(letter),
        }
    }
    (!quoted).then_some((value, ""))
}

/// `text` with `%40` and its like made characters again.
fn decoded(text: &str, part: &'static str) -> Result<String, TargetError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |it: Option<u8>| it.and_then(|it| char::from(it).to_digit(16));
            let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
                return Err(TargetError::BadEncoding { part });
            };
            bytes.extend(u8::try_from(high * 16 + low));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| TargetError::BadEncoding { part })
}

/// `text` with everything encoded that might mean something else in a URL.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

impl Target {
    /// The URL with the password in it, for handing to another program.
    pub fn reveal(&self) -> Secret {
        let password = self.password.as_ref().map_or("", Secret::reveal);
        Secret(self.url(&encoded(password)))
    }

    fn url(&self, password: &str) -> String {
        let database = self.database.as_deref().unwrap_or("");
        let mut out = String::new();
        if self.family == Family::Sqlite {
            out.push_str("sqlite:");
            out.push_str(&database.replace('%', "%25").replace('?', "%3F"));
        } else {
            out.push_str(self.family.scheme());
            out.push_str("://");
            out.push_str(&encoded(self.user.as_deref().unwrap_or("")));
            if self.password.is_some() {
                out.push(':');
                out.push_str(password);
            }
            if self.user.is_some() || self.password.is_some() {
                out.push('@');
            }
            out.push_str(&self.addresses());
            if !database.is_empty() {
                out.push('/');
                out.push_str(&encoded(database));
            }
        }
        for (at, (name, value)) in self.parameters.iter().enumerate() {
            out.push(if at == 0 { '?' } else { '&' });
            out.push_str(name);
            out.push('=');
            out.push_str(&encoded(value));
        }
        out
    }

    /// `host:port`, with commas between several.
    pub(crate) fn addresses(&self) -> String {
        let address = |host: &Host| {
            let name = if host.name.contains(':') {
                format!("[{}]", host.name)
            } else {
                encoded(&host.name)
            };
            match host.port {
                Some(port) => format!("{name}:{port}"),
                None => name,
            }
        };
        self.hosts.iter().map(address).collect::<Vec<_>>().join(",")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url("***"))
    }
}
