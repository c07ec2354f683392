//! Builder calls as a tree: the other direction, from a value to the text that makes it.
//!
//! Printing is a matter of layout only; which call makes which value is said here, beside
//! the builder.

use crate::{
    Action, Backfill, Cell, Check, CollationChange, Column, ColumnChange, ColumnType,
    CommentChange, Database, DefaultChange, DefaultValue, Deferral, Direction, ForeignKey,
    Generated, GeneratedChange, Identity, IdentityChange, Index, IndexColumn, Migration, Name,
    Nulls, Of, Operation, PerDatabase, Reference, Routine, RoutineName, Run, Script, Table,
    TableChange, Undo, Unique, Upsert, View,
    rows::{USUAL_BATCH, WIDEST_TUPLE},
    run::{Program, UndoRun},
};

/// An expression of a migration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A string literal of this text.
    Text(String),
    /// An integer literal.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A value with a name of its own, such as `Cascade`.
    Constant(String),
    /// Text of the user's own, as it stood: a closure.
    Verbatim(String),
    /// `["a", "b"]`.
    List(Vec<Code>),
    /// `("a", 1)`: two values or more.
    Tuple(Vec<Code>),
    /// A call, and the methods called on what it returns: `to("users").on_delete(Cascade)`.
    Chain(Call, Vec<Call>),
}

/// A function or method and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `table`, `Migration::after`, `not_null`.
    pub name: &'static str,
    /// The arguments, without the receiver.
    pub arguments: Vec<Code>,
}

fn call<const N: usize>(name: &'static str, arguments: [Code; N]) -> Call {
    Call { name, arguments: arguments.into() }
}

fn chain(head: Call, rest: impl IntoIterator<Item = Option<Call>>) -> Code {
    Code::Chain(head, rest.into_iter().flatten().collect())
}

/// `call`, where `wanted`.
fn when(wanted: bool, name: &'static str) -> Option<Call> {
    wanted.then(|| call(name, []))
}

fn text(it: impl Into<String>) -> Code {
    Code::Text(it.into())
}

/// One name by itself, several as a list.
fn names(it: &[String]) -> Code {
    match it {
        [one] => text(one),
        several => Code::List(several.iter().map(text).collect()),
    }
}

fn constant(it: impl std::fmt::Debug) -> Code {
    Code::Constant(format!("{it:?}"))
}

impl Migration {
    /// The expression that makes this migration.
    pub fn code(&self) -> Code {
        let head = if self.parents.is_empty() {
            call("Migration::first", [])
        } else {
            call("Migration::after", [names(&self.parents)])
        };
        let operations = self.operations.iter().map(|it| Some(it.code()));
        let replaces = &self.replaces;
        let said = [
            (!replaces.is_empty()).then(|| call("replaces", [names(replaces)])),
            when(self.after_deploy, "after_deploy"),
            when(self.no_transaction, "no_transaction"),
        ];
        chain(head, said.into_iter().chain(operations))
    }
}

