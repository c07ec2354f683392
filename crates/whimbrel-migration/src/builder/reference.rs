//! What a foreign key points at.

use crate::{Action, Deferral, Name, Names, Reference};

functions! {
    /// The table that a foreign key points at.
    fn to(table: (Name)) -> Reference {
        Reference {
            name: None,
            table,
            columns: vec![],
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferral: Deferral::Never,
        }
    }
}

methods! {
    of Reference {
        /// The foreign key's own name; `fk_<table>_<columns>` where it has none.
        fn name(self, name: (String)) -> Reference { self.name = Some(name); self }
        /// The columns pointed at, where they aren't the primary key's.
        fn columns(self, columns: (Names)) -> Reference { self.columns = columns.0; self }
        /// What becomes of a row whose target is deleted.
        fn on_delete(self, action: Action) -> Reference { self.on_delete = action; self }
        /// What becomes of a row whose target's key changes.
        fn on_update(self, action: Action) -> Reference { self.on_update = action; self }
        /// A transaction may put off looking at it to its end: `SET CONSTRAINTS`.
        fn deferrable(self) -> Reference { self.deferral = Deferral::Allowed; self }
        /// It is looked at when the transaction ends, unless that wants it sooner.
        fn initially_deferred(self) -> Reference { self.deferral = Deferral::Deferred; self }
    }
}
