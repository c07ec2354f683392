//! Where a database is: reading `postgres://…`, `user@tcp(host)/db`, `host=… user=…` and paths.

mod error;
mod family;
mod forms;
mod parameter;
mod print;
mod secret;

use std::collections::BTreeMap;

use whimbrel::diagnostic::did_you_mean;

pub(crate) use self::parameter::{flag, seconds, unquoted};
pub use self::{error::TargetError, family::Family, parameter::SslMode, secret::Secret};
use self::{
    family::family_of,
    forms::{
        authority_url, go_dsn, is_go_dsn, is_key_values, key_values, port, sqlite_path,
        without_slashes,
    },
    parameter::check_parameter,
};

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

fn is_file(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or(text);
    path == ":memory:" || [".db", ".sqlite", ".sqlite3"].iter().any(|it| path.ends_with(it))
}
