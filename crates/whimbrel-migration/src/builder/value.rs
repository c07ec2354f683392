//! What stands for a value: in a default, and in a row that is written.

use crate::{Cell, DefaultValue};

functions! {
    /// A default that the schema defines by name.
    fn named(name: (String)) -> DefaultValue { DefaultValue::Named(name) }
    /// The moment the row is written.
    fn now() -> DefaultValue { DefaultValue::Now }
    /// A new random UUID.
    fn new_uuid() -> DefaultValue { DefaultValue::NewUuid }

    /// No value, in a row.
    fn null() -> Cell { Cell::Null }
    /// Bytes in a row, as hexadecimal digits: `hex("00ff")`.
    fn hex(digits: (String)) -> Cell { Cell::Bytes(digits) }
    /// A value in a row that is written as a list, so that all are of one type:
    /// `[value("AU"), value(1), null()]`.
    fn value(of: (Cell)) -> Cell { of }
}
