//! Indexes and unique constraints.

use crate::{
    Deferral, Direction, Index, IndexColumn, IndexColumns, Names, Nulls, PerDatabase, Unique,
};

functions! {
    /// A new index, as yet over nothing.
    fn index(name: (String)) -> Index {
        Index { name, ..Index::default() }
    }
    /// A new unique constraint, as yet over nothing.
    fn unique(name: (String)) -> Unique { Unique::new(name, vec![]) }
    /// A column of an index, the least value first.
    fn asc(name: (String)) -> IndexColumn { IndexColumn::new(name) }
    /// A column of an index, the greatest value first.
    fn desc(name: (String)) -> IndexColumn { IndexColumn::new(name).descending() }
    /// An expression in an index, in a column's place: `expr("lower(email)")`.
    fn expr(expression: (PerDatabase)) -> IndexColumn {
        IndexColumn { expression: Some(expression), ..IndexColumn::default() }
    }
}

methods! {
    of Index {
        /// What it orders by, first things first.
        fn on(self, columns: (IndexColumns)) -> Index { self.columns = columns.0; self }
        /// No two rows may be equal in all its columns.
        fn unique(self) -> Index { self.unique = true; self }
        /// The access method: `gin`, `hash`, ….
        fn method(self, method: (String)) -> Index { self.method = Some(method); self }
        /// The rows it holds, as a condition in SQL.
        fn filter(self, condition: (String)) -> Index { self.filter = Some(condition); self }
        /// The columns whose values it carries along without ordering by them.
        fn include(self, columns: (Names)) -> Index { self.include = columns.0; self }
        /// Rows without a value count as equal where it is unique.
        fn nulls_not_distinct(self) -> Index { self.nulls_not_distinct = true; self }
    }

    of Unique {
        /// The columns of which no two rows may have the same values.
        fn on(self, columns: (Names)) -> Unique { self.columns = columns.0; self }
        /// Rows without a value count as equal.
        fn nulls_not_distinct(self) -> Unique { self.nulls_not_distinct = true; self }
        /// The columns whose values its index carries along.
        fn include(self, columns: (Names)) -> Unique { self.include = columns.0; self }
        /// A transaction may put off looking at it to its end: `SET CONSTRAINTS`.
        fn deferrable(self) -> Unique { self.deferral = Deferral::Allowed; self }
        /// It is looked at when the transaction ends, unless that wants it sooner.
        fn initially_deferred(self) -> Unique { self.deferral = Deferral::Deferred; self }
    }

    of IndexColumn {
        /// The greatest value comes first.
        fn descending(self) -> IndexColumn { self.direction = Direction::Descending; self }
        /// Rows without a value come before all others.
        fn nulls_first(self) -> IndexColumn { self.nulls = Some(Nulls::First); self }
        /// Rows without a value come behind all others.
        fn nulls_last(self) -> IndexColumn { self.nulls = Some(Nulls::Last); self }
        /// Only so many characters of each value count; of bytes, so many bytes.
        fn prefix(self, length: u32) -> IndexColumn { self.prefix = Some(length); self }
        /// The collation that texts are ordered by: `"C"`, or `on(Sqlite, "nocase")`.
        fn collation(self, collation: (PerDatabase)) -> IndexColumn {
            self.collation = Some(collation);
            self
        }
        /// The operator class, such as `text_pattern_ops`.
        fn operator_class(self, class: (PerDatabase)) -> IndexColumn {
            self.operator_class = Some(class);
            self
        }
    }
}
