//! SQLite 3.35 and newer.

use super::{
    AddColumn, AlterColumn, AlterPrimaryKey, AlterRoutine, AlterView, AutoUpdate, BuiltIn, Catalog,
    ColumnOptions, Comments, Constraints, Ddl, Defaults, Dialect, DropColumn, Enums, Existence,
    ForeignKeys, Generation, Identities, Indexes, Keeping, Ledger, Lexical, Lock, LongestName,
    Looking, Methods, Namespaces, Numbering, Object, Packing, Parameters, RenameIndex, RenameTable,
    Routines, RowWords, SayColumnOptions, SayOptions, SetAside, TableOptions, Types, Unenforced,
    Uniques, Unsupported, Upserting, Views, auto_update_name, is_constant, taken_apart,
    unknown_type, waiting,
};
use crate::{
    connection::DatabaseError,
    schema::{ColumnType, Database, Name, RoutineName},
};

/// SQLite.
pub const SQLITE: Dialect = Dialect {
    name: "sqlite",
    aliases: &["sqlite3"],
    like: None,
    product: "SQLite",
    databases: &[Database::Sqlite],
    quotes: ('"', '"'),
    longest_name: LongestName::Unlimited,
    case: super::Case::Ignored,
    lexical: Lexical {
        backslash_escapes: false,
        escape_strings: false,
        dollar_quotes: false,
        backtick_names: true,
        bracket_names: true,
        double_quoted_names: true,
        nested_comments: false,
        hash_comments: false,
        dashes_need_space: false,
        executable_comments: false,
        mariadb_comments: false,
        return_ends_comment: false,
        folds_names: false,
        parameters: Parameters::Named,
        keys_in_tables: false,
        collations_of_text: false,
        delimiter_command: false,
        atomic_bodies: false,
        compound_bodies: true,
    },
    ddl: Ddl::Transactional,
    drops_together: true,
    ledger: Ledger {
        key: "text",
        text: "text",
        number: "integer",
        moment: "text",
        now: "strftime('%Y-%m-%d %H:%M:%f', 'now')",
        later: ["strftime('%Y-%m-%d %H:%M:%f', 'now', '+", " seconds')"],
        suffix: "",
    },
    catalog: Catalog::SqliteSchema,
    lock: Lock::File,
    sessions: super::Sessions::NONE,
    waiting: waiting::BY_CLIENT,
    unenforced: Some(Unenforced {
        state: "PRAGMA foreign_keys",
        off: "PRAGMA foreign_keys = OFF",
        on: "PRAGMA foreign_keys = ON",
        check: "PRAGMA foreign_key_check",
    }),
    reset_session: &[
        "PRAGMA foreign_keys = ON",
        "PRAGMA legacy_alter_table = OFF",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA ignore_check_constraints = OFF",
    ],
    drop_temporary: "DROP TABLE IF EXISTS temp.",
    reset_role: None,
    half_done: None,
    namespaces: Namespaces::Unsupported {
        because: "a database is one file and has one namespace; leave it out",
    },
    types: Types {
        no_collation: |_| None,
        name: type_name,
        read: read_type,
        enums: Enums::Checks,
        numbering: Numbering::AsKey,
        identities: Identities::AsNumbered {
            no_always: "a row can always bring a number of its own; leave `always` out",
            no_increment: "its numbers go up by 1; leave the increment out",
        },
        says_null: |_| false,
        conversion,
    },
    defaults: Defaults { booleans: ["0", "1"], unlogged: &[], bare, built_in },
    generation: Generation {
        no_virtual: None,
        always_nullable: None,
        tied_names: false,
        pins_types: false,
        expression: kept_expression,
    },
    auto_update: AutoUpdate::Trigger,
    charsets: None,
    column_options: ColumnOptions {
        said: SayColumnOptions::Nowhere,
        usual: |_, _| None,
        refused: |_, _, _| None,
        since: &[],
    },
    table_options: TableOptions {
        said: SayOptions::Words,
        usual: &[],
        unsaid: &[],
        folds_names: false,
        since: &[],
    },
    table_suffix: "",
    add_column: AddColumn::ClauseOrRebuild,
    alter_column: AlterColumn::Rebuild,
    comments: Comments::LeftOut,
    drop_column: DropColumn::Rebuild,
    alter_primary_key: AlterPrimaryKey::Rebuild,
    rename_table: RenameTable::Rename,
    set_aside: SetAside::Copy,
    foreign_keys: ForeignKeys::Rebuild,
    rows: RowWords {
        upserting: Upserting::OnConflict,
        bytes: |digits| format!("x'{digits}'"),
        shown: |column, data_type| match data_type {
            ColumnType::Bytes => format!("iif({column} IS NULL, NULL, hex({column}))"),
            ColumnType::Float | ColumnType::Double => {
                format!("iif({column} IS NULL, NULL, printf('%!.17g', {column}))")
            }
            _ => format!("CAST({column} AS TEXT)"),
        },
        packing: Packing::List { pack, unpack, joined: false },
        // One writes at a time.
        hold: None,
        zero: None,
    },
    constraints: Constraints::Rebuild,
    uniques: Uniques {
        are_indexes: false,
        no_deferral: Some(
            "it looks at each row at once, and puts off foreign keys only; leave it out, or write \
             rows in an order in which no two are ever alike",
        ),
        no_equal_nulls: Some(
            "nulls always count as different; let the columns be `nullable: false`, or use a \
             unique index over an expression such as `ifnull(name, '')`",
        ),
    },
    views: Views {
        alter: AlterView::Anew,
        no_rows: Some(
            "its views are read anew each time; use a view, or a table that you fill yourself",
        ),
        as_written: true,
    },
    routines: Routines {
        alter_trigger: AlterRoutine::Anew,
        alter: AlterRoutine::Anew,
        no_functions: Some("it has no functions and procedures of its own"),
        triggers_as_written: true,
        triggers_by_table: false,
        by_arguments: false,
    },
    indexes: Indexes {
        in_create_table: false,
        of_table: false,
        methods: Methods::One("btree"),
        rename: RenameIndex::Anew,
        no_filter: None,
        refused: |_, _| None,
        no_expressions: None,
        no_prefix: Some(
            "it indexes whole values; index an expression such as `substr(name, 1, 20)` instead",
        ),
        no_collation: None,
        no_operator_class: Some("it has none; say the class for PostgreSQL alone"),
        null_is_greatest: false,
        no_nulls: Some("its indexes always have nulls as the least values"),
        no_include: Some("it has no such columns; put them behind the others of the index"),
        no_equal_nulls: Some(
            "nulls always count as different; index an expression such as `ifnull(name, '')`",
        ),
        expressions_pin_names: false,
    },
    keeping: Keeping {
        condition: super::postgres::condition::condition,
        expression: kept_expression,
        collation: |it| Some(it.to_ascii_lowercase()),
        usual_collation: "binary",
        ..Keeping::AS_SAID
    },
    looking: Looking {
        look,
        type_name: str::to_ascii_lowercase,
        default: catalog_default,
        live,
        estimate,
        ties,
        uncovered: None,
        speaking: &[],
        information_schema: None,
    },
    existence,
};

