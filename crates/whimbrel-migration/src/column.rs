//! Columns: their types, their defaults, and how they change.

use std::fmt;

use crate::{
    CommentChange, Identity, IdentityChange, Options, OptionsChange, PerDatabase, Reference,
};

/// The type of a column, in whimbrel's own words; each dialect has its spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ColumnType {
    /// Text of at most `length` characters.
    Varchar {
        /// The greatest number of characters.
        length: u32,
    },
    /// Text of any length, or of at most `length` characters where the database counts them.
    Text {
        /// A greatest length, for databases that keep short texts apart.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        length: Option<u32>,
    },
    /// 16 bits, signed.
    Smallint,
    /// 32 bits, signed.
    Integer,
    /// 64 bits, signed.
    Bigint,
    /// 32 bits, numbered by the database.
    Serial,
    /// 64 bits, numbered by the database.
    Bigserial,
    /// Floating point of single precision.
    Float,
    /// Floating point of double precision.
    Double,
    /// An exact number of `precision` digits, `scale` of them behind the point.
    Decimal {
        /// All digits.
        precision: u32,
        /// Digits behind the point.
        scale: u32,
    },
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time, without a time zone.
    Timestamp,
    /// A moment: a day and a time with its time zone, where the database has such a type.
    Timestamptz,
    /// A universally unique identifier.
    Uuid,
    /// JSON as text, where the database tells the two apart.
    Json,
    /// JSON in the database's binary form.
    Jsonb,
    /// Bytes of any length.
    Bytes,
    /// A list of values, where the database has such a type.
    Array {
        /// The type of one value.
        of: Box<ColumnType>,
    },
    /// The type of the primary key of a table, resolved at that point of the graph.
    KeyOf {
        /// The table whose key it is.
        table: Box<crate::Name>,
    },
    /// One of the values of an enum.
    Enum {
        /// The enum.
        name: Box<crate::Name>,
        /// Its values in their order, as the schema has them; empty where a migration names it.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        values: Vec<String>,
    },
    /// A type that whimbrel has no word for, as one database spells it: `citext`, `geometry`.
    Other {
        /// The type as it stands in a definition; it is SQL and is written as it is.
        spelled: String,
    },
    /// A type that some databases are to keep as another one of theirs.
    Spelled {
        /// The type everywhere else, and what its values are.
        of: Box<ColumnType>,
        /// What it is on the databases that are named.
        spelled: Box<PerDatabase>,
    },
}

impl ColumnType {
    /// The type in whimbrel's own words, without what databases are to keep it as.
    pub fn unspelled(&self) -> &Self {
        match self {
            Self::Spelled { of, .. } => of.unspelled(),
            other => other,
        }
    }

    /// Whether the database numbers such a column by itself.
    pub fn is_numbered(&self) -> bool {
        matches!(self.unspelled(), Self::Serial | Self::Bigserial)
    }

    /// The type of a list of such values.
    pub(crate) fn listed(self) -> Self {
        match self {
            Self::Spelled { of, spelled } => {
                let list = |it: String| format!("{it}[]");
                let texts = spelled.texts.into_iter().map(|(on, it)| (on, list(it))).collect();
                let spelled = PerDatabase { texts, otherwise: spelled.otherwise.map(list) };
                Self::Spelled { of: Box::new(of.listed()), spelled: Box::new(spelled) }
            }
            other => Self::Array { of: Box::new(other) },
        }
    }

    /// The type of the values, whoever numbers them: what a column has that points here.
    pub fn unnumbered(&self) -> Self {
        match self {
            Self::Serial => Self::Integer,
            Self::Bigserial => Self::Bigint,
            Self::Spelled { of, spelled } if of.is_numbered() => Self::Spelled {
                of: Box::new(of.unnumbered()),
                spelled: Box::new(PerDatabase {
                    texts: spelled.texts.iter().map(|(on, it)| (*on, plain_number(it))).collect(),
                    otherwise: spelled.otherwise.as_deref().map(plain_number),
                }),
            },
            other => other.clone(),
        }
    }
}

