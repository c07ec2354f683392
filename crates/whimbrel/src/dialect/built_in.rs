//! Defaults that need no definition: each database has an expression for them.

/// A default that every database knows by whimbrel's name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// A new random UUID.
    NewUuid,
    /// The moment the row is written, as far as the column's type holds it.
    Now,
    /// The day the row is written.
    Today,
    /// The time of day the row is written.
    CurrentTime,
    /// True.
    True,
    /// False.
    False,
    /// No value.
    Null,
    /// The number 0.
    Zero,
    /// The empty text.
    Blank,
    /// An empty JSON array.
    Array,
    /// An empty JSON object.
    Object,
}

impl BuiltIn {
    /// Every one, by the name it is used by.
    pub const ALL: [(&'static str, Self); 11] = [
        ("new_uuid", Self::NewUuid),
        ("now", Self::Now),
        ("today", Self::Today),
        ("current_time", Self::CurrentTime),
        ("true", Self::True),
        ("false", Self::False),
        ("null", Self::Null),
        ("zero", Self::Zero),
        ("blank", Self::Blank),
        ("array", Self::Array),
        ("object", Self::Object),
    ];

    /// The one called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(it, _)| *it == name).map(|(_, it)| *it)
    }
}
