//! SQL of the user's own, and code.

use crate::{Changes, Database, Names, PerDatabase, Run, Script, Sql, Undo, run::UndoRun};

functions! {
    /// SQL that means the same on every database.
    fn sql(text: (String)) -> Sql { Sql(text) }
    /// SQL for one database; further ones follow with `.on(…)`.
    fn on(database: Database, text: (String)) -> PerDatabase {
        PerDatabase { texts: vec![(database, text)], otherwise: None }
    }
}

methods! {
    of Sql {
        /// A query that answers whether the first statement has had its effect, where nobody can
        /// tell otherwise after a crash.
        fn done_when(self, query: (PerDatabase)) -> Script {
            Script { done_when: Some(query), ..Script::of(PerDatabase::all(self.0)) }
        }
        /// How it is taken back.
        fn undo(self, undo: (PerDatabase)) -> Script {
            Script { undo: Undo::Sql(undo), ..Script::of(PerDatabase::all(self.0)) }
        }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Script {
            Script { undo: Undo::Nothing, ..Script::of(PerDatabase::all(self.0)) }
        }
        /// What it changes of the schema, which the migrations follow: `sql("ALTER TABLE …")
        /// .state(changes().add_column("users", "age", integer()))`. Without `undo` it is taken back
        /// by the inverse of these changes; an empty `changes()` says that the schema stays.
        fn state(self, changes: Changes) -> Script {
            Script { state: Some(changes.operations), ..Script::of(PerDatabase::all(self.0)) }
        }
    }

    of Script {
        /// A query that answers whether the first statement has had its effect, where nobody can
        /// tell otherwise after a crash.
        fn done_when(self, query: (PerDatabase)) -> Script {
            self.done_when = Some(query);
            self
        }
        /// How it is taken back.
        fn undo(self, undo: (PerDatabase)) -> Script { self.undo = Undo::Sql(undo); self }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Script { self.undo = Undo::Nothing; self }
        /// What it changes of the schema, which the migrations follow. Without `undo` it is taken
        /// back by the inverse of these changes.
        fn state(self, changes: Changes) -> Script { self.state = Some(changes.operations); self }
    }

    of PerDatabase {
        /// A query that answers whether the first statement has had its effect, where nobody can
        /// tell otherwise after a crash.
        fn done_when(self, query: (PerDatabase)) -> Script {
            Script { done_when: Some(query), ..Script::of(self) }
        }
        /// The text for a further database.
        fn on(self, database: Database, text: (String)) -> PerDatabase {
            self.texts.push((database, text));
            self
        }
        /// The text for every database that isn't named.
        fn otherwise(self, text: (String)) -> PerDatabase { self.otherwise = Some(text); self }
        /// How it is taken back.
        fn undo(self, undo: (PerDatabase)) -> Script {
            Script { undo: Undo::Sql(undo), ..Script::of(self) }
        }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Script { Script { undo: Undo::Nothing, ..Script::of(self) } }
        /// What it changes of the schema, which the migrations follow. Without `undo` it is taken
        /// back by the inverse of these changes.
        fn state(self, changes: Changes) -> Script {
            Script { state: Some(changes.operations), ..Script::of(self) }
        }
    }

    of Run {
        /// The tables that it reads and writes, so that a branch that changes others may be merged
        /// beside it; without it, nobody knows.
        fn touches(self, tables: (Names)) -> Run { self.touching(tables) }
        /// There is nothing to take back.
        fn undo_nothing(self) -> Run { self.undo = UndoRun::Nothing; self }
    }
}