impl Operation {
    /// The method call on a migration that adds this operation.
    pub fn code(&self) -> Call {
        match self {
            Self::CreateTable(it) => call("create_table", [it.table.code()]),
            Self::DropTable(it) => call("drop_table", [it.table.code()]),
            Self::RenameTable(it) => call("rename_table", [it.from.code(), it.to.code()]),
            Self::AlterTable(it) => call("alter_table", [it.table.code(), it.change.code()]),
            Self::AddColumn(it) => {
                call("add_column", [it.table.code(), text(&it.name), it.column.code()])
            }
            Self::DropColumn(it) => call("drop_column", [it.table.code(), text(&it.column)]),
            Self::AlterColumn(it) => {
                call("alter_column", [it.table.code(), text(&it.column), it.change.code()])
            }
            Self::RenameColumn(it) => {
                call("rename_column", [it.table.code(), text(&it.from), text(&it.to)])
            }
            Self::AddIndex(it) => call("add_index", [it.table.code(), it.index.code()]),
            Self::DropIndex(it) => call("drop_index", [it.table.code(), text(&it.index)]),
            Self::RenameIndex(it) => {
                call("rename_index", [it.table.code(), text(&it.from), text(&it.to)])
            }
            Self::AddForeignKey(it) => {
                let key = &it.foreign_key;
                call("add_foreign_key", [it.table.code(), names(&key.columns), key.target()])
            }
            Self::DropForeignKey(it) => {
                call("drop_foreign_key", [it.table.code(), text(&it.foreign_key)])
            }
            Self::AddUnique(it) => call("add_unique", [it.table.code(), it.unique.code()]),
            Self::DropUnique(it) => call("drop_unique", [it.table.code(), text(&it.unique)]),
            Self::AddCheck(it) => {
                let Check { name, condition } = &it.check;
                call("add_check", [it.table.code(), text(name), condition.plain_code()])
            }
            Self::DropCheck(it) => call("drop_check", [it.table.code(), text(&it.check)]),
            Self::RenameConstraint(it) => {
                call("rename_constraint", [it.table.code(), text(&it.from), text(&it.to)])
            }
            Self::AlterPrimaryKey(it) if it.columns.is_empty() => {
                call("drop_primary_key", [it.table.code()])
            }
            Self::AlterPrimaryKey(it) => {
                call("alter_primary_key", [it.table.code(), names(&it.columns)])
            }
            Self::CreateEnum(it) => {
                let it = &it.enumeration;
                call("create_enum", [it.name.code(), names(&it.values)])
            }
            Self::RenameEnum(it) => call("rename_enum", [it.from.code(), it.to.code()]),
            Self::RenameEnumValue(it) => {
                let (from, to) = (text(&it.from), text(&it.to));
                call("rename_enum_value", [it.enumeration.code(), from, to])
            }
            Self::AddEnumValue(it) => match &it.before {
                None => call("add_enum_value", [it.enumeration.code(), text(&it.value)]),
                Some(before) => {
                    let value = text(&it.value);
                    call("add_enum_value_before", [it.enumeration.code(), value, text(before)])
                }
            },
            Self::SetEnumValues(it) => {
                call("set_enum_values", [it.enumeration.code(), names(&it.values)])
            }
            Self::DropEnum(it) => call("drop_enum", [it.enumeration.code()]),
            Self::CreateNamespace(it) => call("create_namespace", [text(&it.namespace)]),
            Self::DropNamespace(it) => call("drop_namespace", [text(&it.namespace)]),
            Self::CreateView(it) => {
                let View { name, query, materialized } = &it.view;
                let create = if *materialized { "create_materialized_view" } else { "create_view" };
                call(create, [name.code(), query.plain_code()])
            }
            Self::AlterView(it) => call("alter_view", [it.view.code(), it.query.plain_code()]),
            Self::DropView(it) => call("drop_view", [it.view.code()]),
            Self::CreateRoutine(it) => {
                it.routine.code(["create_function", "create_procedure", "create_trigger"])
            }
            Self::AlterRoutine(it) => {
                it.routine.code(["alter_function", "alter_procedure", "alter_trigger"])
            }
            Self::DropRoutine(it) => match &it.name {
                RoutineName::Function(it) => call("drop_function", [it.code()]),
                RoutineName::Procedure(it) => call("drop_procedure", [it.code()]),
                RoutineName::Trigger(table, it) => call("drop_trigger", [table.code(), text(it)]),
            },
            Self::SetNamedDefault(it) => {
                call("set_named_default", [text(&it.name), it.value.plain_code()])
            }
            Self::DropNamedDefault(it) => call("drop_named_default", [text(&it.name)]),
            Self::Backfill(it) => call("backfill", [it.code()]),
            Self::Upsert(it) => call("upsert", [it.code()]),
            Self::Run(it) => call("run", [it.code()]),
            Self::RunSql(it) => call("run_sql", [it.script.code()]),
            Self::NeedsReview(it) => call("needs_review", [text(&it.why)]),
            Self::Irreversible(it) => call("irreversible", [text(&it.why)]),
            Self::StateOnly(it) => call("state_only", [changes(&it.operations)]),
            Self::DatabaseOnly(it) => call("database_only", [changes(&it.operations)]),
            Self::IgnoreErrors(it) => call("ignore_errors", [changes(&it.operations)]),
        }
    }
}

