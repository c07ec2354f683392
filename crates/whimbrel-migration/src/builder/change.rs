//! What becomes of a column or a table that is there.

use crate::{
    CollationChange, ColumnChange, ColumnOption, ColumnType, CommentChange, Database,
    DefaultChange, DefaultValue, Generated, GeneratedChange, Identity, IdentityChange, PerDatabase,
    TableChange, TableOption,
};

functions! {
    /// A change of a column; what isn't named stays as it is.
    fn set() -> ColumnChange { <ColumnChange as Default>::default() }
    /// A change of a table itself, for `alter_table`; what isn't named stays as it is.
    fn set_table() -> TableChange { <TableChange as Default>::default() }
}

methods! {
    of ColumnChange {
        /// A new type.
        fn data_type(self, data_type: ColumnType) -> ColumnChange {
            self.data_type = Some(data_type);
            self
        }
        /// How old values become new ones, as an expression in SQL.
        fn using(self, expression: (PerDatabase)) -> ColumnChange {
            self.using = Some(expression);
            self
        }
        /// Every row must have a value from now on.
        fn not_null(self) -> ColumnChange { self.nullable = Some(false); self }
        /// A row may have no value from now on.
        fn nullable(self) -> ColumnChange { self.nullable = Some(true); self }
        /// A new default.
        fn default(self, value: (DefaultValue)) -> ColumnChange {
            self.default = Some(DefaultChange::Set(value));
            self
        }
        /// No default any more.
        fn no_default(self) -> ColumnChange { self.default = Some(DefaultChange::Drop); self }
        /// From now on it gets the moment whenever a row is changed.
        fn auto_update(self) -> ColumnChange { self.auto_update = Some(true); self }
        /// A change of a row doesn't touch it any more.
        fn no_auto_update(self) -> ColumnChange { self.auto_update = Some(false); self }
        /// From now on the database computes it when a row is written.
        fn stored_as(self, expression: (PerDatabase)) -> ColumnChange {
            let generated = Box::new(Generated { expression, stored: true });
            self.generated = Some(GeneratedChange::Set(generated));
            self
        }
        /// From now on the database computes it when it is read.
        fn virtual_as(self, expression: (PerDatabase)) -> ColumnChange {
            let generated = Box::new(Generated { expression, stored: false });
            self.generated = Some(GeneratedChange::Set(generated));
            self
        }
        /// It isn't computed any more, and keeps its values.
        fn not_generated(self) -> ColumnChange { self.generated = Some(GeneratedChange::Drop); self }
        /// Another collation.
        fn collation(self, collation: (PerDatabase)) -> ColumnChange {
            self.collation = Some(CollationChange::Set(collation));
            self
        }
        /// The database's usual collation from now on.
        fn no_collation(self) -> ColumnChange { self.collation = Some(CollationChange::Drop); self }
        /// Another comment.
        fn comment(self, comment: (String)) -> ColumnChange {
            self.comment = Some(CommentChange::Set(comment));
            self
        }
        /// No comment any more.
        fn no_comment(self) -> ColumnChange { self.comment = Some(CommentChange::Drop); self }
        /// What one database is to make of it from then on: `.with(postgres::statistics(500))`.
        fn with(self, option: (ColumnOption)) -> ColumnChange {
            self.options.set(option.database, option.name, Some(option.setting));
            self
        }
        /// What one database is told no more, by its name: `.without(Postgres, "storage")`.
        fn without(self, database: Database, option: (String)) -> ColumnChange {
            self.options.set(database, option, None);
            self
        }
        /// From now on the database numbers it, where a row brings no number of its own.
        fn identity(self) -> ColumnChange {
            self.identity = Some(IdentityChange::Set(<Identity as Default>::default()));
            self
        }
        /// From now on the database numbers it like this.
        fn identity_as(self, identity: Identity) -> ColumnChange {
            self.identity = Some(IdentityChange::Set(identity));
            self
        }
        /// The database doesn't number it any more, and it keeps its values.
        fn no_identity(self) -> ColumnChange { self.identity = Some(IdentityChange::Drop); self }
    }

    of TableChange {
        /// Another comment.
        fn comment(self, comment: (String)) -> TableChange {
            self.comment = Some(CommentChange::Set(comment));
            self
        }
        /// No comment any more.
        fn no_comment(self) -> TableChange { self.comment = Some(CommentChange::Drop); self }
        /// What one database is to make of it from then on: `.with(mysql::engine("InnoDB"))`.
        fn with(self, option: (TableOption)) -> TableChange {
            self.options.set(option.database, option.name, Some(option.setting));
            self
        }
        /// What one database is told no more, by its name: `.without(Postgres, "fillfactor")`.
        fn without(self, database: Database, option: (String)) -> TableChange {
            self.options.set(database, option, None);
            self
        }
    }
}
