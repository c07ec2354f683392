//! The kinds of databases: what each is called, and which parameters it takes.

use whimbrel::diagnostic::did_you_mean;

use super::TargetError;

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

    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Sqlite => "sqlite",
        }
    }

    /// The parameters a URL may have, in alphabetical order.
    pub(super) fn parameters(self) -> &'static [&'static str] {
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
    pub(super) fn parameter_alias(self, name: &str) -> Option<&'static str> {
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
    pub(super) fn means_nothing(self, name: &str) -> bool {
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

pub(super) fn family_of(name: &str) -> Result<Family, TargetError> {
    Family::named(name).ok_or_else(|| TargetError::UnknownType {
        name: name.to_owned(),
        meant: did_you_mean(name, NAMES.iter().map(|(name, _)| *name)),
    })
}
