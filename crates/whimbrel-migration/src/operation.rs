//! The steps a migration is made of, as plain values. What each does to a schema and to a
//! database stands in the library, in a file of the same name.

use std::sync::Arc;

use crate::{
    Cell, Check, Column, ColumnChange, Enumeration, ForeignKey, Index, Name, PerDatabase, Routine,
    RoutineName, Script, Table, TableChange, Undo, Unique, View,
    run::{Program, UndoRun},
};

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
            pub struct $name { $($(#[$field_doc])* pub $field: $ty,)* }

            impl From<$name> for Operation {
                fn from(it: $name) -> Self {
                    Self::$name(it)
                }
            }
        )*

        /// One step of a migration.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(tag = "operation", rename_all = "snake_case"))]
        pub enum Operation { $($(#[$doc])* $name($name),)* }
    };
}

operations! {
    /// Creates a table with its indexes and foreign keys.
    CreateTable {
        /// The table; the schemas that the operation leads to have it with the operation.
        #[cfg_attr(feature = "serde", serde(flatten))]
        table: Arc<Table>,
    }
    /// Drops a table and its rows.
    DropTable {
        /// The table.
        table: Name,
    }
    /// Gives a table another name.
    RenameTable {
        /// The name it has.
        from: Name,
        /// The name it gets.
        to: Name,
    }
    /// Changes what is said of a table itself; what isn't named stays.
    AlterTable {
        /// The table.
        table: Name,
        /// What changes.
        change: TableChange,
    }
    /// Adds a column behind the others.
    AddColumn {
        /// The table.
        table: Name,
        /// The new column's name.
        name: String,
        /// The new column.
        column: Column,
    }
    /// Drops a column and its values.
    DropColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    }
    /// Changes what is said of a column; what isn't named stays.
    AlterColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// What changes.
        change: ColumnChange,
    }
    /// Gives a column another name.
    RenameColumn {
        /// The table.
        table: Name,
        /// The name it has.
        from: String,
        /// The name it gets.
        to: String,
    }
    /// Adds an index.
    AddIndex {
        /// The table.
        table: Name,
        /// The index.
        index: Index,
    }
    /// Drops an index.
    DropIndex {
        /// The table.
        table: Name,
        /// The index's name.
        index: String,
    }
    /// Gives an index another name.
    RenameIndex {
        /// The table.
        table: Name,
        /// The name it has.
        from: String,
        /// The name it gets.
        to: String,
    }
    /// Adds a foreign key.
    AddForeignKey {
        /// The table whose columns point.
        table: Name,
        /// The key.
        foreign_key: ForeignKey,
    }
    /// Drops a foreign key.
    DropForeignKey {
        /// The table whose columns point.
        table: Name,
        /// The key's name.
        foreign_key: String,
    }
    /// Adds a unique constraint.
    AddUnique {
        /// The table.
        table: Name,
        /// The constraint.
        unique: Unique,
    }
    /// Drops a unique constraint.
    DropUnique {
        /// The table.
        table: Name,
        /// The constraint's name.
        unique: String,
    }
    /// Adds a condition that must hold of every row.
    AddCheck {
        /// The table.
        table: Name,
        /// The check.
        check: Check,
    }
    /// Drops a check.
    DropCheck {
        /// The table.
        table: Name,
        /// The check's name.
        check: String,
    }
    /// Gives a check, a unique constraint or a foreign key another name.
    RenameConstraint {
        /// The table.
        table: Name,
        /// The name it has.
        from: String,
        /// The name it gets.
        to: String,
    }
    /// Gives a table another primary key, or takes it away.
    AlterPrimaryKey {
        /// The table.
        table: Name,
        /// The columns of the key from now on, in its order; none for no key.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        columns: Vec<String>,
    }
    /// Creates an enum.
    CreateEnum {
        /// The enum.
        #[cfg_attr(feature = "serde", serde(flatten))]
        enumeration: Enumeration,
    }
    /// Gives an enum another name; its columns follow.
    RenameEnum {
        /// The name it has.
        from: Name,
        /// The name it gets.
        to: Name,
    }
    /// Gives a value of an enum another name; rows and defaults follow.
    RenameEnumValue {
        /// The enum.
        enumeration: Name,
        /// The name that the value has.
        from: String,
        /// The name that it gets.
        to: String,
    }
    /// Adds a value to an enum.
    AddEnumValue {
        /// The enum.
        enumeration: Name,
        /// The value.
        value: String,
        /// The value that it comes before; behind all others without one.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        before: Option<String>,
    }
    /// Gives an enum these values, in this order.
    SetEnumValues {
        /// The enum.
        enumeration: Name,
        /// All its values.
        values: Vec<String>,
    }
    /// Drops an enum that no column uses.
    DropEnum {
        /// The enum.
        enumeration: Name,
    }
    /// Creates a namespace: a PostgreSQL schema, a MySQL database.
    CreateNamespace {
        /// Its name.
        namespace: String,
    }
    /// Drops a namespace in which nothing stands.
    DropNamespace {
        /// Its name.
        namespace: String,
    }
    /// Creates a view.
    CreateView {
        /// The view.
        #[cfg_attr(feature = "serde", serde(flatten))]
        view: View,
    }
    /// Gives a view another query.
    AlterView {
        /// The view.
        view: Name,
        /// Its query from now on.
        query: PerDatabase,
    }
    /// Drops a view; the rows that it shows stay.
    DropView {
        /// The view.
        view: Name,
    }
    /// Creates a trigger, a function or a procedure.
    CreateRoutine {
        /// What is created.
        #[cfg_attr(feature = "serde", serde(flatten))]
        routine: Routine,
    }
    /// Gives a trigger, a function or a procedure another definition.
    AlterRoutine {
        /// As it is from now on.
        #[cfg_attr(feature = "serde", serde(flatten))]
        routine: Routine,
    }
    /// Drops a trigger, a function or a procedure.
    DropRoutine {
        /// By what it is known.
        name: RoutineName,
    }
    /// Defines a default by name, or defines it anew; columns that use it follow.
    SetNamedDefault {
        /// The default's name.
        name: String,
        /// Its expression for each database.
        value: PerDatabase,
    }
    /// Forgets a default that was defined by name.
    DropNamedDefault {
        /// The default's name.
        name: String,
    }
    /// Writes rows: those whose key is there get these values, the others are added.
    Upsert {
        /// The table.
        table: Name,
        /// The columns by which a row is known: a primary key, a unique constraint or a unique index.
        key: Vec<String>,
        /// The columns that are written, the key's among them.
        columns: Vec<String>,
        /// The rows: a value for each of the columns.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        rows: Vec<Vec<Cell>>,
    }
    /// Changes rows in batches, each in a transaction of its own with the mark of how far it came.
    Backfill {
        /// The table.
        table: Name,
        /// The columns that are set, and to what.
        set: Vec<(String, Cell)>,
        /// Which rows, as a condition in SQL; all of them without one.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
        filter: Option<PerDatabase>,
        /// How many rows a batch has at the most.
        batch: u32,
        /// How it is taken back.
        #[cfg_attr(feature = "serde", serde(default))]
        undo: Undo,
    }
    /// Runs code of the user's own; the schema stays as it is.
    Run {
        /// What it does, in the user's words.
        title: String,
        /// The code.
        code: Program,
        /// How it is taken back.
        #[cfg_attr(feature = "serde", serde(default))]
        undo: UndoRun,
        /// The tables that it reads and writes, where the user has said so.
        #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
        touches: Vec<Name>,
    }
    /// Runs SQL of the user's own; the schema is taken to stay as it is, unless the script says
    /// what changes.
    RunSql {
        /// The SQL, how it is taken back, and what it changes.
        script: Script,
    }
    /// Stops `up` before it runs anything, until somebody has looked and taken it out.
    NeedsReview {
        /// What is to be looked at.
        why: String,
    }
    /// Says that the migration can't be taken back.
    Irreversible {
        /// Why it can't.
        why: String,
    }
    /// Changes the schema that the migrations know, and leaves the database alone.
    StateOnly {
        /// The changes.
        operations: Vec<Operation>,
    }
    /// Changes the database, and leaves the schema that the migrations know alone.
    DatabaseOnly {
        /// The changes.
        operations: Vec<Operation>,
    }
    /// Makes changes of which a part may be made already.
    IgnoreErrors {
        /// The changes.
        operations: Vec<Operation>,
    }
}