/// `changes()` and what is to change.
fn changes(operations: &[Operation]) -> Code {
    chain(call("changes", []), operations.iter().map(|it| Some(it.code())))
}

impl Routine {
    /// The call of one of these, by what it is a call for: a function, a procedure, a trigger.
    fn code(&self, [function, procedure, trigger]: [&'static str; 3]) -> Call {
        let definition = self.definition.plain_code();
        match &self.name {
            RoutineName::Function(it) => call(function, [it.code(), definition]),
            RoutineName::Procedure(it) => call(procedure, [it.code(), definition]),
            RoutineName::Trigger(table, it) => {
                let when = self.when.as_ref().map_or_else(|| text(""), PerDatabase::plain_code);
                call(trigger, [table.code(), text(it), when, definition])
            }
        }
    }
}

impl Name {
    /// A string, or `qualified(…)`.
    pub fn code(&self) -> Code {
        match &self.namespace {
            Some(namespace) => chain(call("qualified", [text(namespace), text(&self.name)]), []),
            None => text(&self.name),
        }
    }
}

impl Table {
    /// `table(…)` with its columns, keys, indexes and checks.
    ///
    /// A key of one column is said at the column, where reading the call back gives the same
    /// table; any other stands behind the columns.
    pub fn code(&self) -> Code {
        let on_columns = self.keys_on_columns();
        let key_on_column = self.key_on_column();
        let strange_key = !self.primary_key.is_empty()
            && key_on_column.is_none()
            && self.key_columns().any(|it| it.nullable);
        let key = (!self.primary_key.is_empty() && key_on_column.is_none())
            .then(|| call("primary_key", [names(&self.primary_key)]));

        // The key makes the columns that it finds `NOT NULL`: one that may be null is said later.
        let (early, late) = if strange_key { (key, None) } else { (None, key) };
        let implied = late.is_some();
        let columns = self.columns.iter().enumerate().map(|(position, it)| {
            let mut column = it.column.clone();
            column.primary_key = key_on_column == Some(position);
            let target = on_columns.iter().find(|(at, _)| *at == position);
            column.references = target.map(|(_, key)| Box::new(Reference::from((*key).clone())));
            let silent = implied && self.primary_key.contains(&it.name);
            Some(call("column", [text(&it.name), column.code_where(silent)]))
        });
        let keys = self
            .foreign_keys
            .iter()
            .filter(|key| !on_columns.iter().any(|(_, it)| std::ptr::eq(*it, *key)))
            .map(|it| Some(call("foreign_key", [names(&it.columns), it.target()])));
        let indexes = self.indexes.iter().map(|it| Some(call("index", [it.code()])));
        let uniques = self.uniques.iter().map(|it| Some(call("unique", [it.code()])));
        let checks = self.checks.iter();
        let checks =
            checks.map(|it| Some(call("check", [text(&it.name), it.condition.plain_code()])));
        let comment = self.comment.as_ref().map(|it| call("comment", [text(it)]));
        let options = self.options.calls(Of::Table).map(Some);
        let rest = [comment].into_iter().chain(options).chain([early]).chain(columns);
        let rest = rest.chain([late]).chain(keys).chain(indexes);
        let rest = rest.chain(uniques).chain(checks);
        chain(call("table", [self.name.code()]), rest)
    }

    fn key_columns(&self) -> impl Iterator<Item = &Column> {
        let key = &self.primary_key;
        self.columns.iter().filter(|it| key.contains(&it.name)).map(|it| &it.column)
    }

