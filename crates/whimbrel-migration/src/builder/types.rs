//! The types of columns.

use crate::{ColumnType, Name, PerDatabase};

functions! {
    /// Text of at most `length` characters.
    fn varchar(length: u32) -> ColumnType { ColumnType::Varchar { length } }
    /// Text of any length.
    fn text() -> ColumnType { ColumnType::Text { length: None } }
    /// Text of at most `length` characters, kept as short text where the database tells the two apart.
    fn bounded_text(length: u32) -> ColumnType { ColumnType::Text { length: Some(length) } }
    /// A whole number of 16 bits.
    fn smallint() -> ColumnType { ColumnType::Smallint }
    /// A whole number of 32 bits.
    fn integer() -> ColumnType { ColumnType::Integer }
    /// A whole number of 64 bits.
    fn bigint() -> ColumnType { ColumnType::Bigint }
    /// A whole number of 32 bits that the database counts up by itself.
    fn serial() -> ColumnType { ColumnType::Serial }
    /// A whole number of 64 bits that the database counts up by itself.
    fn bigserial() -> ColumnType { ColumnType::Bigserial }
    /// A floating point number of single precision.
    fn float() -> ColumnType { ColumnType::Float }
    /// A floating point number of double precision.
    fn double() -> ColumnType { ColumnType::Double }
    /// An exact number of `precision` digits, `scale` of them behind the point.
    fn decimal(precision: u32, scale: u32) -> ColumnType { ColumnType::Decimal { precision, scale } }
    /// True or false.
    fn boolean() -> ColumnType { ColumnType::Boolean }
    /// A day.
    fn date() -> ColumnType { ColumnType::Date }
    /// A time of day.
    fn time() -> ColumnType { ColumnType::Time }
    /// A day and a time, without a time zone.
    fn timestamp() -> ColumnType { ColumnType::Timestamp }
    /// A moment: a day and a time with its time zone, where the database has such a type.
    fn timestamptz() -> ColumnType { ColumnType::Timestamptz }
    /// A universally unique identifier.
    fn uuid() -> ColumnType { ColumnType::Uuid }
    /// JSON as text, where the database tells the two apart.
    fn json() -> ColumnType { ColumnType::Json }
    /// JSON in the database's binary form.
    fn jsonb() -> ColumnType { ColumnType::Jsonb }
    /// Bytes of any length.
    fn bytes() -> ColumnType { ColumnType::Bytes }
    /// A list of values, where the database has such a type.
    fn array(of: ColumnType) -> ColumnType { of.listed() }
    /// The type of the primary key of `table`, as it is at that point of the graph.
    fn key_of(table: (Name)) -> ColumnType { ColumnType::KeyOf { table: Box::new(table) } }
    /// One of the values of an enum: `enumeration("order_status")`.
    fn enumeration(name: (Name)) -> ColumnType { ColumnType::Enum { name: Box::new(name), values: vec![] } }
    /// A type that whimbrel has no word for, as the database spells it: `other_type("citext")`.
    fn other_type(spelled: (String)) -> ColumnType { ColumnType::Other { spelled } }
}

methods! {
    of ColumnType {
        /// The type that databases are to keep it as, in their own words:
        /// `float().spelled(on(Postgres, "DOUBLE PRECISION"))`.
        fn spelled(self, spelled: (PerDatabase)) -> ColumnType {
            let of = match self {
                ColumnType::Spelled { of, .. } => of,
                other => Box::new(other),
            };
            ColumnType::Spelled { of, spelled: Box::new(spelled) }
        }
    }
}
