//! One statement, and what is known of it before it runs.

use serde::{Deserialize, Serialize};

use super::{Batches, Code, leaving::Left};
use crate::{
    dialect::{Look, said},
    schema::{ForeignKey, Name, Unique},
};

/// One statement, and what is known of it before it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The statement itself.
    pub body: Body,
    /// What it touches.
    pub kind: Kind,
    /// Whether it may stand in a transaction.
    pub transaction: Transaction,
    /// How to tell from the catalog that it has had its effect; empty where nobody can.
    pub looks: Vec<Look>,
    /// A query of the user's that answers whether it has had its effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_when: Option<String>,
    /// Whether what stands before it is committed before it runs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_commit: bool,
    /// What it leaves in the session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaves: Vec<Left>,
    /// Whether that may be something else when it is said again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub varies: bool,
    /// Whether it is passed over where what it makes is there already, or what it drops isn't.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lenient: bool,
    /// A query that lists what it would take along without a word, so that it is refused where
    /// there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spares: Option<String>,
}

/// The statement itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Text that is known now.
    Text(String),
    /// A change that starts from the table as it stands in the database, so that nothing is
    /// lost that the migrations know nothing of.
    Live(LiveChange),
    /// A change of rows in batches, each in a transaction with the mark of how far it came.
    Batches(Batches),
    /// Code of the user's own, which asks for statements while it runs.
    Code(Box<Code>),
}

/// A change of a table that is written down only when the table has been looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveChange {
    /// The table.
    pub table: Name,
    /// What changes, all at once.
    pub edits: Vec<TableEdit>,
}

/// What changes about a table. All SQL in it is already written for the database it goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableEdit {
    /// A column gets another type, default or nullability; what is `None` stays as it is.
    AlterColumn {
        /// The column.
        column: String,
        /// Its new type.
        data_type: Option<String>,
        /// What says its collation from now on: `COLLATE …`, or that nothing does.
        #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
        collation: Option<Option<String>>,
        /// Whether a row may leave it empty from now on.
        nullable: Option<bool>,
        /// What stands behind `DEFAULT` from now on, or that nothing does.
        #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
        default: Option<Option<String>>,
        /// Whether what happens when a row is changed is or was said with the default.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        on_update: bool,
        /// What computes it from now on: `GENERATED ALWAYS AS (…) STORED`, or that nothing does.
        #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
        generated: Option<Option<String>>,
        /// What is told of it from now on: `COMMENT '…'`, or that nothing is.
        #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
        comment: Option<Option<String>>,
        /// What its definition says of its values from now on, or that it says nothing.
        #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
        values: Option<Option<String>>,
        /// Whether the database numbers it from now on, where that changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        numbered: Option<bool>,
        /// Whether it is in a foreign key and may not be left empty any more, which MySQL refuses
        /// where it has to write the rows anew for another change.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tied: bool,
        /// How an old value becomes a new one.
        using: Option<String>,
    },
    /// A column gets another name, together with the columns that are computed from it.
    RenameColumn {
        /// The name it has.
        column: String,
        /// The name it gets.
        to: String,
        /// The clauses by which checks that speak of it go before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drop: Vec<String>,
        /// The clauses by which they come again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<String>,
    },
    /// A column comes, behind the others.
    AddColumn {
        /// The column.
        column: String,
        /// Its definition with its name: `"email" TEXT NOT NULL`.
        definition: String,
        /// A foreign key that comes with it: `CONSTRAINT "…" FOREIGN KEY …`.
        foreign_key: Option<String>,
    },
    /// A column goes.
    DropColumn {
        /// The column.
        column: String,
    },
    /// A foreign key comes.
    AddForeignKey {
        /// `CONSTRAINT "…" FOREIGN KEY ("…") REFERENCES "…" ("…")`.
        clause: String,
    },
    /// A foreign key goes.
    DropForeignKey {
        /// The key as it was declared: a live one is found by its name or, without one, its shape.
        foreign_key: ForeignKey,
        /// Whether the index that the database made for it goes with it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        with_index: bool,
    },
    /// A constraint comes.
    AddConstraint {
        /// `CONSTRAINT "…" CHECK (…)`.
        clause: String,
    },
    /// A constraint goes.
    DropConstraint {
        /// Its name.
        name: String,
    },
    /// A unique constraint goes.
    DropUnique {
        /// The constraint as it was declared: a live one is found by its name or, without one, by
        /// its columns.
        unique: Unique,
    },
    /// A foreign key goes and comes again under another name.
    RenameForeignKey {
        /// The key as it was declared.
        foreign_key: ForeignKey,
        /// The name it gets.
        to: String,
        /// The key under that name: `CONSTRAINT "…" FOREIGN KEY …`.
        clause: String,
        /// Whether the index that the database made for it goes with it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        with_index: bool,
    },
    /// The primary key becomes another one.
    PrimaryKey {
        /// Its columns from now on; none for no key.
        columns: Vec<String>,
        /// Whether the one column's own definition says it, as the database numbers it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        numbered: bool,
        /// The columns of the new key and of the old one, which are never null.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        not_null: Vec<String>,
    },
    /// The options behind the definition become these.
    Options {
        /// What stands behind the closing parenthesis: ` STRICT, WITHOUT ROWID`; or the clauses of
        /// `ALTER TABLE` that say what changes of them.
        words: String,
    },
    /// An index goes, and what foreign keys lean on it get another one.
    DropIndex {
        /// Its name.
        index: String,
    },
}

/// What a statement touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The schema.
    Schema,
    /// Rows.
    Rows,
    /// Nothing but the session: `SET`, `USE`; said again before a step that comes after it.
    Session,
    /// Nothing that a second run would do twice: `ANALYZE`, `GRANT`, `VACUUM`.
    Repeatable,
    /// Nothing: a query.
    Nothing,
    /// Nobody knows what: `CALL`, `DO`, what isn't understood.
    Unknown,
}

/// Whether a statement may stand in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transaction {
    /// It may.
    Allowed,
    /// The database refuses it there: `CREATE INDEX CONCURRENTLY`, `VACUUM`.
    Forbidden,
    /// It begins or ends one itself: `BEGIN`, `COMMIT`.
    Controls,
    /// It may, in one of its own in which foreign keys are not enforced and are checked before
    /// the end: SQLite's rebuild of a table.
    WithoutForeignKeys,
}

impl Statement {
    /// A change of the schema, with the way to tell that it has had its effect.
    pub fn schema(text: impl Into<String>, looks: impl IntoIterator<Item = Look>) -> Self {
        Self {
            body: Body::Text(text.into()),
            kind: Kind::Schema,
            transaction: Transaction::Allowed,
            looks: looks.into_iter().collect(),
            done_when: None,
            after_commit: false,
            leaves: Vec::new(),
            varies: false,
            lenient: false,
            spares: None,
        }
    }
}

impl Statement {
    /// A change of rows, which shares a transaction with its mark.
    pub fn rows(text: impl Into<String>) -> Self {
        Self { kind: Kind::Rows, ..Self::schema(text, []) }
    }
}

impl LiveChange {
    /// The statement that makes this change.
    pub fn statement(self, transaction: Transaction, looks: Vec<Look>) -> Statement {
        Statement {
            body: Body::Live(self),
            kind: Kind::Schema,
            transaction,
            looks,
            done_when: None,
            after_commit: false,
            leaves: Vec::new(),
            varies: false,
            lenient: false,
            spares: None,
        }
    }
}