    /// The one column that is the primary key.
    fn key_on_column(&self) -> Option<usize> {
        match &*self.primary_key {
            [one] if self.key_columns().count() == 1 => self.position(one),
            _ => None,
        }
    }

    /// The foreign keys that can be said at their columns: the first of one column alone.
    fn keys_on_columns(&self) -> Vec<(usize, &ForeignKey)> {
        let mut found: Vec<(usize, &ForeignKey)> = Vec::new();
        for key in &self.foreign_keys {
            if let [one] = &*key.columns
                && let Some(position) = self.position(one)
                && found.iter().all(|(taken, _)| *taken != position)
            {
                found.push((position, key));
            }
        }
        found
    }
}

impl Column {
    /// A type, and what else is said of the column.
    pub fn code(&self) -> Code {
        self.code_where(false)
    }

    /// `silent` where something else already says that the column is `NOT NULL`.
    fn code_where(&self, silent: bool) -> Code {
        let never_null = self.primary_key || self.identity.is_some();
        let nullability = match (never_null, self.nullable) {
            (true, true) => Some(call("nullable", [])),
            (false, false) if !silent => Some(call("not_null", [])),
            _ => None,
        };
        let default = self.default.as_ref().map(|it| call("default", [it.code()]));
        let references = self.references.as_ref().map(|it| call("references", [it.code()]));
        let (head, spelled) = self.data_type.calls();
        let auto_update = when(self.auto_update, "auto_update");
        let primary_key = when(self.primary_key, "primary_key");
        let generated = self.generated.as_deref().map(Generated::call);
        let collation = self.collation.as_ref().map(|it| call("collation", [it.plain_code()]));
        let comment = self.comment.as_ref().map(|it| call("comment", [text(it)]));
        let identity = self.identity.as_ref().map(Identity::call);
        let rest = [
            collation,
            primary_key,
            identity,
            nullability,
            default,
            generated,
            auto_update,
            references,
            comment,
        ];
        let options = self.options.calls(Of::Column).map(Some);
        chain(head, spelled.into_iter().map(Some).chain(rest).chain(options))
    }
}

fn number(it: u32) -> Code {
    Code::Integer(it.into())
}

impl ColumnType {
    /// `varchar(200)`, `uuid()`, ….
    pub fn code(&self) -> Code {
        let (head, spelled) = self.calls();
        Code::Chain(head, spelled)
    }

    /// The function that makes the type, and the methods behind it.
    fn calls(&self) -> (Call, Vec<Call>) {
        match self {
            Self::Spelled { of, spelled } => {
                let (head, mut rest) = of.calls();
                rest.push(call("spelled", [spelled.plain_code()]));
                (head, rest)
            }
            other => (other.call(), vec![]),
        }
    }