/// By the words, as all of these are `SQLITE_ERROR` and have no number of their own.
fn existence(error: &DatabaseError) -> Option<Existence> {
    let words = error.message.as_str();
    if words.starts_with("duplicate column name") || words.ends_with("already exists") {
        Some(Existence::There)
    } else if ["no such table", "no such column", "no such index", "no such view"]
        .iter()
        .any(|it| words.starts_with(it))
    {
        Some(Existence::Missing)
    } else {
        None
    }
}

/// Types are affinities here (manual, "Datatypes In SQLite"), so one word stands for all types
/// of an affinity, and a change within it costs nothing.
fn type_name(data_type: &ColumnType) -> Result<String, Unsupported> {
    let name = match data_type {
        ColumnType::Smallint
        | ColumnType::Integer
        | ColumnType::Bigint
        | ColumnType::Serial
        | ColumnType::Bigserial
        | ColumnType::Boolean => "INTEGER",
        ColumnType::Float | ColumnType::Double => "REAL",
        // Keeps whole numbers of 64 bits exact, which REAL does not.
        ColumnType::Decimal { .. } => "NUMERIC",
        ColumnType::Date => "DATE",
        ColumnType::Time => "TIME",
        ColumnType::Timestamp | ColumnType::Timestamptz => "DATETIME",
        // Not UUID or JSON: words that SQLite doesn't know make a column NUMERIC, which turns
        // the JSON text `1.0` into the number 1.
        ColumnType::Varchar { .. }
        | ColumnType::Text { .. }
        | ColumnType::Uuid
        // What values there are is told by a condition at the column.
        | ColumnType::Enum { .. }
        | ColumnType::Json
        | ColumnType::Jsonb
        | ColumnType::Array { .. } => "TEXT",
        ColumnType::Bytes => "BLOB",
        ColumnType::Other { spelled } => spelled,
        other => return Err(unknown_type(other)),
    };
    Ok(name.to_owned())
}

