//! Between which types values can be carried over without somebody saying how.

use crate::schema::ColumnType;

/// What values of a type are, as far as one kind can become another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Boolean,
    Date,
    Time,
    Moment,
    Uuid,
    Json,
    Bytes,
    List,
    Choice,
    /// Only the database knows.
    Own,
}

/// Whether values of the one type mean something as values of the other. Where they don't, some
/// databases refuse and others make something of them that nobody has meant: MySQL takes a day for
/// the number 20240102, and a time for one of today.
///
/// It is so in both directions, so that what can be done can be taken back.
pub(super) fn has_meaning(from: &ColumnType, to: &ColumnType) -> bool {
    if let (ColumnType::Array { of: from }, ColumnType::Array { of: to }) = (from, to) {
        return has_meaning(from, to);
    }
    let (from, to) = (family(from), family(to));
    from == to
        || [from, to].iter().any(|it| matches!(it, Family::Own | Family::Text))
        || matches!(
            (from, to),
            (Family::Number, Family::Boolean)
                | (Family::Boolean, Family::Number)
                | (Family::Date, Family::Moment)
                | (Family::Moment, Family::Date)
        )
}

fn family(data_type: &ColumnType) -> Family {
    use ColumnType as T;
    match data_type {
        T::Varchar { .. } | T::Text { .. } => Family::Text,
        T::Smallint
        | T::Integer
        | T::Bigint
        | T::Serial
        | T::Bigserial
        | T::Float
        | T::Double
        | T::Decimal { .. } => Family::Number,
        T::Boolean => Family::Boolean,
        T::Date => Family::Date,
        T::Time => Family::Time,
        T::Timestamp | T::Timestamptz => Family::Moment,
        T::Uuid => Family::Uuid,
        T::Json | T::Jsonb => Family::Json,
        T::Bytes => Family::Bytes,
        T::Array { .. } => Family::List,
        T::Enum { .. } => Family::Choice,
        _ => Family::Own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel_migration::{array, bigint, boolean, date, integer, other_type, text, time, uuid};

    #[test]
    fn a_conversion_has_a_meaning_both_ways_or_not_at_all() {
        let types = [
            bigint(),
            text(),
            boolean(),
            date(),
            time(),
            uuid(),
            array(integer()),
            array(date()),
            other_type("citext"),
        ];
        for one in &types {
            for other in &types {
                assert_eq!(has_meaning(one, other), has_meaning(other, one), "{one} {other}");
            }
        }
        assert!(has_meaning(&date(), &text()) && has_meaning(&array(bigint()), &array(text())));
        assert!(!has_meaning(&date(), &bigint()) && !has_meaning(&time(), &date()));
        assert!(!has_meaning(&array(date()), &array(integer())));
    }
}
