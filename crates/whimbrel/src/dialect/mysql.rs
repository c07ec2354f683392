//! MySQL 8.0 to 9.

mod catalog;
mod charset;
mod enumeration;
mod expression;

use super::{
    AddColumn, AlterColumn, AlterPrimaryKey, AlterRoutine, AlterView, AutoUpdate, BuiltIn, Catalog,
    Charsets, ColumnOptions, Comments, Constraints, Ddl, Defaults, Dialect, DropColumn, Enums,
    Existence, ForeignKeys, Generation, Identities, Indexes, Keeping, Ledger, Lexical, Lock,
    LongestName, Looking, Methods, Namespaces, Numbering, Packing, Parameters, RenameIndex,
    RenameTable, Routines, RowWords, SayColumnOptions, SayOptions, SetAside, TableOptions, Types,
    Uniques, Unsupported, Upserting, Views, is_constant, taken_apart, unknown_type, waiting,
};
use crate::{
    connection::DatabaseError,
    schema::{Action, ColumnType, Database, Name},
};

/// MySQL.
pub const MYSQL: Dialect = Dialect {
    name: "mysql",
    aliases: &[],
    like: None,
    product: "MySQL",
    databases: &[Database::Mysql],
    quotes: ('`', '`'),
    longest_name: LongestName::Characters(64),
    case: super::Case::InTables,
    lexical: Lexical {
        backslash_escapes: true,
        escape_strings: false,
        dollar_quotes: false,
        backtick_names: true,
        bracket_names: false,
        double_quoted_names: false,
        nested_comments: false,
        hash_comments: true,
        dashes_need_space: true,
        executable_comments: true,
        mariadb_comments: false,
        return_ends_comment: false,
        folds_names: false,
        parameters: Parameters::Variables,
        keys_in_tables: true,
        collations_of_text: true,
        delimiter_command: true,
        atomic_bodies: false,
        compound_bodies: true,
    },
    ddl: Ddl::Autocommit,
    drops_together: true,
    ledger: Ledger {
        key: "varchar(255)",
        text: "longtext",
        number: "bigint",
        moment: "datetime(6)",
        now: "utc_timestamp(6)",
        later: ["timestampadd(SECOND, ", ", utc_timestamp(6))"],
        suffix: " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    },
    catalog: Catalog::InformationSchema,
    lock: Lock::Named,
    sessions: super::Sessions::CONNECTIONS,
    waiting: waiting::OF_MYSQL,
    unenforced: None,
    reset_session: &[
        "SET SESSION autocommit = 1, foreign_key_checks = DEFAULT, unique_checks = DEFAULT, \
         sql_mode = DEFAULT, time_zone = DEFAULT, lock_wait_timeout = DEFAULT, \
         innodb_lock_wait_timeout = DEFAULT",
        "SET NAMES utf8mb4",
    ],
    drop_temporary: "DROP TEMPORARY TABLE IF EXISTS ",
    reset_role: Some("SET ROLE DEFAULT"),
    half_done: None,
    namespaces: Namespaces::Databases { inside: catalog::inside },
    types: Types {
        name: type_name,
        read: read_type,
        enums: Enums::Inline,
        numbering: Numbering::InKey,
        no_collation: |it| {
            matches!(it, ColumnType::Array { .. }).then_some(
                "lists are JSON here, which has a collation of its own; say the collation for \
                 PostgreSQL alone",
            )
        },
        identities: Identities::AsNumbered {
            no_always: "a row can always bring a number of its own; leave `always` out",
            no_increment: "the step is the server's (`auto_increment_increment`), for all tables \
                           alike; leave it out",
        },
        // Without `explicit_defaults_for_timestamp` (MariaDB before 10.10) such a column is
        // NOT NULL unless it says otherwise.
        says_null: |it| matches!(it, ColumnType::Timestamptz),
        conversion: |_, _, _| None,
    },
    defaults: Defaults { booleans: ["0", "1"], unlogged: UNLOGGED, bare, built_in },
    generation: Generation {
        no_virtual: None,
        always_nullable: None,
        tied_names: true,
        pins_types: false,
        expression: expression::plain,
    },
    auto_update: AutoUpdate::Clause(|it| {
        digits(it).map(|digits| format!("ON UPDATE CURRENT_TIMESTAMP{digits}"))
    }),
    charsets: Some(Charsets {
        usual_collation: charset::usual_collation,
        of_collation: charset::of_collation,
        writes: charset::writes,
    }),
    column_options: ColumnOptions {
        said: SayColumnOptions::Nowhere,
        usual: |_, _| None,
        refused: |_, _, _| None,
        since: &[],
    },
    table_options: TableOptions {
        said: SayOptions::Assignments,
        usual: &[
            ("engine", "InnoDB"),
            ("row_format", "dynamic"),
            ("collation", "utf8mb4_unicode_ci"),
        ],
        // MariaDB's engine Aria is so unless it is told otherwise.
        unsaid: &["partitioned", "transactional=1"],
        folds_names: true,
        since: &[],
    },
    table_suffix: " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci",
    // Manual, "CREATE TABLE Statement".
    comments: Comments::InDefinition { column: 1024, table: 2048 },
    add_column: AddColumn::Clause,
    alter_column: AlterColumn::Restate,
    drop_column: DropColumn::Clause,
    alter_primary_key: AlterPrimaryKey::Clauses,
    rename_table: RenameTable::Statement,
    set_aside: SetAside::Name,
    foreign_keys: ForeignKeys::Clauses {
        drop: "DROP FOREIGN KEY",
        no_set_default: Some(
            "InnoDB refuses SET DEFAULT (manual, \"FOREIGN KEY Constraints\"); use SET NULL, \
             CASCADE or RESTRICT",
        ),
        no_deferral: Some(
            "InnoDB looks at each row at once (manual, \"FOREIGN KEY Constraints\"); leave it out, \
             or write rows in the order of their keys",
        ),
        pins_types: true,
        pins_index: false,
    },
    rows: RowWords {
        upserting: Upserting::OnDuplicateKey,
        bytes: |digits| format!("x'{digits}'"),
        shown: pack,
        packing: Packing::List { pack, unpack, joined: true },
        // `INSERT … SELECT` locks the gaps as well (manual, "Locks Set by Different SQL Statements
        // in InnoDB").
        hold: None,
        // Manual, "Server SQL Modes", NO_AUTO_VALUE_ON_ZERO. The mode is the session's, so that it
        // goes with it, and whatever it was before comes back.
        zero: Some([
            "SET @whimbrel_sql_mode = @@SESSION.sql_mode, \
             SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
            "SET SESSION sql_mode = @whimbrel_sql_mode",
        ]),
    },
    // A check that speaks of a column keeps its name (error 3959); names of checks are those of the
    // database (manual, "CHECK Constraints").
    constraints: Constraints::Clauses { follow_renames: false, shared_names: true, renamed: false },
    // Manual, "CREATE TABLE Statement": UNIQUE creates a constraint by creating an index.
    uniques: Uniques {
        are_indexes: true,
        no_deferral: Some(
            "it looks at each row at once; leave it out, or write rows in an order in which no \
             two are ever alike",
        ),
        no_equal_nulls: Some(
            "nulls always count as different; let the columns be `nullable: false`, or use a \
             unique index over an expression such as `ifnull(name, '')`",
        ),
    },
    views: Views {
        alter: AlterView::Replace,
        no_rows: Some(
            "its views are read anew each time; use a view, or a table that you fill yourself",
        ),
        as_written: false,
    },
    routines: Routines {
        alter_trigger: AlterRoutine::Anew,
        alter: AlterRoutine::Anew,
        no_functions: None,
        triggers_as_written: true,
        triggers_by_table: false,
        by_arguments: false,
    },
    indexes: Indexes {
        in_create_table: true,
        of_table: true,
        methods: Methods::BehindColumns(&["btree", "hash"]),
        rename: RenameIndex::InTable,
        no_filter: Some(
            "it has no index of some rows only, and an index of all rows is another one, which \
             refuses more where it is unique; drop the filter, or index a computed column that is \
             null in the other rows",
        ),
        refused: |it, prefix| match it {
            ColumnType::Text { .. } | ColumnType::Bytes => {
                type_name(it).is_ok_and(|it| it.starts_with("LONG") && prefix.is_none()).then_some(
                    "it indexes texts of any length only in part; use varchar(…), or say of the \
                     index how much of them counts: a `prefix`",
                )
            }
            ColumnType::Json | ColumnType::Jsonb | ColumnType::Array { .. } => {
                Some("it can't index JSON; index a computed column that takes a value out of it")
            }
            _ => None,
        },
        no_expressions: None,
        no_prefix: None,
        no_collation: Some(
            "a part of an index has the column's collation; give the column another one, or index \
             an expression such as `(name COLLATE utf8mb4_bin)`",
        ),
        no_operator_class: Some("it has none; say the class for PostgreSQL alone"),
        null_is_greatest: false,
        no_nulls: Some("its indexes always have nulls as the least values"),
        no_include: Some("it has no such columns; put them behind the others of the index"),
        no_equal_nulls: Some(
            "nulls always count as different; index an expression such as `ifnull(name, '')`",
        ),
        // Error 3837.
        expressions_pin_names: true,
    },
    keeping: Keeping {
        // InnoDB makes a tree whatever is said (manual, "CREATE INDEX Statement").
        method: |_| None,
        expression: expression::plain,
        condition: expression::plain,
        default: catalog::kept_default,
        // InnoDB refuses at once either way (manual, "FOREIGN KEY Constraints").
        action: |it| if it == Action::Restrict { Action::NoAction } else { it },
        foreign_key_index: true,
        collation: |it| Some(catalog::collation(it)),
        usual_collation: "utf8mb4_unicode_ci",
        ..Keeping::AS_SAID
    },
    looking: Looking {
        look: catalog::look,
        type_name: catalog::type_name,
        default: expression::plain,
        live: |dialect, table| vec![format!("SHOW CREATE TABLE {}", dialect.quote_name(table))],
        estimate: catalog::estimate,
        ties: catalog::ties,
        uncovered: Some(catalog::UNCOVERED),
        speaking: catalog::SPEAKING,
        information_schema: Some(catalog::WORDS),
    },
    existence,
};

/// By the numbers of the errors that name an object (manual, "Server Error Message Reference").
fn existence(error: &DatabaseError) -> Option<Existence> {
    match error.code.as_deref()? {
        "1007" | "1050" | "1060" | "1061" | "1826" | "3822" => Some(Existence::There),
        "1008" | "1051" | "1054" | "1091" | "1146" | "1176" | "3821" | "3940" | "4092" => {
            Some(Existence::Missing)
        }
        _ => None,
    }
}

/// Manual, "Determination of Safe and Unsafe Statements in Binary Logging"; error 1674.
const UNLOGGED: &[&str] = &[
    "load_file",
    "rand",
    "random_bytes",
    "session_user",
    "sysdate",
    "system_user",
    "user",
    "uuid",
    "uuid_short",
];

/// Longest `VARCHAR` of four-byte characters that a row of 65,535 bytes holds.
const LONGEST_VARCHAR: u32 = 16_383;

fn type_name(data_type: &ColumnType) -> Result<String, Unsupported> {
    Ok(match data_type {
        ColumnType::Varchar { length } if *length > LONGEST_VARCHAR => {
            return Err(Unsupported::new(
                format!("varchar({length})"),
                format!("a row has room for {LONGEST_VARCHAR} characters; use text()"),
            ));
        }
        ColumnType::Varchar { length } => format!("VARCHAR({length})"),
        ColumnType::Text { length: Some(length) } if *length <= LONGEST_VARCHAR => {
            format!("VARCHAR({length})")
        }
        // "Of any length": TEXT and BLOB end at 65,535 bytes.
        ColumnType::Text { .. } => "LONGTEXT".to_owned(),
        ColumnType::Bytes => "LONGBLOB".to_owned(),
        ColumnType::Smallint => "SMALLINT".to_owned(),
        ColumnType::Integer => "INT".to_owned(),
        ColumnType::Bigint => "BIGINT".to_owned(),
        ColumnType::Serial => "INT AUTO_INCREMENT".to_owned(),
        ColumnType::Bigserial => "BIGINT AUTO_INCREMENT".to_owned(),
        ColumnType::Float => "FLOAT".to_owned(),
        ColumnType::Double => "DOUBLE".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("DECIMAL({precision},{scale})"),
        ColumnType::Boolean => "TINYINT(1)".to_owned(),
        ColumnType::Date => "DATE".to_owned(),
        // Microseconds, which other databases keep unasked.
        ColumnType::Time => "TIME(6)".to_owned(),
        // TIMESTAMP shifts with the session's time zone and ends in 2038; a time without a zone
        // does neither.
        ColumnType::Timestamp => "DATETIME(6)".to_owned(),
        // The one type here that is a moment.
        ColumnType::Timestamptz => "TIMESTAMP(6)".to_owned(),
        ColumnType::Uuid => "CHAR(36)".to_owned(),
        // There are no lists; JSON at least checks that it is one text of values.
        ColumnType::Json | ColumnType::Jsonb | ColumnType::Array { .. } => "JSON".to_owned(),
        ColumnType::Enum { values, .. } => enumeration::type_name(values)?,
        ColumnType::Other { spelled } => spelled.clone(),
        other => return Err(unknown_type(other)),
    })
}

/// `int`, `varchar(20)`, `datetime(6)`; widths of whole numbers say nothing but for `tinyint(1)`.
fn read_type(spelled: &str) -> ColumnType {
    if let Some(values) = enumeration::values(spelled) {
        // The type has no name here.
        return ColumnType::Enum { name: Box::new(Name::new("")), values };
    }
    let (word, numbers, behind) = taken_apart(spelled);
    match (word.as_str(), numbers.as_slice(), behind.as_str()) {
        ("int auto_increment", [], "") | ("int", [_], "auto_increment") => ColumnType::Serial,
        ("bigint auto_increment", [], "") | ("bigint", [_], "auto_increment") => {
            ColumnType::Bigserial
        }
        ("int" | "integer", [] | [_], "") => ColumnType::Integer,
        ("smallint", [] | [_], "") => ColumnType::Smallint,
        ("bigint", [] | [_], "") => ColumnType::Bigint,
        ("tinyint", [1], "") => ColumnType::Boolean,
        ("float", [], "") => ColumnType::Float,
        ("double" | "double precision" | "real", [], "") => ColumnType::Double,
        ("decimal" | "numeric", [precision, scale], "") => {
            ColumnType::Decimal { precision: *precision, scale: *scale }
        }
        ("date", [], "") => ColumnType::Date,
        ("time", [6], "") => ColumnType::Time,
        ("datetime", [6], "") => ColumnType::Timestamp,
        ("timestamp", [6], "") => ColumnType::Timestamptz,
        ("varchar", [length], "") => ColumnType::Varchar { length: *length },
        ("longtext", [], "") => ColumnType::Text { length: None },
        ("longblob", [], "") => ColumnType::Bytes,
        ("json", [], "") => ColumnType::Json,
        ("char", [36], "") => ColumnType::Uuid,
        // The number is a width for display, which later versions don't say any more.
        ("tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year", [_], it)
            if !it.contains("zerofill") =>
        {
            ColumnType::Other { spelled: format!("{word} {behind}").trim_end().to_owned() }
        }
        _ => ColumnType::Other { spelled: spelled.trim().to_owned() },
    }
}

/// A literal, or the moment, with the digits of the column's type as the server demands them to
/// agree (manual, "Data Type Default Values"). Texts of any length and JSON take expressions only.
fn bare(expression: &str, data_type: &ColumnType) -> Option<String> {
    if type_name(data_type).is_ok_and(|it| takes_expressions_only(&it)) {
        return expression.eq_ignore_ascii_case("null").then(|| expression.to_owned());
    }
    if is_constant(expression) {
        return Some(expression.to_owned());
    }
    let digits = digits(data_type)?;
    let words = expression.to_ascii_lowercase().replace("now()", "current_timestamp");
    let words: String = words.replace("()", "").replace("(6)", "").replace(&digits, "");
    let words: Vec<&str> = words.split_whitespace().collect();
    match words[..] {
        ["current_timestamp"] => Some(format!("CURRENT_TIMESTAMP{digits}")),
        ["current_timestamp", "on", "update", "current_timestamp"] => {
            Some(format!("CURRENT_TIMESTAMP{digits} ON UPDATE CURRENT_TIMESTAMP{digits}"))
        }
        ["null", "on", "update", "current_timestamp"] => {
            Some(format!("NULL ON UPDATE CURRENT_TIMESTAMP{digits}"))
        }
        _ => None,
    }
}

/// The digits behind the second of a moment's type, in parentheses; `None` for other types.
fn digits(data_type: &ColumnType) -> Option<String> {
    let spelled = type_name(data_type).ok()?;
    let (word, numbers, behind) = taken_apart(&spelled);
    let is_moment = matches!(word.as_str(), "datetime" | "timestamp") && behind.is_empty();
    is_moment.then(|| numbers.first().map(|it| format!("({it})")).unwrap_or_default())
}

/// Texts of any length, JSON and shapes have no literal for a default (manual, "Data Type Default
/// Values").
fn takes_expressions_only(spelled: &str) -> bool {
    let end = spelled.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(spelled.len());
    let word = spelled[..end].to_ascii_lowercase();
    ["text", "blob", "json", "geometry", "point", "linestring", "polygon", "collection"]
        .iter()
        .any(|it| word.ends_with(it))
}

fn built_in(which: BuiltIn, data_type: &ColumnType) -> String {
    let text = match (which, data_type) {
        (BuiltIn::NewUuid, _) => "(uuid())",
        (BuiltIn::Now, ColumnType::Date) | (BuiltIn::Today, _) => "(CURRENT_DATE)",
        (BuiltIn::Now, ColumnType::Time) | (BuiltIn::CurrentTime, _) => "(CURRENT_TIME(6))",
        (BuiltIn::Now, ColumnType::Timestamp | ColumnType::Timestamptz) => "CURRENT_TIMESTAMP(6)",
        (BuiltIn::Now, _) => "(CURRENT_TIMESTAMP(6))",
        (BuiltIn::True, _) => "1",
        (BuiltIn::False | BuiltIn::Zero, _) => "0",
        (BuiltIn::Null, _) => "NULL",
        (BuiltIn::Blank, _) => "''",
        (BuiltIn::Array, _) => "'[]'",
        (BuiltIn::Object, _) => "'{}'",
    };
    text.to_owned()
}

/// A value as text: bytes and what there is no word for digit by digit, as JSON holds text only; a
/// number of single precision with all its digits.
fn pack(column: &str, data_type: &ColumnType) -> String {
    match data_type {
        ColumnType::Bytes | ColumnType::Other { .. } => format!("hex(CAST({column} AS BINARY))"),
        ColumnType::Float | ColumnType::Double => format!("CAST({column} + 0e0 AS CHAR)"),
        _ => format!("CAST({column} AS CHAR)"),
    }
}

fn unpack(list: &str, at: usize, data_type: &ColumnType) -> String {
    let item = format!("json_extract({list}, '$[{at}]')");
    let text = match data_type {
        ColumnType::Bytes | ColumnType::Other { .. } => format!("unhex(json_unquote({item}))"),
        _ => format!("json_unquote({item})"),
    };
    format!("if(json_type({item}) = 'NULL', NULL, {text})")
}