impl fmt::Display for ColumnType {
    /// In the words of a schema file, the numbers behind: `varchar(200)`, `integer[]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Varchar { length } => return write!(f, "varchar({length})"),
            Self::Text { length: Some(length) } => return write!(f, "text({length})"),
            Self::Decimal { precision, scale } => return write!(f, "decimal({precision},{scale})"),
            Self::Array { of } => return write!(f, "{of}[]"),
            Self::KeyOf { table } => return write!(f, "the key of `{table}`"),
            Self::Enum { name, .. } => return write!(f, "enum {name}"),
            Self::Other { spelled } => spelled,
            Self::Spelled { of, .. } => return of.fmt(f),
            Self::Text { length: None } => "text",
            Self::Smallint => "smallint",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Serial => "serial",
            Self::Bigserial => "bigserial",
            Self::Float => "float",
            Self::Double => "double",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::Timestamptz => "timestamptz",
            Self::Uuid => "uuid",
            Self::Json => "json",
            Self::Jsonb => "jsonb",
            Self::Bytes => "bytes",
        };
        f.write_str(word)
    }
}

/// What a database's spelling of a numbered type leaves when nobody counts: `BIGSERIAL` is a
/// `BIGINT`, and `INT UNSIGNED AUTO_INCREMENT` an `INT UNSIGNED`.
fn plain_number(spelled: &str) -> String {
    const COUNTS: [&str; 4] = ["AUTO_INCREMENT", "AUTOINCREMENT", "GENERATED", "IDENTITY"];
    let counts = |word: &str| {
        let upper = word.to_ascii_uppercase();
        COUNTS.iter().any(|it| upper.starts_with(it))
    };
    let words: Vec<&str> = spelled.split_whitespace().take_while(|it| !counts(it)).collect();
    match words.join(" ") {
        it if it.eq_ignore_ascii_case("serial") || it.eq_ignore_ascii_case("serial4") => {
            "INTEGER".to_owned()
        }
        it if it.eq_ignore_ascii_case("bigserial") || it.eq_ignore_ascii_case("serial8") => {
            "BIGINT".to_owned()
        }
        it if it.eq_ignore_ascii_case("smallserial") || it.eq_ignore_ascii_case("serial2") => {
            "SMALLINT".to_owned()
        }
        it => it,
    }
}

/// The value that a row gets when it names none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum DefaultValue {
    /// A text, or a number written as one (`"0.10"`).
    Text(String),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// An expression, written as each database wants it.
    Sql(PerDatabase),
    /// A default that the schema defines by name.
    Named(String),
    /// The moment the row is written.
    Now,
    /// A new random UUID.
    NewUuid,
}

/// A column without its name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "a column does nothing until a table gets it"]
pub struct Column {
    /// What it holds.
    pub data_type: ColumnType,
    /// Whether a row may leave it empty.
    pub nullable: bool,
    /// What a row gets that names no value.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub default: Option<DefaultValue>,
    /// The key it points at; a table moves it to its foreign keys.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub references: Option<Box<Reference>>,
    /// Whether it is the primary key; a table moves it to its own key.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub primary_key: bool,
    /// Whether it gets the moment whenever a row is changed.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub auto_update: bool,
    /// What the database computes its values from, where it does.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub generated: Option<Box<Generated>>,
    /// The collation that its texts are compared and ordered by, where it is not the usual one.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub collation: Option<PerDatabase>,
    /// What is told of it in the database, for people.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub comment: Option<String>,
    /// How the database numbers it, where it does and its type doesn't say so.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub identity: Option<Identity>,
    /// What single databases are told of it.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Options::is_empty"))]
    pub options: Options,
}

