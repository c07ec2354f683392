//! The language of migration files: operations as plain values and the builder that writes them.
//!
//! ```
//! use whimbrel_migration::*;
//!
//! pub fn migration() -> Migration {
//!     Migration::after("0001_tenants").create_table(
//!         table("orders")
//!             .column("id", uuid().primary_key().default(new_uuid()))
//!             .column("tenant_id", bigint().not_null().references("tenants"))
//!             .index(index("orders_open_ix").on([asc("tenant_id"), desc("id")])),
//!     )
//! }
//! # migration();
//! ```
//!
//! A migration file is real Rust: an IDE checks it against this crate. At run time whimbrel
//! interprets the same text, calling the very functions below through [`dispatch`], so that
//! no Rust toolchain is needed where migrations run.
//!
//! This crate depends on nothing and knows nothing of databases, files or SQL text.

pub mod code;
pub mod dispatch;

#[macro_use]
mod builder;
mod column;
mod enumeration;
mod identity;
mod index;
mod migration;
mod names;
mod operation;
mod options;
mod routine;
mod rows;
pub mod run;
mod script;
mod table;
mod unique;
mod view;

pub use self::{
    builder::*,
    column::{
        CollationChange, Column, ColumnChange, ColumnType, DefaultChange, DefaultValue, Generated,
        GeneratedChange, NamedColumn,
    },
    enumeration::Enumeration,
    identity::{Identity, IdentityChange},
    index::{Direction, Index, IndexColumn, IndexColumns, Nulls},
    migration::{Changes, Migration},
    names::{Name, Names, Parents, foreign_key_name, unique_name},
    operation::{
        AddCheck, AddColumn, AddEnumValue, AddForeignKey, AddIndex, AddUnique, AlterColumn,
        AlterPrimaryKey, AlterRoutine, AlterTable, AlterView, Backfill, CreateEnum,
        CreateNamespace, CreateRoutine, CreateTable, CreateView, DatabaseOnly, DropCheck,
        DropColumn, DropEnum, DropForeignKey, DropIndex, DropNamedDefault, DropNamespace,
        DropRoutine, DropTable, DropUnique, DropView, IgnoreErrors, Irreversible, NeedsReview,
        Operation, RenameColumn, RenameConstraint, RenameEnum, RenameEnumValue, RenameIndex,
        RenameTable, Run, RunSql, SetEnumValues, SetNamedDefault, StateOnly, Upsert,
    },
    options::{
        ColumnOption, KnownOption, Of, Options, OptionsChange, Setting, SharedOption, TableOption,
        Takes, known_option, known_options, mariadb, mysql, postgres, sqlite,
    },
    routine::{Routine, RoutineName},
    rows::{Cell, Cells, Rows},
    run::{Db, Failure, Row, failure, run},
    script::{
        Database::{self, *},
        PerDatabase, Script, Sql, Undo,
    },
    table::{
        Action::{self, *},
        Check, CommentChange, Deferral, ForeignKey, Reference, Table, TableChange,
    },
    unique::Unique,
    view::View,
};
