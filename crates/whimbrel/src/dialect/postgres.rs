//! PostgreSQL 13 to 18.

mod column_options;
pub(super) mod condition;
mod expression;

use super::{
    AddColumn, After, AlterColumn, AlterPrimaryKey, AlterRoutine, AlterView, AutoUpdate, BuiltIn,
    Catalog, ColumnOptions, Comments, Constraints, Ddl, Defaults, Dialect, DropColumn, Enums,
    Existence, ForeignKeys, Generation, Identities, Indexes, Keeping, Ledger, Lexical, Lock,
    LongestName, Look, Looking, Methods, Namespaces, Numbering, Object, Packing, Parameters,
    RenameIndex, RenameTable, Routines, RowWords, SayColumnOptions, SayOptions, SetAside,
    TableOptions, Types, UNUSABLE, Uniques, Unsupported, Upserting, Views, auto_update_name,
    taken_apart, unknown_type, waiting,
};
use crate::{
    connection::{DatabaseError, Row, Version},
    schema::{ColumnType, Database, Name, RoutineName},
};

/// PostgreSQL.
pub const POSTGRES: Dialect = Dialect {
    name: "postgres",
    aliases: &["postgresql", "pg"],
    like: None,
    product: "PostgreSQL",
    databases: &[Database::Postgres],
    quotes: ('"', '"'),
    longest_name: LongestName::Bytes(63),
    case: super::Case::Told,
    lexical: Lexical {
        backslash_escapes: false,
        escape_strings: true,
        dollar_quotes: true,
        backtick_names: false,
        bracket_names: false,
        double_quoted_names: true,
        nested_comments: true,
        hash_comments: false,
        dashes_need_space: false,
        executable_comments: false,
        mariadb_comments: false,
        return_ends_comment: true,
        folds_names: true,
        parameters: Parameters::Numbered,
        keys_in_tables: false,
        collations_of_text: true,
        delimiter_command: false,
        atomic_bodies: true,
        compound_bodies: false,
    },
    ddl: Ddl::Transactional,
    drops_together: true,
    ledger: Ledger {
        key: "text",
        text: "text",
        number: "bigint",
        moment: "timestamptz",
        now: "clock_timestamp()",
        later: ["(clock_timestamp() + interval '", " seconds')"],
        suffix: "",
    },
    catalog: Catalog::PgCatalog,
    lock: Lock::Advisory,
    sessions: super::Sessions::BACKENDS,
    waiting: waiting::OF_POSTGRES,
    unenforced: None,
    // `DISCARD ALL` would give the advisory lock back.
    reset_session: &["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL", "DEALLOCATE ALL"],
    drop_temporary: "DROP TABLE IF EXISTS pg_temp.",
    reset_role: None,
    half_done: Some(half_done),
    namespaces: Namespaces::Schemas,
    types: Types {
        name: type_name,
        read: read_type,
        enums: Enums::Types,
        numbering: Numbering::ByType,
        no_collation: |it| {
            matches!(it, ColumnType::Uuid).then_some(
                "a uuid is no text here; say the collation for the other databases alone",
            )
        },
        identities: Identities::Sequence,
        says_null: |_| false,
        conversion,
    },
    defaults: Defaults {
        booleans: ["false", "true"],
        unlogged: &[],
        bare: |it, _| Some(it.to_owned()),
        built_in,
    },
    generation: Generation {
        no_virtual: Some(
            "PostgreSQL before 18 has only columns that are computed when a row is written; say `stored: true`",
        ),
        always_nullable: None,
        tied_names: false,
        pins_types: true,
        expression: expression::blunt,
    },
    auto_update: AutoUpdate::Function,
    table_suffix: "",
    table_options: TableOptions {
        said: SayOptions::Parameters,
        // Manual, "CREATE TABLE", "Storage Parameters".
        usual: &[
            ("fillfactor", "100"),
            ("tablespace", "pg_default"),
            ("access_method", "heap"),
            ("replica_identity", "default"),
        ],
        unsaid: &[],
        folds_names: false,
        since: &[("access_method", Version::new(15, 0, 0))],
    },
    charsets: None,
    column_options: ColumnOptions {
        said: SayColumnOptions::Clauses,
        usual: column_options::usual,
        refused: column_options::refused,
        // Release notes of PostgreSQL 14.
        since: &[("compression", Version::new(14, 0, 0))],
    },
    comments: Comments::Statement,
    add_column: AddColumn::Clause,
    alter_column: AlterColumn::Clauses,
    drop_column: DropColumn::Clause,
    alter_primary_key: AlterPrimaryKey::Constraint,
    rename_table: RenameTable::RenameAndSetSchema,
    set_aside: SetAside::Namespace,
    foreign_keys: ForeignKeys::Clauses {
        drop: "DROP CONSTRAINT",
        no_set_default: None,
        no_deferral: None,
        pins_types: false,
        pins_index: true,
    },
    rows: RowWords {
        upserting: Upserting::OnConflict,
        bytes: |digits| format!("'\\x{digits}'"),
        shown: |column, data_type| match data_type {
            ColumnType::Bytes => format!("pg_catalog.encode({column}, 'hex')"),
            _ => format!("{column}::text"),
        },
        packing: Packing::Record,
        // Nothing locks a row that isn't there. Readers go on.
        hold: Some(|table| format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")),
        zero: None,
    },
    constraints: Constraints::Clauses { follow_renames: true, shared_names: false, renamed: true },
    uniques: Uniques { are_indexes: false, no_deferral: None, no_equal_nulls: None },
    // Manual, "CREATE VIEW": other columns may only come behind those that are there.
    views: Views { alter: AlterView::ReplaceWithColumns, no_rows: None, as_written: false },
    routines: Routines {
        // `CREATE OR REPLACE TRIGGER` is there since PostgreSQL 14.
        alter_trigger: AlterRoutine::Anew,
        alter: AlterRoutine::ReplaceBody,
        no_functions: None,
        triggers_as_written: false,
        triggers_by_table: true,
        by_arguments: true,
    },
    indexes: Indexes {
        in_create_table: false,
        of_table: false,
        methods: Methods::BeforeColumns,
        rename: RenameIndex::Statement,
        no_filter: None,
        refused: |it, _| {
            matches!(it, ColumnType::Json).then_some(
                "a json value is kept as it was written and has neither an order nor an equal; use \
                 jsonb, or index an expression of it",
            )
        },
        no_expressions: None,
        no_prefix: Some(
            "it indexes whole values; index an expression such as `left(name, 20)` instead",
        ),
        no_collation: None,
        no_operator_class: None,
        null_is_greatest: true,
        no_nulls: None,
        no_include: None,
        no_equal_nulls: None,
        expressions_pin_names: false,
    },
    keeping: Keeping {
        condition: condition::condition,
        expression: expression::plain,
        collation: |it| Some(it.strip_prefix("pg_catalog.").unwrap_or(it).to_owned()),
        usual_collation: "default",
        operator_class: |it| (!USUAL_CLASSES.contains(&it)).then(|| it.to_owned()),
        ..Keeping::AS_SAID
    },
    looking: Looking {
        look,
        type_name: catalog_type,
        default: expression::plain,
        live: |_, _| vec![],
        estimate,
        ties,
        uncovered: None,
        speaking: &[],
        information_schema: None,
    },
    existence,
};

/// By the SQLSTATEs of class 42 that name an object (manual, "PostgreSQL Error Codes").
fn existence(error: &DatabaseError) -> Option<Existence> {
    match error.code.as_deref()? {
        "42P04" | "42P06" | "42P07" | "42701" | "42710" => Some(Existence::There),
        "3F000" | "42P01" | "42703" | "42704" => Some(Existence::Missing),
        _ => None,
    }
}

/// The operator classes that types have anyway, which the catalog doesn't say (manual, "Operator
/// Classes and Operator Families").
const USUAL_CLASSES: &[&str] = &[
    "array_ops",
    "bool_ops",
    "bytea_ops",
    "date_ops",
    "float4_ops",
    "float8_ops",
    "int2_ops",
    "int4_ops",
    "int8_ops",
    "jsonb_ops",
    "numeric_ops",
    "text_ops",
    "time_ops",
    "timestamp_ops",
    "timestamptz_ops",
    "tsvector_ops",
    "uuid_ops",
];

/// Statements that can't be rolled back leave these when they die:
/// - `CREATE INDEX CONCURRENTLY`: an index that can't be used (manual, "CREATE INDEX", "Building
///   Indexes Concurrently"); it is dropped.
/// - `REINDEX CONCURRENTLY`: indexes beside those it was to replace, or that it has replaced
///   (manual, "REINDEX", "Rebuilding Indexes Concurrently"); they are dropped.
/// - `DETACH PARTITION CONCURRENTLY`: a partition that is neither in nor out (manual, "ALTER
///   TABLE"); it is finished.
fn half_done(dialect: &Dialect, look: &Look, before: &[Row], now: &[Row]) -> Vec<String> {
    let says = |row: &Row, word| row.get(1).and_then(Option::as_deref) == Some(word);
    match (&look.object, &look.after) {
        (Object::Index(table, index), After::Present)
            if now.first().is_some_and(|it| says(it, UNUSABLE)) =>
        {
            let name = Name { namespace: table.namespace.clone(), name: index.clone() };
            vec![format!("DROP INDEX CONCURRENTLY IF EXISTS {}", dialect.quote_name(&name))]
        }
        (Object::Partition(table, partition), After::Absent)
            if now.first().is_some_and(|it| says(it, "pending")) =>
        {
            vec![format!(
                "ALTER TABLE {} DETACH PARTITION {} FINALIZE",
                dialect.quote_name(table),
                dialect.quote_name(partition)
            )]
        }
        (Object::Leftovers(_), _) => {
            let drop = |row: &Row| {
                let name = row.first()?.as_ref().filter(|_| says(row, UNUSABLE))?;
                Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"))
            };
            now.iter().filter(|it| !before.contains(it)).filter_map(drop).collect()
        }
        _ => vec![],
    }
}

fn type_name(data_type: &ColumnType) -> Result<String, Unsupported> {
    Ok(match data_type {
        ColumnType::Varchar { length } => format!("VARCHAR({length})"),
        // A length costs checks and buys nothing here: both are kept alike (manual, "Character
        // Types").
        ColumnType::Text { .. } => "TEXT".to_owned(),
        ColumnType::Smallint => "SMALLINT".to_owned(),
        ColumnType::Integer => "INTEGER".to_owned(),
        ColumnType::Bigint => "BIGINT".to_owned(),
        ColumnType::Serial => "SERIAL".to_owned(),
        ColumnType::Bigserial => "BIGSERIAL".to_owned(),
        ColumnType::Float => "REAL".to_owned(),
        ColumnType::Double => "DOUBLE PRECISION".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("DECIMAL({precision},{scale})"),
        ColumnType::Boolean => "BOOLEAN".to_owned(),
        ColumnType::Date => "DATE".to_owned(),
        ColumnType::Time => "TIME".to_owned(),
        ColumnType::Timestamp => "TIMESTAMP".to_owned(),
        ColumnType::Timestamptz => "TIMESTAMPTZ".to_owned(),
        ColumnType::Uuid => "UUID".to_owned(),
        // The two are told apart here, so each word gets its own.
        ColumnType::Json => "JSON".to_owned(),
        ColumnType::Jsonb => "JSONB".to_owned(),
        ColumnType::Bytes => "BYTEA".to_owned(),
        ColumnType::Array { of } if of.is_numbered() => {
            return Err(Unsupported::new(
                "an array of serial",
                "only a column is numbered; use integer or bigint",
            ));
        }
        ColumnType::Array { of } => format!("{}[]", type_name(of)?),
        ColumnType::Enum { name, .. } => POSTGRES.quote_name(name),
        ColumnType::Other { spelled } => spelled.clone(),
        other => return Err(unknown_type(other)),
    })
}

/// `bigint`, `character varying(20)`, `timestamp without time zone`, `text[]`: as a definition
/// says it and as `format_type` does.
fn read_type(spelled: &str) -> ColumnType {
    if let Some(of) = spelled.trim_end().strip_suffix("[]") {
        return match read_type(of) {
            ColumnType::Other { .. } => ColumnType::Other { spelled: spelled.trim().to_owned() },
            of => ColumnType::Array { of: Box::new(of) },
        };
    }
    let (word, numbers, behind) = taken_apart(spelled);
    match (word.as_str(), numbers.as_slice(), behind.as_str()) {
        ("smallint" | "int2", [], "") => ColumnType::Smallint,
        ("integer" | "int" | "int4", [], "") => ColumnType::Integer,
        ("bigint" | "int8", [], "") => ColumnType::Bigint,
        ("serial" | "serial4", [], "") => ColumnType::Serial,
        ("bigserial" | "serial8", [], "") => ColumnType::Bigserial,
        ("real" | "float4", [], "") => ColumnType::Float,
        ("double precision" | "float8", [], "") => ColumnType::Double,
        ("numeric" | "decimal", [precision], "") => {
            ColumnType::Decimal { precision: *precision, scale: 0 }
        }
        ("numeric" | "decimal", [precision, scale], "") => {
            ColumnType::Decimal { precision: *precision, scale: *scale }
        }
        ("boolean" | "bool", [], "") => ColumnType::Boolean,
        ("date", [], "") => ColumnType::Date,
        ("time" | "time without time zone", [], "") => ColumnType::Time,
        ("timestamp" | "timestamp without time zone", [], "") => ColumnType::Timestamp,
        ("timestamptz" | "timestamp with time zone", [], "") => ColumnType::Timestamptz,
        ("uuid", [], "") => ColumnType::Uuid,
        ("json", [], "") => ColumnType::Json,
        ("jsonb", [], "") => ColumnType::Jsonb,
        ("bytea", [], "") => ColumnType::Bytes,
        ("text", [], "") => ColumnType::Text { length: None },
        ("varchar" | "character varying", [length], "") => ColumnType::Varchar { length: *length },
        _ => ColumnType::Other { spelled: spelled.trim().to_owned() },
    }
}

/// Assignment casts do the rest by themselves, and refuse what doesn't fit, where an explicit
/// cast would cut it (manual, "Type Conversion").
fn conversion(column: &str, from: &ColumnType, to: &ColumnType) -> Option<String> {
    use ColumnType::{Array, Boolean, Bytes, Integer, Serial};
    let spelled = type_name(&to.unnumbered()).ok()?;
    match (Family::of(from), Family::of(to)) {
        // Texts are kept as what they say, not as what they would be written as.
        (Family::Other, Family::Text) if *from == Bytes => {
            Some(format!("convert_from({column}, 'UTF8')"))
        }
        (Family::Text, Family::Other) if *to == Bytes => {
            Some(format!("convert_to({column}, 'UTF8')"))
        }
        // Between two enums there is no cast but by way of the text.
        _ if to.enumeration().is_some() && from.enumeration().is_some() => {
            let list = if matches!(to, Array { .. }) { "[]" } else { "" };
            Some(format!("{column}::TEXT{list}::{spelled}"))
        }
        _ if matches!((from, to), (Array { .. }, Array { .. })) => {
            Some(format!("{column}::{spelled}"))
        }
        (from, to) if from == to => None,
        (_, Family::Text) => None,
        (Family::Number, Family::Other) if *to == Boolean => Some(format!("{column} <> 0")),
        // Of all numbers only an integer can be had from a truth value.
        (Family::Other, Family::Number) if *from == Boolean && !matches!(to, Integer | Serial) => {
            Some(format!("{column}::INTEGER::{spelled}"))
        }
        _ => Some(format!("{column}::{spelled}")),
    }
}

/// Types between which values are assigned without a cast being written.
#[derive(PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Moment,
    Json,
    Other,
}