    fn call(&self) -> Call {
        match self {
            Self::Spelled { of, .. } => of.call(),
            Self::Varchar { length } => call("varchar", [number(*length)]),
            Self::Text { length: None } => call("text", []),
            Self::Text { length: Some(length) } => call("bounded_text", [number(*length)]),
            Self::Smallint => call("smallint", []),
            Self::Integer => call("integer", []),
            Self::Bigint => call("bigint", []),
            Self::Serial => call("serial", []),
            Self::Bigserial => call("bigserial", []),
            Self::Float => call("float", []),
            Self::Double => call("double", []),
            Self::Decimal { precision, scale } => {
                call("decimal", [number(*precision), number(*scale)])
            }
            Self::Boolean => call("boolean", []),
            Self::Date => call("date", []),
            Self::Time => call("time", []),
            Self::Timestamp => call("timestamp", []),
            Self::Timestamptz => call("timestamptz", []),
            Self::Uuid => call("uuid", []),
            Self::Json => call("json", []),
            Self::Jsonb => call("jsonb", []),
            Self::Bytes => call("bytes", []),
            Self::Array { of } => call("array", [of.code()]),
            Self::KeyOf { table } => call("key_of", [table.code()]),
            Self::Enum { name, .. } => call("enumeration", [name.code()]),
            Self::Other { spelled } => call("other_type", [text(spelled)]),
        }
    }
}

impl DefaultValue {
    /// A literal, `sql(…)`, `now()`, ….
    pub fn code(&self) -> Code {
        match self {
            Self::Text(it) => text(it),
            Self::Integer(it) => Code::Integer(*it),
            Self::Boolean(it) => Code::Boolean(*it),
            Self::Sql(it) => it.code(),
            Self::Named(name) => chain(call("named", [text(name)]), []),
            Self::Now => chain(call("now", []), []),
            Self::NewUuid => chain(call("new_uuid", []), []),
        }
    }
}

impl Generated {
    fn call(&self) -> Call {
        let name = if self.stored { "stored_as" } else { "virtual_as" };
        call(name, [self.expression.plain_code()])
    }
}

impl Identity {
    /// `always().start(1000)`.
    pub fn code(&self) -> Code {
        let head = call(if self.always { "always" } else { "by_default" }, []);
        let number = |name, it: i64| call(name, [Code::Integer(it)]);
        chain(
            head,
            [
                self.start.map(|it| number("start", it)),
                self.increment.map(|it| number("increment", it)),
            ],
        )
    }

