//! A migration, and the steps that it is made of.

use crate::{
    AddCheck, AddColumn, AddEnumValue, AddForeignKey, AddIndex, AddUnique, AlterColumn,
    AlterPrimaryKey, AlterRoutine, AlterTable, AlterView, Backfill, Changes, Check, Column,
    ColumnChange, CreateEnum, CreateNamespace, CreateRoutine, CreateTable, CreateView,
    DatabaseOnly, DropCheck, DropColumn, DropEnum, DropForeignKey, DropIndex, DropNamedDefault,
    DropNamespace, DropRoutine, DropTable, DropUnique, DropView, Enumeration, ForeignKey,
    IgnoreErrors, Index, Irreversible, Migration, Name, Names, NeedsReview, Operation, Parents,
    PerDatabase, Reference, RenameColumn, RenameConstraint, RenameEnum, RenameEnumValue,
    RenameIndex, RenameTable, Routine, RoutineName, Run, RunSql, Script, SetEnumValues,
    SetNamedDefault, StateOnly, Table, TableChange, Unique, Upsert, View,
};

functions! {
    /// Changes for `state_only` and `database_only`, as yet none.
    fn changes() -> Changes { <Changes as Default>::default() }
}

constructors! {
    of Migration {
        /// A migration that comes after none.
        fn first() -> Migration { Migration::default() }
        /// A migration that comes after `parents`: one of them, or several that it merges.
        fn after(parents: (Parents)) -> Migration {
            Migration { parents: parents.0, ..Migration::default() }
        }
    }
}