/// How the database computes the values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Generated {
    /// The expression, from other columns of the row.
    #[cfg_attr(feature = "serde", serde(rename = "as"))]
    pub expression: PerDatabase,
    /// Whether the values are kept with the row; otherwise they are computed when they are read.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub stored: bool,
}

impl From<ColumnType> for Column {
    fn from(data_type: ColumnType) -> Self {
        Self {
            data_type,
            nullable: true,
            default: None,
            references: None,
            primary_key: false,
            auto_update: false,
            generated: None,
            collation: None,
            comment: None,
            identity: None,
            options: Options::default(),
        }
    }
}

impl Column {
    /// Whether the database numbers it: by its type, or as an identity.
    pub fn is_numbered(&self) -> bool {
        self.identity.is_some() || self.data_type.is_numbered()
    }

    /// Makes the change; what it doesn't name stays as it is. A column that is numbered from now on
    /// is never null.
    pub fn take(&mut self, change: &ColumnChange) {
        if let Some(data_type) = &change.data_type {
            self.data_type = data_type.clone();
        }
        self.nullable &= !matches!(change.identity, Some(IdentityChange::Set(_)));
        if let Some(nullable) = change.nullable {
            self.nullable = nullable;
        }
        match &change.default {
            Some(DefaultChange::Set(value)) => self.default = Some(value.clone()),
            Some(DefaultChange::Drop) => self.default = None,
            None => {}
        }
        if let Some(auto_update) = change.auto_update {
            self.auto_update = auto_update;
        }
        match &change.generated {
            Some(GeneratedChange::Set(generated)) => self.generated = Some(generated.clone()),
            Some(GeneratedChange::Drop) => self.generated = None,
            None => {}
        }
        match &change.collation {
            Some(CollationChange::Set(collation)) => self.collation = Some(collation.clone()),
            Some(CollationChange::Drop) => self.collation = None,
            None => {}
        }
        if let Some(comment) = &change.comment {
            self.comment = comment.text().cloned();
        }
        match change.identity {
            Some(IdentityChange::Set(identity)) => self.identity = Some(identity),
            Some(IdentityChange::Drop) => self.identity = None,
            None => {}
        }
        self.options.take(&change.options);
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NamedColumn {
    /// Its name.
    pub name: String,
    /// Everything else.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub column: Column,
}

/// What is to change about a column; what isn't named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use = "a change does nothing until `alter_column` gets it"]
pub struct ColumnChange {
    /// A new type.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub data_type: Option<ColumnType>,
    /// How old values become new ones, where the database can't tell by itself.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub using: Option<PerDatabase>,
    /// Whether a row may leave the column empty.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub nullable: Option<bool>,
    /// A new default, or none any more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub default: Option<DefaultChange>,
    /// Whether it gets the moment whenever a row is changed.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub auto_update: Option<bool>,
    /// What its values are computed from, or that nothing computes them any more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub generated: Option<GeneratedChange>,
    /// Another collation, or the usual one from now on.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub collation: Option<CollationChange>,
    /// Another comment, or none any more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub comment: Option<CommentChange>,
    /// How the database numbers it, or that nothing numbers it any more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub identity: Option<IdentityChange>,
    /// What single databases are told from then on, or no more.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "OptionsChange::is_empty"))]
    pub options: OptionsChange,
}

/// What becomes of how a column is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum GeneratedChange {
    /// The column is computed like this.
    Set(Box<Generated>),
    /// The column isn't computed any more, and keeps its values.
    Drop,
}

/// What becomes of a collation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum CollationChange {
    /// It is this one.
    Set(PerDatabase),
    /// It is the usual one again.
    Drop,
}

impl CollationChange {
    /// The change that leads to this collation.
    pub fn to(collation: Option<&PerDatabase>) -> Self {
        collation.map_or(Self::Drop, |it| Self::Set(it.clone()))
    }
}

/// What becomes of a default.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum DefaultChange {
    /// The column gets this default.
    Set(DefaultValue),
    /// The column has no default any more.
    Drop,
}