/// The type whose affinity is that of the declared one, as near as its words come.
fn read_type(spelled: &str) -> ColumnType {
    let (word, numbers, behind) = taken_apart(spelled);
    match (word.as_str(), numbers.as_slice(), behind.as_str()) {
        ("integer" | "int" | "int4" | "mediumint", [] | [_], "") => ColumnType::Integer,
        ("smallint" | "int2" | "tinyint", [] | [_], "") => ColumnType::Smallint,
        ("bigint" | "int8", [] | [_], "") => ColumnType::Bigint,
        ("boolean" | "bool", [], "") => ColumnType::Boolean,
        ("real" | "double" | "double precision", [], "") => ColumnType::Double,
        ("float", [], "") => ColumnType::Float,
        ("decimal" | "numeric", [precision], "") => {
            ColumnType::Decimal { precision: *precision, scale: 0 }
        }
        ("decimal" | "numeric", [precision, scale], "") => {
            ColumnType::Decimal { precision: *precision, scale: *scale }
        }
        ("date", [], "") => ColumnType::Date,
        ("time", [], "") => ColumnType::Time,
        ("datetime" | "timestamp", [], "") => ColumnType::Timestamp,
        ("varchar" | "character varying" | "nvarchar", [length], "") => {
            ColumnType::Varchar { length: *length }
        }
        ("text" | "clob", [], "") => ColumnType::Text { length: None },
        ("blob", [], "") => ColumnType::Bytes,
        _ => ColumnType::Other { spelled: spelled.trim().to_uppercase() },
    }
}

/// Affinity converts what it can when rows are copied, except into and out of BLOB.
fn conversion(column: &str, from: &ColumnType, to: &ColumnType) -> Option<String> {
    let is_text = matches!(from, ColumnType::Varchar { .. } | ColumnType::Text { .. });
    if is_text && *to == ColumnType::Boolean {
        return Some(format!(
            "CASE lower({column}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE {column} END"
        ));
    }
    let (from, to) = (type_name(from).ok()?, type_name(to).ok()?);
    (from != to && (from == "BLOB" || to == "BLOB")).then(|| format!("CAST({column} AS {to})"))
}

/// Literals and three words; everything else in parentheses (manual, "CREATE TABLE").
fn bare(expression: &str, _: &ColumnType) -> Option<String> {
    let word = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(expression));
    (word || is_constant(expression)).then(|| expression.to_owned())
}

/// A version 4 UUID as RFC 9562 lays out its bits.
const NEW_UUID: &str = "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || \
                        substr(hex(randomblob(2)), 2) || '-' || \
                        substr('89ab', (random() & 3) + 1, 1) || \
                        substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))";

fn built_in(which: BuiltIn, data_type: &ColumnType) -> String {
    let text = match (which, data_type) {
        (BuiltIn::NewUuid, _) => NEW_UUID,
        (BuiltIn::Now, ColumnType::Date) | (BuiltIn::Today, _) => "CURRENT_DATE",
        (BuiltIn::Now, ColumnType::Time) | (BuiltIn::CurrentTime, _) => "CURRENT_TIME",
        (BuiltIn::Now, _) => "CURRENT_TIMESTAMP",
        (BuiltIn::True, _) => "1",
        (BuiltIn::False | BuiltIn::Zero, _) => "0",
        (BuiltIn::Null, _) => "NULL",
        (BuiltIn::Blank, _) => "''",
        (BuiltIn::Array, _) => "'[]'",
        (BuiltIn::Object, _) => "'{}'",
    };
    text.to_owned()
}

/// With single spaces, and without quotes around names that need none: SQLite writes them where it
/// follows a column's new name.
fn kept_expression(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let closing = match first {
            '"' | '\'' | '`' => Some(first),
            '[' => Some(']'),
            _ => None,
        };
        let length = match closing {
            Some(it) => rest[1..].find(it).map_or(rest.len(), |end| end + 1 + it.len_utf8()),
            None => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        let is_name = closing.is_some() && first != '\'' && length > 2;
        let name = if is_name { &token[1..length - 1] } else { "" };
        let is_plain = name.starts_with(|it: char| it.is_ascii_lowercase() || it == '_')
            && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
        if is_plain {
            out.push_str(name);
        } else if token.trim().is_empty() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push_str(token);
        }
        rest = behind;
    }
    out.trim().to_owned()
}

