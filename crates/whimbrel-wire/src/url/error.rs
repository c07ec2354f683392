//! Why a text names no database, and what to do about it.

use super::Family;

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
