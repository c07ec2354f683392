//! Rows that are written.

use crate::{
    Backfill, Cell, Cells, Name, Names, PerDatabase, Rows, Undo, Upsert, rows::USUAL_BATCH,
};

functions! {
    /// The rows of a table, which are to be written.
    fn rows(table: (Name)) -> Rows { Rows { table } }
}

methods! {
    of Rows {
        /// The columns by which a row is known: those of the primary key, of a unique constraint or of a unique index.
        fn key(self, columns: (Names)) -> Upsert {
            let key = columns.0;
            Upsert { table: self.table, columns: key.clone(), key, rows: vec![] }
        }
        /// What a column gets, in batches of rows: a value, or `sql(…)` over the row's columns.
        fn set(self, column: (String), value: (Cell)) -> Backfill {
            let set = vec![(column, value)];
            let (filter, batch, undo) = (None, USUAL_BATCH, Undo::Nothing);
            Backfill { table: self.table, set, filter, batch, undo }
        }
    }

    of Backfill {
        /// What a further column gets.
        fn set(self, column: (String), value: (Cell)) -> Backfill {
            self.set.push((column, value));
            self
        }
        /// Which rows get it, as a condition in SQL.
        fn filter(self, condition: (PerDatabase)) -> Backfill {
            self.filter = Some(condition);
            self
        }
        /// How many rows a transaction changes at the most; 1000 where nothing is said.
        fn batch(self, rows: u32) -> Backfill { self.batch = rows; self }
        /// How it is taken back; without it there is nothing to take back.
        fn undo(self, undo: (PerDatabase)) -> Backfill { self.undo = Undo::Sql(undo); self }
        /// There is nothing to take back; so it is unless something else is said.
        fn undo_nothing(self) -> Backfill { self.undo = Undo::Nothing; self }
    }

    of Upsert {
        /// The columns that are written, the key's among them; the key's alone where nothing is
        /// said.
        fn columns(self, columns: (Names)) -> Upsert { self.columns = columns.0; self }
        /// A row: a value for each column, as a tuple of up to 24 or as a list of `value(…)`.
        fn row(self, values: (Cells)) -> Upsert { self.rows.push(values.0); self }
    }
}