steps! {
    of Migration and Changes {
        /// Creates a table with its indexes and foreign keys.
        fn create_table(self, table: Table) -> Migration { self.with(CreateTable { table: table.into() }) }
        /// Drops a table and its rows.
        fn drop_table(self, table: (Name)) -> Migration { self.with(DropTable { table }) }
        /// Gives a table another name.
        fn rename_table(self, from: (Name), to: (Name)) -> Migration {
            self.with(RenameTable { from, to })
        }
        /// Changes what is said of a table itself, such as its comment; what isn't named stays.
        fn alter_table(self, table: (Name), change: TableChange) -> Migration {
            self.with(AlterTable { table, change })
        }
        /// Adds a column behind the others.
        fn add_column(self, table: (Name), name: (String), column: (Column)) -> Migration {
            self.with(AddColumn { table, name, column })
        }
        /// Drops a column and its values.
        fn drop_column(self, table: (Name), column: (String)) -> Migration {
            self.with(DropColumn { table, column })
        }
        /// Changes what is said of a column; what isn't named stays.
        fn alter_column(self, table: (Name), column: (String), change: ColumnChange) -> Migration {
            self.with(AlterColumn { table, column, change })
        }
        /// Gives a column another name.
        fn rename_column(self, table: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameColumn { table, from, to })
        }
        /// Adds an index.
        fn add_index(self, table: (Name), index: Index) -> Migration {
            self.with(AddIndex { table, index })
        }
        /// Drops an index.
        fn drop_index(self, table: (Name), index: (String)) -> Migration {
            self.with(DropIndex { table, index })
        }
        /// Gives an index another name.
        fn rename_index(self, table: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameIndex { table, from, to })
        }
        /// Adds a foreign key over `columns`.
        fn add_foreign_key(self, table: (Name), columns: (Names), target: (Reference)) -> Migration {
            let foreign_key: ForeignKey = target.of(&table, columns.0);
            self.with(AddForeignKey { table, foreign_key })
        }
        /// Drops a foreign key.
        fn drop_foreign_key(self, table: (Name), foreign_key: (String)) -> Migration {
            self.with(DropForeignKey { table, foreign_key })
        }
        /// Adds a unique constraint.
        fn add_unique(self, table: (Name), unique: Unique) -> Migration {
            self.with(AddUnique { table, unique })
        }
        /// Drops a unique constraint.
        fn drop_unique(self, table: (Name), unique: (String)) -> Migration {
            self.with(DropUnique { table, unique })
        }
        /// Adds a condition that must hold of every row, in SQL.
        fn add_check(self, table: (Name), name: (String), condition: (PerDatabase)) -> Migration {
            self.with(AddCheck { table, check: Check { name, condition } })
        }
        /// Drops a check.
        fn drop_check(self, table: (Name), check: (String)) -> Migration {
            self.with(DropCheck { table, check })
        }
        /// Gives a check, a unique constraint or a foreign key another name.
        fn rename_constraint(self, table: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameConstraint { table, from, to })
        }
        /// Makes these columns the primary key, in place of the one that there may be; they are
        /// never null from then on.
        fn alter_primary_key(self, table: (Name), columns: (Names)) -> Migration {
            self.with(AlterPrimaryKey { table, columns: columns.0 })
        }
        /// Drops the primary key; its columns stay as they are.
        fn drop_primary_key(self, table: (Name)) -> Migration {
            self.with(AlterPrimaryKey { table, columns: vec![] })
        }
        /// Creates an enum, a type of its own where the database has such: its values in the order
        /// in which they compare.
        fn create_enum(self, name: (Name), values: (Names)) -> Migration {
            self.with(CreateEnum { enumeration: Enumeration { name, values: values.0 } })
        }
        /// Gives an enum another name, which its columns have then.
        fn rename_enum(self, from: (Name), to: (Name)) -> Migration { self.with(RenameEnum { from, to }) }
        /// Gives a value of an enum another name, in rows and defaults too.
        fn rename_enum_value(self, enumeration: (Name), from: (String), to: (String)) -> Migration {
            self.with(RenameEnumValue { enumeration, from, to })
        }
        /// Adds a value to an enum, behind its others.
        fn add_enum_value(self, enumeration: (Name), value: (String)) -> Migration {
            self.with(AddEnumValue { enumeration, value, before: None })
        }
        /// Adds a value to an enum, before another one.
        fn add_enum_value_before(self, enumeration: (Name), value: (String), before: (String)) -> Migration {
            self.with(AddEnumValue { enumeration, value, before: Some(before) })
        }
        /// Gives an enum these values, in this order. No row may have a value that goes.
        fn set_enum_values(self, enumeration: (Name), values: (Names)) -> Migration {
            self.with(SetEnumValues { enumeration, values: values.0 })
        }
        /// Drops an enum that no column uses.
        fn drop_enum(self, enumeration: (Name)) -> Migration { self.with(DropEnum { enumeration }) }
        /// Creates a namespace: a PostgreSQL schema, a MySQL database.
        fn create_namespace(self, namespace: (String)) -> Migration { self.with(CreateNamespace { namespace }) }
        /// Drops a namespace in which nothing stands any more.
        fn drop_namespace(self, namespace: (String)) -> Migration { self.with(DropNamespace { namespace }) }
        /// Creates a view: a query that is read like a table. It comes behind all that it names, and
        /// the query is the database's own SQL; with an empty text a database goes without.
        fn create_view(self, name: (Name), query: (PerDatabase)) -> Migration {
            self.with(CreateView { view: View::new(name, query) })
        }
        /// Creates a view whose rows are kept, as they were when they were last refreshed
        /// (PostgreSQL).
        fn create_materialized_view(self, name: (Name), query: (PerDatabase)) -> Migration {
            self.with(CreateView { view: View { materialized: true, ..View::new(name, query) } })
        }
        /// Gives a view another query. Where the database can't put it in the old one's place, the
        /// view is dropped and created again, with those that rest on it.
        fn alter_view(self, view: (Name), query: (PerDatabase)) -> Migration {
            self.with(AlterView { view, query })
        }
        /// Drops a view, materialized or not; the rows that it shows stay where they are.
        fn drop_view(self, view: (Name)) -> Migration { self.with(DropView { view }) }
        /// Creates a trigger of a table or a view. What sets it off comes first: `AFTER UPDATE`; then what
        /// stands behind the table in the database's own SQL. With an empty text a database goes without.
        fn create_trigger(self, table: (Name), trigger: (String), when: (PerDatabase), definition: (PerDatabase)) -> Migration {
            self.with(CreateRoutine { routine: Routine::trigger(table, trigger, when, definition) })
        }
        /// Gives a trigger another definition, and says anew what sets it off.
        fn alter_trigger(self, table: (Name), trigger: (String), when: (PerDatabase), definition: (PerDatabase)) -> Migration {
            self.with(AlterRoutine { routine: Routine::trigger(table, trigger, when, definition) })
        }
        /// Drops a trigger of a table or a view.
        fn drop_trigger(self, table: (Name), trigger: (String)) -> Migration {
            self.with(DropRoutine { name: RoutineName::Trigger(table, trigger) })
        }
        /// Creates a function: what stands behind its name in the database's own SQL, from its
        /// arguments on. With an empty text a database goes without.
        fn create_function(self, function: (Name), definition: (PerDatabase)) -> Migration {
            self.with(CreateRoutine { routine: Routine::function(function, definition) })
        }
        /// Gives a function another definition. Where the database can't put it in the old one's
        /// place, the function is dropped and created again.
        fn alter_function(self, function: (Name), definition: (PerDatabase)) -> Migration {
            self.with(AlterRoutine { routine: Routine::function(function, definition) })
        }
        /// Drops a function.
        fn drop_function(self, function: (Name)) -> Migration {
            self.with(DropRoutine { name: RoutineName::Function(function) })
        }
        /// Creates a procedure: what stands behind its name in the database's own SQL, from its
        /// arguments on. With an empty text a database goes without.
        fn create_procedure(self, procedure: (Name), definition: (PerDatabase)) -> Migration {
            self.with(CreateRoutine { routine: Routine::procedure(procedure, definition) })
        }
        /// Gives a procedure another definition. Where the database can't put it in the old one's
        /// place, the procedure is dropped and created again.
        fn alter_procedure(self, procedure: (Name), definition: (PerDatabase)) -> Migration {
            self.with(AlterRoutine { routine: Routine::procedure(procedure, definition) })
        }
        /// Drops a procedure.
        fn drop_procedure(self, procedure: (Name)) -> Migration {
            self.with(DropRoutine { name: RoutineName::Procedure(procedure) })
        }
        /// Defines a default by name, or defines it anew; columns that use it follow.
        fn set_named_default(self, name: (String), value: (PerDatabase)) -> Migration {
            self.with(SetNamedDefault { name, value })
        }
        /// Forgets a default that was defined by name.
        fn drop_named_default(self, name: (String)) -> Migration {
            self.with(DropNamedDefault { name })
        }
        /// Runs SQL of your own; the schema is taken to stay as it is, unless `.state(…)` says what
        /// changes.
        fn run_sql(self, script: (Script)) -> Migration { self.with(RunSql { script }) }
    }

    of Migration {
        /// Writes rows: those whose key is there get these values, the others are added. Taken
        /// back, what was there before is there again.
        fn upsert(self, rows: Upsert) -> Migration { self.with(rows) }
        /// Changes rows in batches of a transaction each, so that a run that is stopped goes on
        /// with the next batch.
        fn backfill(self, rows: Backfill) -> Migration { self.with(rows) }
        /// Changes rows by code in Rust, in one transaction with the mark that it has run.
        fn run(self, change: Run) -> Migration { self.with(change) }
        /// Stops `up` before it runs anything, until somebody has looked and taken this out.
        fn needs_review(self, why: (String)) -> Migration { self.with(NeedsReview { why }) }
        /// The migration can't be taken back; `down` says why and does nothing.
        fn irreversible(self, why: (String)) -> Migration { self.with(Irreversible { why }) }
        /// Changes the schema that the migrations know and leaves the database alone:
        /// `state_only(changes().drop_column("users", "legacy"))`.
        fn state_only(self, changes: Changes) -> Migration {
            self.with(StateOnly { operations: changes.operations })
        }
        /// Changes the database and leaves the schema that the migrations know alone.
        fn database_only(self, changes: Changes) -> Migration {
            self.with(DatabaseOnly { operations: changes.operations })
        }
        /// Makes changes of which a part may be made already: what is there is not made again, and
        /// what is not there is not dropped. Each such step is told; whatever else the database
        /// refuses stops `up` as always.
        fn ignore_errors(self, changes: Changes) -> Migration {
            self.with(IgnoreErrors { operations: changes.operations })
        }
        /// Stands in the place of these migrations, all of which it does in one, as
        /// `generate --squash` writes it. Where some of them have run, the others go on instead.
        fn replaces(self, migrations: (Names)) -> Migration {
            self.replaces = migrations.0;
            self
        }
        /// Runs only once the programs that need what it takes away are gone:
        /// `up --phase before-deploy` leaves it out, `up --phase after-deploy` runs it.
        fn after_deploy(self) -> Migration { self.after_deploy = true; self }
        /// Every statement runs outside of a transaction. Rarely needed: statements that can't
        /// run in one are recognised.
        fn no_transaction(self) -> Migration { self.no_transaction = true; self }
    }
}

impl Changes {
    fn with(mut self, operation: impl Into<Operation>) -> Self {
        self.operations.push(operation.into());
        self
    }
}

impl Migration {
    fn with(mut self, operation: impl Into<Operation>) -> Self {
        self.operations.push(operation.into());
        self
    }
}