    fn call(&self) -> Call {
        if *self == Self::default() {
            call("identity", [])
        } else {
            call("identity_as", [self.code()])
        }
    }
}

impl ColumnChange {
    /// `set()` and what changes.
    pub fn code(&self) -> Code {
        let nullability =
            self.nullable.map(|it| call(if it { "nullable" } else { "not_null" }, []));
        let default = self.default.as_ref().map(|it| match it {
            DefaultChange::Set(value) => call("default", [value.code()]),
            DefaultChange::Drop => call("no_default", []),
        });
        let said = [
            self.data_type.as_ref().map(|it| call("data_type", [it.code()])),
            self.using.as_ref().map(|it| call("using", [it.plain_code()])),
            nullability,
            default,
            self.generated.as_ref().map(|it| match it {
                GeneratedChange::Set(it) => it.call(),
                GeneratedChange::Drop => call("not_generated", []),
            }),
            self.identity.as_ref().map(|it| match it {
                IdentityChange::Set(it) => it.call(),
                IdentityChange::Drop => call("no_identity", []),
            }),
            self.auto_update.map(|it| call(if it { "auto_update" } else { "no_auto_update" }, [])),
            self.collation.as_ref().map(|it| match it {
                CollationChange::Set(it) => call("collation", [it.plain_code()]),
                CollationChange::Drop => call("no_collation", []),
            }),
            self.comment.as_ref().map(CommentChange::call),
        ];
        let options = self.options.calls(Of::Column).map(Some);
        chain(call("set", []), said.into_iter().chain(options))
    }
}

impl TableChange {
    /// `set_table()` and what changes.
    pub fn code(&self) -> Code {
        let comment = self.comment.as_ref().map(CommentChange::call);
        let options = self.options.calls(Of::Table).map(Some);
        chain(call("set_table", []), [comment].into_iter().chain(options))
    }
}

impl CommentChange {
    fn call(&self) -> Call {
        match self {
            Self::Set(it) => call("comment", [text(it)]),
            Self::Drop => call("no_comment", []),
        }
    }
}

impl ForeignKey {
    /// `to(…)`: everything but the columns that point.
    fn target(&self) -> Code {
        Reference::from(self.clone()).code()
    }
}

impl Reference {
    /// The table's name where nothing else is to be said, or else `to(…)`.
    pub fn code(&self) -> Code {
        let action =
            |it: Action, name| (it != Action::default()).then(|| call(name, [constant(it)]));
        let rest: Vec<Call> = [
            self.name.as_ref().map(|it| call("name", [text(it)])),
            (!self.columns.is_empty()).then(|| call("columns", [names(&self.columns)])),
            action(self.on_delete, "on_delete"),
            action(self.on_update, "on_update"),
            deferral(self.deferral),
        ]
        .into_iter()
        .flatten()
        .collect();
        match (&self.table, rest.is_empty()) {
            (Name { namespace: None, name }, true) => text(name),
            (table, _) => Code::Chain(call("to", [table.code()]), rest),
        }
    }
}

impl Index {
    /// `index(…)` and what it is over.
    pub fn code(&self) -> Code {
        let columns =
            (!self.columns.is_empty()).then(|| call("on", [index_columns(&self.columns)]));
        chain(
            call("index", [text(&self.name)]),
            [
                columns,
                when(self.unique, "unique"),
                self.method.as_ref().map(|it| call("method", [text(it)])),
                (!self.include.is_empty()).then(|| call("include", [names(&self.include)])),
                self.filter.as_ref().map(|it| call("filter", [text(it)])),
                when(self.nulls_not_distinct, "nulls_not_distinct"),
            ],
        )
    }
}

impl Unique {
    /// `unique(…)` and what it is over.
    pub fn code(&self) -> Code {
        chain(
            call("unique", [text(&self.name)]),
            [
                (!self.columns.is_empty()).then(|| call("on", [names(&self.columns)])),
                when(self.nulls_not_distinct, "nulls_not_distinct"),
                (!self.include.is_empty()).then(|| call("include", [names(&self.include)])),
                deferral(self.deferral),
            ],
        )
    }
}

/// When a constraint is looked at, where that is to be said.
fn deferral(deferral: Deferral) -> Option<Call> {
    match deferral {
        Deferral::Never => None,
        Deferral::Allowed => Some(call("deferrable", [])),
        Deferral::Deferred => Some(call("initially_deferred", [])),
    }
}

/// Plain names, unless more is to be said of one of them.
fn index_columns(columns: &[IndexColumn]) -> Code {
    let plain = columns.iter().all(|it| *it == IndexColumn::new(&it.name));
    let one = |it: &IndexColumn| if plain { text(&it.name) } else { it.code() };
    match columns {
        [single] => one(single),
        several => Code::List(several.iter().map(one).collect()),
    }
}

impl Cell {
    /// A literal, `null()`, `sql(…)`, ….
    pub fn code(&self) -> Code {
        match self {
            Self::Null => chain(call("null", []), []),
            Self::Bytes(digits) => chain(call("hex", [text(digits)]), []),
            Self::Value(value) => value.code(),
        }
    }
}

impl Upsert {
    /// `rows(…)` with its key, its columns and the rows themselves.
    pub fn code(&self) -> Code {
        let columns = (self.columns != self.key).then(|| call("columns", [names(&self.columns)]));
        let rows = self.rows.iter().map(|it| Some(call("row", [row(it)])));
        let rest = [Some(call("key", [names(&self.key)])), columns].into_iter().chain(rows);
        chain(call("rows", [self.table.code()]), rest)
    }
}

impl Backfill {
    /// `rows(…)` with what they get and how.
    pub fn code(&self) -> Code {
        let sets = self.set.iter().map(|(name, cell)| Some(call("set", [text(name), cell.code()])));
        let filter = self.filter.as_ref().map(|it| call("filter", [it.plain_code()]));
        let batch = (self.batch != USUAL_BATCH).then(|| call("batch", [number(self.batch)]));
        let undo = match &self.undo {
            Undo::Sql(it) => Some(call("undo", [it.plain_code()])),
            Undo::Nothing | Undo::Unknown => None,
        };
        chain(call("rows", [self.table.code()]), sets.chain([filter, batch, undo]))
    }
}

impl Run {
    /// `run(…)` with its code as it stood in its file.
    pub fn code(&self) -> Code {
        let undo = match &self.undo {
            UndoRun::Unknown => None,
            UndoRun::Nothing => Some(call("undo_nothing", [])),
            UndoRun::Code(it) => Some(call("undo", [it.code()])),
        };
        let tables: Vec<String> = self.touches.iter().map(|it| it.name.clone()).collect();
        let touches = (!tables.is_empty()).then(|| call("touches", [names(&tables)]));
        chain(call("run", [text(&self.title), self.code.code()]), [touches, undo])
    }
}

impl Program {
    /// The closure as it stood; compiled code has no text, and what stands in its place doesn't
    /// compile.
    pub fn code(&self) -> Code {
        match &*self.source {
            "" => Code::Verbatim("|db| the_code_was_compiled_and_has_no_text".to_owned()),
            source => Code::Verbatim(source.to_owned()),
        }
    }
}

/// A tuple where there can be one, a list otherwise.
fn row(cells: &[Cell]) -> Code {
    match cells {
        [one] => Code::List(vec![one.code()]),
        some if (2..=WIDEST_TUPLE).contains(&some.len()) => {
            Code::Tuple(some.iter().map(Cell::code).collect())
        }
        many => {
            let value = |it: &Cell| chain(call("value", [it.code()]), []);
            Code::List(many.iter().map(value).collect())
        }
    }
}

impl IndexColumn {
    /// `asc(…)`, `desc(…)` or `expr(…)`, and what else is said.
    pub fn code(&self) -> Code {
        let descending = self.direction == Direction::Descending;
        let head = match &self.expression {
            Some(it) => call("expr", [it.plain_code()]),
            None if descending => call("desc", [text(&self.name)]),
            None => call("asc", [text(&self.name)]),
        };
        chain(
            head,
            [
                when(descending && self.expression.is_some(), "descending"),
                self.nulls.map(|it| match it {
                    Nulls::First => call("nulls_first", []),
                    Nulls::Last => call("nulls_last", []),
                }),
                self.prefix.map(|it| call("prefix", [Code::Integer(it.into())])),
                self.collation.as_ref().map(|it| call("collation", [it.plain_code()])),
                self.operator_class.as_ref().map(|it| call("operator_class", [it.plain_code()])),
            ],
        )
    }
}

impl PerDatabase {
    /// `sql(…)`, or `on(…)` for each database.
    pub fn code(&self) -> Code {
        let (head, rest) = self.calls();
        Code::Chain(head, rest)
    }

