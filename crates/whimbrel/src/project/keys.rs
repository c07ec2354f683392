//! The keys of a configuration: one row each, from which files, variables, messages and the
//! reference page follow.

use std::time::Duration;

/// A key of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name in `whimbrel.toml`, at the top or in a table `[env.NAME]`.
    pub name: &'static str,
    /// What it says, for the reference page.
    pub says: &'static str,
    /// What holds where nobody says anything.
    pub default: Option<&'static str>,
    /// A variable beside `WHIMBREL_…` that says the same.
    pub also: Option<&'static str>,
    /// A variable that says the same to the program of a package.
    pub in_program: Option<&'static str>,
    /// Which values are good.
    pub takes: Takes,
    /// How much of its value may be shown.
    pub shown: Shown,
}

/// Which values are good for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any text.
    Text,
    /// `true` or `false`.
    YesNo,
    /// A number from 1 to 65535.
    Port,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A stretch of time: `250ms`, `5s`, `10m`, `2h`.
    Duration,
    /// The name of a database, as `Dialect::named` knows it.
    Dialect,
}

/// How much of a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Whole,
    /// All but the password in it.
    WithoutPassword,
    /// Nothing of it.
    Never,
}

const fn key(name: &'static str, says: &'static str) -> Key {
    Key {
        name,
        says,
        default: None,
        also: None,
        in_program: None,
        takes: Takes::Text,
        shown: Shown::Whole,
    }
}

/// The keys that only a connection needs.
pub(super) const CONNECTING: &[&str] = &[
    "url",
    "direct_url",
    "host",
    "port",
    "user",
    "password",
    "password_file",
    "password_command",
    "database",
    "sslmode",
];

/// Every key, in the order in which `config` lists them.
pub const KEYS: &[Key] = &[
    Key {
        default: Some("schema/schema.yaml"),
        ..key("schema", "the file that says what the database should be")
    },
    Key { default: Some("migrations"), ..key("migrations", "the folder with the migration files") },
    Key {
        default: Some("rust"),
        takes: Takes::OneOf(&["rust", "sql"]),
        ..key("format", "what `new` and `generate` write: `rust` or `sql`")
    },
    Key {
        default: Some("count"),
        takes: Takes::OneOf(&["count", "timestamp"]),
        ..key("numbering", "how new migrations are numbered: `0003`, or by the time (UTC)")
    },
    Key {
        also: Some("DB_TYPE"),
        takes: Takes::Dialect,
        ..key("dialect", "the database, where no URL says it")
    },
    Key {
        also: Some("DATABASE_URL"),
        shown: Shown::WithoutPassword,
        ..key("url", "where the database is")
    },
    Key {
        shown: Shown::WithoutPassword,
        ..key(
            "direct_url",
            "where the same database is without a pooler; commands that write use it",
        )
    },
    Key { in_program: Some("DB_HOST"), ..key("host", "the server, instead of a URL") },
    Key { in_program: Some("DB_PORT"), takes: Takes::Port, ..key("port", "the server's port") },
    Key { in_program: Some("DB_USER"), ..key("user", "the role to log in with") },
    Key {
        in_program: Some("DB_PASSWORD"),
        shown: Shown::Never,
        ..key("password", "its password, as it is: nothing is escaped")
    },
    key("password_file", "a file whose first line is the password"),
    Key {
        shown: Shown::Never,
        ..key("password_command", "a command that prints the password; it runs only to connect")
    },
    Key { in_program: Some("DB_NAME"), ..key("database", "the database on that server") },
    Key {
        in_program: Some("DB_SSLMODE"),
        takes: Takes::OneOf(&["disable", "prefer", "require", "verify-ca", "verify-full"]),
        ..key("sslmode", "how much TLS is asked for")
    },
    Key {
        default: Some("auto"),
        takes: Takes::OneOf(&["auto", "lease"]),
        ..key("lock", "`lease` where a session's lock keeps nobody out and that doesn't show")
    },
    Key {
        default: Some("false"),
        takes: Takes::YesNo,
        ..key("protected", "whether what destroys or marks needs `--confirm DATABASE`")
    },
    Key {
        default: Some("deny"),
        takes: Takes::OneOf(&["allow", "deny"]),
        ..key(
            "late",
            "whether a migration is applied behind younger ones that it may not change places with",
        )
    },
    Key {
        default: Some("warn"),
        takes: Takes::OneOf(&["warn", "deny"]),
        ..key("newer", "whether `up` runs where a migration is applied that isn't in this checkout")
    },
    Key {
        default: Some("5s"),
        takes: Takes::Duration,
        ..key(
            "ddl_lock_timeout",
            "how long a change of the schema queues for other programs' locks; `0s`: for ever",
        )
    },
    Key {
        default: Some("5m"),
        takes: Takes::Duration,
        ..key("ddl_lock_wait", "how long it is tried again when that was not long enough")
    },
];

impl Key {
    /// The key called `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|it| it.name == name)
    }

    /// The variables that set it, the stronger first, as the program of a package reads them or
    /// whimbrel itself.
    pub fn variables(&self, in_program: bool) -> impl Iterator<Item = String> {
        let own = format!("WHIMBREL_{}", self.name.to_ascii_uppercase());
        let more = self.in_program.filter(|_| in_program);
        std::iter::once(own).chain(self.also.into_iter().chain(more).map(str::to_owned))
    }

    /// Why `value` is not good for this key, as what was expected; `None` if it is.
    pub fn refuses(&self, value: &str) -> Option<String> {
        match self.takes {
            Takes::Text => value.is_empty().then(|| "a text that isn't empty".to_owned()),
            Takes::YesNo => {
                (!matches!(value, "true" | "false")).then(|| "`true` or `false`".to_owned())
            }
            Takes::Port => (!value.parse::<u16>().is_ok_and(|it| it > 0))
                .then(|| "a number from 1 to 65535".to_owned()),
            Takes::Duration => duration(value).err(),
            Takes::OneOf(words) => (!words.contains(&value)).then(|| one_of(words)),
            Takes::Dialect => crate::dialect::Dialect::named(value)
                .is_none()
                .then(|| one_of(&crate::dialect::ALL.iter().map(|it| it.name).collect::<Vec<_>>())),
        }
    }
}

/// Reads `250ms`, `90s`, `10m`, `1h`; what was expected where it is something else.
pub fn duration(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let unit = match &text[number.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("a number and `ms`, `s`, `m` or `h`, such as `10m`".to_owned()),
    };
    let number: u64 = number
        .trim()
        .parse()
        .map_err(|_| "a whole number before its unit, such as `10m`".to_owned())?;
    Ok(Duration::from_millis(number.saturating_mul(unit)))
}

fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    format!("one of {}", words.join(", "))
}