impl Family {
    fn of(data_type: &ColumnType) -> Self {
        use ColumnType as T;
        match data_type {
            T::Varchar { .. } | T::Text { .. } => Self::Text,
            T::Smallint
            | T::Integer
            | T::Bigint
            | T::Serial
            | T::Bigserial
            | T::Float
            | T::Double
            | T::Decimal { .. } => Self::Number,
            T::Date | T::Timestamp | T::Timestamptz => Self::Moment,
            T::Json | T::Jsonb => Self::Json,
            _ => Self::Other,
        }
    }
}

fn built_in(which: BuiltIn, data_type: &ColumnType) -> String {
    let text = match (which, data_type) {
        (BuiltIn::NewUuid, _) => "gen_random_uuid()",
        (BuiltIn::Now, ColumnType::Date) | (BuiltIn::Today, _) => "CURRENT_DATE",
        (BuiltIn::Now, ColumnType::Time) | (BuiltIn::CurrentTime, _) => "LOCALTIME",
        (BuiltIn::Now, _) => "CURRENT_TIMESTAMP",
        (BuiltIn::True, _) => "true",
        (BuiltIn::False, _) => "false",
        (BuiltIn::Null, _) => "NULL",
        (BuiltIn::Zero, _) => "0",
        (BuiltIn::Blank, _) => "''",
        (BuiltIn::Array, ColumnType::Array { .. }) => "'{}'",
        (BuiltIn::Array, _) => "'[]'",
        (BuiltIn::Object, _) => "'{}'",
    };
    text.to_owned()
}