    /// A string where it is the same for every database and SQL is wanted anyway.
    pub fn plain_code(&self) -> Code {
        match (&*self.texts, &self.otherwise) {
            ([], otherwise) => text(otherwise.as_deref().unwrap_or_default()),
            _ => self.code(),
        }
    }

    fn calls(&self) -> (Call, Vec<Call>) {
        let on = |(database, it): &(Database, String)| call("on", [constant(database), text(it)]);
        match &*self.texts {
            [] => (call("sql", [text(self.otherwise.as_deref().unwrap_or_default())]), vec![]),
            [first, others @ ..] => {
                let otherwise = self.otherwise.iter().map(|it| call("otherwise", [text(it)]));
                (on(first), others.iter().map(on).chain(otherwise).collect())
            }
        }
    }
}

impl Script {
    /// SQL, and what is said about its undo and its effect.
    pub fn code(&self) -> Code {
        let undo = match &self.undo {
            Undo::Unknown => None,
            Undo::Nothing => Some(call("undo_nothing", [])),
            Undo::Sql(it) => Some(call("undo", [it.plain_code()])),
        };
        let done_when = self.done_when.as_ref().map(|it| call("done_when", [it.plain_code()]));
        let state = self.state.as_ref().map(|it| call("state", [changes(it)]));
        if undo.is_none() && done_when.is_none() && state.is_none() {
            return self.up.plain_code();
        }
        let (head, mut rest) = self.up.calls();
        rest.extend(undo);
        rest.extend(done_when);
        rest.extend(state);
        Code::Chain(head, rest)
    }
}