/// The words for truths are numbers, and those for moments may be written in any case.
fn catalog_default(text: &str) -> String {
    match text.to_ascii_uppercase().as_str() {
        "TRUE" => "1".to_owned(),
        "FALSE" => "0".to_owned(),
        word @ ("CURRENT_TIMESTAMP" | "CURRENT_DATE" | "CURRENT_TIME" | "NULL") => word.to_owned(),
        _ => text.to_owned(),
    }
}

/// The schema table of an attached database, or of the main one.
fn schema_table(dialect: &Dialect, table: &Name) -> String {
    let database = table.namespace.as_deref().unwrap_or("main");
    format!("{}.sqlite_master", dialect.quote(database))
}

/// The query for the collation that a column's definition says, which stands in the text of its table
/// alone, as whimbrel writes it: on its line, and up to the next column that was added there.
fn said_collation(dialect: &Dialect, table: &Name, column: &str) -> String {
    format!(
        "SELECT substr(r, 1, instr(r, '\"') - 1) FROM (SELECT substr(l, instr(l, ' COLLATE \"') + 10) \
         AS r FROM (SELECT substr(l, 1, instr(l || ', \"', ', \"') - 1) AS l FROM (\
         SELECT substr(t, 1, instr(t || char(10), char(10)) - 1) AS l FROM (\
         SELECT substr(m.sql, instr(m.sql, {})) AS t FROM {} AS m \
         WHERE m.type = 'table' AND m.name = {} COLLATE NOCASE))) WHERE instr(l, ' COLLATE \"') > 0)",
        dialect.literal(&dialect.quote(column)),
        schema_table(dialect, table),
        dialect.literal(&table.name)
    )
}

fn look(dialect: &Dialect, object: &Object) -> String {
    let in_schema = |table: &Name, condition: String| {
        format!("SELECT name FROM {} WHERE {condition}", schema_table(dialect, table))
    };
    match object {
        Object::Table(table) => format!(
            "SELECT m.name, NULL, NULL, (SELECT CASE l.strict WHEN 1 THEN 'strict=true' ELSE '' END || \
             char(10) || CASE l.wr WHEN 1 THEN 'without_rowid=true' ELSE '' END \
             FROM pragma_table_list({name}) AS l WHERE l.schema = {}) FROM {} AS m \
             WHERE m.type = 'table' AND m.name = {name} COLLATE NOCASE",
            dialect.literal(table.namespace.as_deref().unwrap_or("main")),
            schema_table(dialect, table),
            name = dialect.literal(&table.name),
        ),
        Object::Column(table, column) => format!(
            "SELECT type, CASE \"notnull\" WHEN 0 THEN 'yes' ELSE 'no' END, dflt_value, \
             CASE hidden WHEN 2 THEN 'VIRTUAL ' WHEN 3 THEN 'STORED ' END || \
             (SELECT replace(substr(m.sql, instr(m.sql, {})), '\"', '') FROM {} AS m WHERE m.type = 'table' AND m.name = {} COLLATE NOCASE), NULL, \
             (SELECT substr(m.sql, instr(m.sql, {values}), 2 + instr(substr(m.sql, instr(m.sql, {values})), {end})) FROM {} AS m WHERE m.type = 'table' \
             AND m.name = {} COLLATE NOCASE AND instr(m.sql, {values}) > 0), COALESCE(({}), 'binary'), 'binary', \
             (SELECT 'BY DEFAULT' FROM {} AS m WHERE pk = 1 AND m.type = 'table' \
             AND m.name = {} COLLATE NOCASE AND m.sql LIKE '%AUTOINCREMENT%') \
             FROM pragma_table_xinfo({}, {}) WHERE name = {} COLLATE NOCASE",
            dialect.literal(&dialect.quote(column)),
            schema_table(dialect, table),
            dialect.literal(&table.name),
            schema_table(dialect, table),
            dialect.literal(&table.name),
            said_collation(dialect, table, column),
            schema_table(dialect, table),
            dialect.literal(&table.name),
            dialect.literal(&table.name),
            dialect.literal(table.namespace.as_deref().unwrap_or("main")),
            dialect.literal(column),
            end = dialect.literal("'))"),
            values = dialect.literal(&format!("CHECK ({} IN (", dialect.quote(column))),
        ),
        Object::View(view) => in_schema(
            view,
            format!("type = 'view' AND name = {} COLLATE NOCASE", dialect.literal(&view.name)),
        ),
        Object::Routine(RoutineName::Trigger(table, trigger)) => in_schema(
            table,
            format!("type = 'trigger' AND name = {} COLLATE NOCASE", dialect.literal(trigger)),
        ),
        Object::Index(table, index) => in_schema(
            table,
            format!(
                "type = 'index' AND name = {} COLLATE NOCASE AND tbl_name = {} COLLATE NOCASE",
                dialect.literal(index),
                dialect.literal(&table.name)
            ),
        ),
        // Only the table's own text holds the names of its constraints.
        Object::ForeignKey(table, key) | Object::Constraint(table, key) => in_schema(
            table,
            format!(
                "type = 'table' AND name = {} COLLATE NOCASE AND instr(sql, {}) > 0",
                dialect.literal(&table.name),
                dialect.literal(&dialect.quote(key))
            ),
        ),
        Object::PrimaryKey(table) => format!(
            "SELECT name FROM pragma_table_info({}, {}) WHERE pk > 0 ORDER BY pk",
            dialect.literal(&table.name),
            dialect.literal(table.namespace.as_deref().unwrap_or("main"))
        ),
        Object::LoneIndex(index) => in_schema(
            index,
            format!("type = 'index' AND name = {} COLLATE NOCASE", dialect.literal(&index.name)),
        ),
        Object::AutoUpdate(table, column) => {
            let name = auto_update_name(dialect, table, column);
            in_schema(table, format!("type = 'trigger' AND name = {}", dialect.literal(&name)))
        }
        // There are no such things here.
        Object::Type(name)
        | Object::MaterializedView(name)
        | Object::EnumValue(name, _)
        | Object::Partition(name, _)
        | Object::Leftovers(name)
        | Object::Routine(RoutineName::Function(name) | RoutineName::Procedure(name))
        | Object::Function(name) => in_schema(name, "false".to_owned()),
        Object::Namespace(_) => "SELECT name FROM pragma_database_list WHERE false".to_owned(),
    }
}

