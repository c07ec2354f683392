//! The values of parameters, and which of them fit.

use super::TargetError;

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
    pub(super) fn parse(word: &str) -> Option<Self> {
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

    pub(super) const fn word(self) -> &'static str {
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

pub(super) fn check_parameter(name: &str, value: &str) -> Result<(), TargetError> {
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