/// What a name without a namespace is made in and looked for in.
fn namespace(dialect: &Dialect, table: &Name) -> String {
    match &table.namespace {
        Some(it) => dialect.literal(it),
        None => "current_schema()".to_owned(),
    }
}

/// How an index `x` stands, for a look.
const STATE: &str = "CASE WHEN x.indisvalid THEN 'usable' WHEN EXISTS (\
    SELECT FROM pg_catalog.pg_stat_progress_create_index b WHERE b.index_relid = x.indexrelid) \
    THEN 'being built' ELSE 'unusable' END";

fn look(dialect: &Dialect, object: &Object) -> String {
    let of = |table: &Name| {
        format!(
            "n.nspname = {} AND c.relname = {}",
            namespace(dialect, table),
            dialect.literal(&table.name)
        )
    };
    match object {
        Object::Table(table) => format!(
            "SELECT c.relname, NULL, pg_catalog.obj_description(c.oid, 'pg_class'), \
             pg_catalog.concat_ws(pg_catalog.chr(10), pg_catalog.array_to_string(c.reloptions, \
             pg_catalog.chr(10)), CASE c.relpersistence WHEN 'u' THEN 'unlogged=true' END, \
             CASE c.relreplident WHEN 'f' THEN 'replica_identity=full' \
             WHEN 'n' THEN 'replica_identity=nothing' END, \
             (SELECT 'access_method=' || m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam), \
             (SELECT pg_catalog.string_agg('toast_' || o.said, pg_catalog.chr(10)) \
             FROM pg_catalog.pg_class t, pg_catalog.unnest(t.reloptions) o (said) \
             WHERE t.oid = c.reltoastrelid), \
             (SELECT 'tablespace=' || s.spcname FROM pg_catalog.pg_tablespace s \
             WHERE s.oid = c.reltablespace)) \
             FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND c.relkind IN ('r', 'p')",
            of(table)
        ),
        Object::View(view) => format!(
            "SELECT c.relname FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND c.relkind = 'v'",
            of(view)
        ),
        Object::MaterializedView(view) => format!(
            "SELECT c.relname FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND c.relkind = 'm'",
            of(view)
        ),
        Object::Routine(RoutineName::Trigger(table, trigger)) => format!(
            "SELECT t.tgname FROM pg_catalog.pg_trigger t \
             JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND t.tgname = {}",
            of(table),
            dialect.literal(trigger)
        ),
        Object::Routine(RoutineName::Function(routine) | RoutineName::Procedure(routine)) => {
            format!(
                "SELECT p.proname FROM pg_catalog.pg_proc p \
                 JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
                 WHERE n.nspname = {} AND p.proname = {}",
                namespace(dialect, routine),
                dialect.literal(&routine.name)
            )
        }
        Object::Column(table, column) => format!(
            "SELECT pg_catalog.format_type(a.atttypid, a.atttypmod), \
             CASE WHEN a.attnotnull THEN 'no' ELSE 'yes' END, \
             pg_catalog.pg_get_expr(d.adbin, d.adrelid), CASE a.attgenerated \
             WHEN 's' THEN 'STORED ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) \
             WHEN 'v' THEN 'VIRTUAL ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) END, \
             pg_catalog.col_description(a.attrelid, a.attnum), NULL, \
             (SELECT o.collname FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation), \
             (SELECT o.collname FROM pg_catalog.pg_collation o \
             JOIN pg_catalog.pg_type t ON t.typcollation = o.oid WHERE t.oid = a.atttypid), \
             CASE a.attidentity WHEN 'a' THEN 'ALWAYS ' WHEN 'd' THEN 'BY DEFAULT ' END || \
             (SELECT s.seqstart || ' ' || s.seqincrement FROM pg_catalog.pg_sequence s \
             JOIN pg_catalog.pg_depend o ON o.objid = s.seqrelid \
             WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
             AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.deptype = 'i' \
             AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum), {} \
             FROM pg_catalog.pg_attribute a \
             JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
             WHERE {} AND a.attname = {} AND a.attnum > 0 AND NOT a.attisdropped",
            column_options::SHOWN,
            of(table),
            dialect.literal(column)
        ),
        Object::Index(table, index) => format!(
            "SELECT i.relname, {STATE} FROM pg_catalog.pg_index x \
             JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid \
             JOIN pg_catalog.pg_class c ON c.oid = x.indrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND i.relname = {}",
            of(table),
            dialect.literal(index)
        ),
        Object::ForeignKey(table, key) => format!(
            "SELECT k.conname FROM pg_catalog.pg_constraint k \
             JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND k.conname = {} AND k.contype = 'f'",
            of(table),
            dialect.literal(key)
        ),
        Object::AutoUpdate(table, column) => format!(
            "SELECT t.tgname FROM pg_catalog.pg_trigger t \
             JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND t.tgname = {}",
            of(table),
            dialect.literal(&auto_update_name(dialect, table, column))
        ),
        Object::Function(function) => format!(
            "SELECT p.proname FROM pg_catalog.pg_proc p \
             JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
             WHERE n.nspname = {} AND p.proname = {} AND p.pronargs = 0",
            namespace(dialect, function),
            dialect.literal(&function.name)
        ),
        Object::Constraint(table, name) => format!(
            "SELECT k.conname FROM pg_catalog.pg_constraint k \
             JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE {} AND k.conname = {} AND k.contype <> 'f'",
            of(table),
            dialect.literal(name)
        ),
        Object::PrimaryKey(table) => format!(
            "SELECT a.attname FROM pg_catalog.pg_constraint k \
             JOIN pg_catalog.pg_class c ON c.oid = k.conrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             CROSS JOIN LATERAL pg_catalog.unnest(k.conkey) WITH ORDINALITY AS p (attnum, place) \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.attnum \
             WHERE {} AND k.contype = 'p' ORDER BY p.place",
            of(table)
        ),
        Object::Partition(table, partition) => format!(
            // Before PostgreSQL 14 there is no such column, and nothing pending.
            "SELECT p.relname, CASE \
             WHEN (pg_catalog.to_jsonb(h) ->> 'inhdetachpending')::boolean THEN 'pending' \
             ELSE 'attached' END \
             FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhrelid \
             WHERE h.inhparent = pg_catalog.to_regclass({}) AND p.oid = pg_catalog.to_regclass({}) \
             AND p.relispartition",
            dialect.literal(&dialect.quote_name(table)),
            dialect.literal(&dialect.quote_name(partition))
        ),
        // Those of the table's own indexes and of those of its long values; PostgreSQL numbers
        // the names where one is taken.
        Object::Leftovers(name) => format!(
            "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(i.relname), \
             {STATE} FROM pg_catalog.pg_index x \
             JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid \
             JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace \
             WHERE NOT x.indisvalid AND i.relname ~ '_cc(new|old)[0-9]*$' AND x.indrelid IN ( \
             SELECT pg_catalog.unnest(ARRAY[c.oid, c.reltoastrelid]) FROM pg_catalog.pg_class c \
             WHERE c.oid = COALESCE((SELECT o.indrelid FROM pg_catalog.pg_index o \
             WHERE o.indexrelid = {name}), {name})) ORDER BY 1",
            name = format_args!(
                "pg_catalog.to_regclass({})",
                dialect.literal(&dialect.quote_name(name))
            )
        ),
        // Found by the search path, as the statement finds it. Whether it is usable isn't asked:
        // a concurrent drop that died leaves it unusable, and is run again.
        Object::LoneIndex(index) => format!(
            "SELECT c.relname FROM pg_catalog.pg_class c \
             WHERE c.oid = pg_catalog.to_regclass({}) AND c.relkind IN ('i', 'I')",
            dialect.literal(&dialect.quote_name(index))
        ),
        Object::Type(name) => format!(
            "SELECT t.typname FROM pg_catalog.pg_type t \
             WHERE t.oid = pg_catalog.to_regtype({})",
            dialect.literal(&dialect.quote_name(name))
        ),
        Object::Namespace(namespace) => format!(
            "SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname = {}",
            dialect.literal(namespace)
        ),
        Object::EnumValue(name, value) => format!(
            "SELECT e.enumlabel FROM pg_catalog.pg_enum e \
             WHERE e.enumtypid = pg_catalog.to_regtype({}) AND e.enumlabel = {}",
            dialect.literal(&dialect.quote_name(name)),
            dialect.literal(value)
        ),
    }
}