/// What a table itself has stands in its definition. Names of keys stand in texts only.
fn ties(dialect: &Dialect, table: &Name) -> String {
    format!(
        "SELECT DISTINCT 'pointed', NULL, m.name, '', '[]', '' FROM {} AS m \
         JOIN pragma_foreign_key_list(m.name) AS f \
         WHERE m.type = 'table' AND f.\"table\" = {name} COLLATE NOCASE \
         AND m.name <> {name} COLLATE NOCASE ORDER BY m.name",
        schema_table(dialect, table),
        name = dialect.literal(&table.name)
    )
}

/// What the last `ANALYZE` found, if there was one: a statistic begins with the number of rows.
fn estimate(dialect: &Dialect, table: &Name) -> String {
    let database = table.namespace.as_deref().unwrap_or("main");
    format!(
        "SELECT max(CAST(stat AS INTEGER)) FROM {}.sqlite_stat1 WHERE tbl = {} COLLATE NOCASE",
        dialect.quote(database),
        dialect.literal(&table.name)
    )
}

/// The table itself with its indexes and triggers; the views and triggers of other tables that
/// may speak of it; and the highest number its key has given out.
fn live(dialect: &Dialect, table: &Name) -> Vec<String> {
    let name = dialect.literal(&table.name);
    let schema = schema_table(dialect, table);
    vec![format!(
        "SELECT type, name, tbl_name, sql FROM {schema} \
             WHERE sql IS NOT NULL AND (tbl_name = {name} COLLATE NOCASE \
             OR type IN ('view', 'trigger')) ORDER BY rowid"
    )]
}

/// A value as text, with a letter before it for the type that the value itself has.
fn pack(column: &str, _: &ColumnType) -> String {
    format!(
        "CASE typeof({column}) WHEN 'null' THEN NULL WHEN 'integer' THEN 'i' || {column} \
         WHEN 'real' THEN 'r' || printf('%!.17g', {column}) WHEN 'blob' THEN 'b' || hex({column}) \
         ELSE 't' || {column} END"
    )
}

fn unpack(list: &str, at: usize, _: &ColumnType) -> String {
    let item = format!("json_extract({list}, '$[{at}]')");
    let rest = format!("substr({item}, 2)");
    format!(
        "CASE substr({item}, 1, 1) WHEN 'i' THEN CAST({rest} AS INTEGER) WHEN 'r' THEN \
         CAST({rest} AS REAL) WHEN 'b' THEN unhex({rest}) ELSE {rest} END"
    )
}