/// What the last `ANALYZE` found; where there was none, what was counted as rows came and went.
fn estimate(dialect: &Dialect, table: &Name) -> String {
    format!(
        "SELECT CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint \
         ELSE pg_catalog.pg_stat_get_live_tuples(c.oid) END \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = {} AND c.relname = {}",
        namespace(dialect, table),
        dialect.literal(&table.name)
    )
}

fn ties(dialect: &Dialect, table: &Name) -> String {
    let condition = |class: &str| {
        format!(
            "{class}.oid = (SELECT c.oid FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = {} AND c.relname = {} AND c.relkind IN ('r', 'p'))",
            namespace(dialect, table),
            dialect.literal(&table.name)
        )
    };
    format!(
        "SELECT CASE WHEN k.contype = 'c' THEN 'check' WHEN k.conrelid = k.confrelid THEN 'own' \
         WHEN {own} THEN 'points' ELSE 'pointed' END, n.nspname, t.relname, k.conname, \
         (SELECT coalesce(json_agg(a.attname), '[]')::text FROM pg_catalog.pg_attribute a \
         WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)), \
         'CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' || \
         pg_catalog.pg_get_constraintdef(k.oid) \
         FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class t ON t.oid = k.conrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
         LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid \
         WHERE k.contype IN ('f', 'c') AND ({own} OR {target}) ORDER BY k.conname, t.oid",
        own = condition("t"),
        target = condition("f"),
    )
}

/// `format_type` spells types out that definitions write short.
fn catalog_type(text: &str) -> String {
    let text = text.to_lowercase().replace('"', "");
    let zone = if text.contains(" with time zone") { "tz" } else { "" };
    let text = text.replace(" with time zone", "").replace(" without time zone", "");
    let text = text
        .replace("character varying", "varchar")
        .replace("numeric", "decimal")
        .replace("bigserial", "bigint")
        .replace("serial", "integer");
    let (of, list) = match text.strip_suffix("[]") {
        Some(of) => (of, "[]"),
        None => (text.as_str(), ""),
    };
    let (word, numbers) = of.split_at(of.find('(').unwrap_or(of.len()));
    let (word, least) = match word.trim_end() {
        "char" | "character" => ("character", "(1)"),
        "bit" => ("bit", "(1)"),
        "varbit" => ("bit varying", ""),
        other => (other, ""),
    };
    let numbers = if numbers.is_empty() { least } else { numbers };
    format!("{word}{numbers}{zone}{list}")
}
