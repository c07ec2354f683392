//! What MySQL's `information_schema` says, and how it is asked.

use super::{
    super::{Dialect, InformationSchema, Object},
    MYSQL, enumeration, expression,
};
use crate::schema::{ColumnType, Name, RoutineName};

/// What an expression in a column of `information_schema` says. MySQL shows each byte of its letters as a
/// letter of its own there (`Ã¼` for `ü`), which is told by there being no others, and has one more
/// backslash before each quote and each backslash (`_utf8mb4\'a\'`).
macro_rules! said {
    ($column:literal) => {
        concat!(
            "REPLACE(REPLACE(IF(LENGTH(",
            $column,
            ") = CHAR_LENGTH(",
            $column,
            ") OR HEX(CONVERT(",
            $column,
            " USING utf16)) NOT REGEXP '^(00..)*$', ",
            $column,
            ", COALESCE(CONVERT(UNHEX(REGEXP_REPLACE(HEX(CONVERT(",
            $column,
            " USING utf16)), '00(..)', '$1')) USING utf8mb4), ",
            $column,
            ")), '\\\\''', ''''), '\\\\\\\\', '\\\\')"
        )
    };
}

/// How MySQL's own is asked.
pub(super) const WORDS: InformationSchema = InformationSchema {
    default: DEFAULT,
    expression: shown_expression,
    reference_system: "SRS_ID",
    indexed: "EXPRESSION",
    hidden_index: "IF(IS_VISIBLE = 'NO', 'INVISIBLE', NULL)",
    language: "NULLIF(EXTERNAL_LANGUAGE, 'SQL')",
    algorithm: "NULL",
    checks: concat!(
        "t.TABLE_NAME, t.CONSTRAINT_NAME, NULL, ",
        said!("c.CHECK_CLAUSE"),
        ", IF(t.ENFORCED = 'NO', ' NOT ENFORCED', '') \
             FROM information_schema.TABLE_CONSTRAINTS AS t \
             JOIN information_schema.CHECK_CONSTRAINTS AS c \
             ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA \
             AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'"
    ),
    json_is_text: false,
    periods: None,
};

/// `COLUMN_DEFAULT` holds a literal without its quotes. The default is a part of what happens on
/// update: `NULL ON UPDATE CURRENT_TIMESTAMP`.
const DEFAULT: &str = concat!(
    "IF(COLUMN_DEFAULT IS NULL AND EXTRA NOT LIKE '%on update%', NULL, CONCAT(\
     COALESCE(CASE \
     WHEN EXTRA LIKE '%DEFAULT_GENERATED%' \
     THEN ",
    said!("COLUMN_DEFAULT"),
    " WHEN DATA_TYPE IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'float', \
     'double', 'bit', 'year', 'binary', 'varbinary') THEN COLUMN_DEFAULT \
     ELSE CONCAT('''', REPLACE(REPLACE(COLUMN_DEFAULT, '\\\\', '\\\\\\\\'), '''', ''''''), '''') \
     END, 'NULL'), \
     IF(EXTRA LIKE '%on update%', CONCAT(' ON UPDATE ', \
     SUBSTRING_INDEX(SUBSTRING_INDEX(EXTRA, 'on update ', -1), ' ', 1)), '')))"
);

fn shown_expression(column: &str) -> String {
    said!("@@").replace("@@", column)
}

/// Where a table is found in `information_schema`, by columns whose names begin so.
fn place(dialect: &Dialect, prefix: &str, table: &Name) -> String {
    let namespace = match &table.namespace {
        Some(it) => dialect.literal(it),
        None => "DATABASE()".to_owned(),
    };
    let name = dialect.literal(&table.name);
    format!("{prefix}TABLE_SCHEMA = {namespace} AND {prefix}TABLE_NAME = {name}")
}

pub(super) fn estimate(dialect: &Dialect, table: &Name) -> String {
    format!("SELECT TABLE_ROWS FROM information_schema.TABLES WHERE {}", place(dialect, "", table))
}

/// What a table itself has stands in its definition.
pub(super) fn ties(dialect: &Dialect, table: &Name) -> String {
    let place = place(dialect, "REFERENCED_", table);
    // A table with triggers can't go into another namespace (error 1435).
    let triggers = table.namespace.as_ref().map(|namespace| {
        format!(
            " UNION ALL SELECT 'trigger', NULL, '', '', '[]', '' FROM information_schema.TRIGGERS \
             WHERE EVENT_OBJECT_SCHEMA = {} AND EVENT_OBJECT_TABLE = {}",
            dialect.literal(namespace),
            dialect.literal(&table.name)
        )
    });
    let triggers = triggers.unwrap_or_default();
    format!(
        "SELECT DISTINCT 'pointed', TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, '[]', '' \
         FROM information_schema.KEY_COLUMN_USAGE WHERE {place} \
         AND (TABLE_SCHEMA <> REFERENCED_TABLE_SCHEMA OR TABLE_NAME <> REFERENCED_TABLE_NAME)\
         {triggers} ORDER BY 2, 3, 4"
    )
}

/// Manual, "Alternative Storage Engines": what is written to such a table stays when the transaction
/// is rolled back. The servers' own tables are left out, as nobody's migrations write to them.
pub(super) const UNCOVERED: &str = "\
    SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.TABLE_SCHEMA = DATABASE() \
    FROM information_schema.TABLES AS t JOIN information_schema.ENGINES AS e ON e.ENGINE = t.ENGINE \
    WHERE e.TRANSACTIONS = 'NO' AND t.TABLE_SCHEMA NOT IN \
    ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 1, 2";

/// A statement on a view, on a table with a trigger, or with a call of a function, may write to a
/// table that it doesn't name.
pub(super) const SPEAKING: &[&str] = &[
    "SELECT TABLE_SCHEMA, TABLE_NAME, 1, VIEW_DEFINITION FROM information_schema.VIEWS \
     WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2",
    "SELECT EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, 1, ACTION_STATEMENT \
     FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1, 2, TRIGGER_NAME",
    "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, 1, ROUTINE_DEFINITION \
     FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1, 2",
];

pub(super) fn look(dialect: &Dialect, object: &Object) -> String {
    let of = |table: &Name| place(dialect, "", table);
    match object {
        Object::Table(table) => format!(
            "SELECT TABLE_NAME, NULL, NULLIF(TABLE_COMMENT, ''), CONCAT('engine=', ENGINE, CHAR(10), \
             'collation=', TABLE_COLLATION, CHAR(10), REPLACE(CREATE_OPTIONS, ' ', CHAR(10))) FROM information_schema.TABLES \
             WHERE {} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')",
            of(table)
        ),
        Object::View(view) => {
            format!("SELECT TABLE_NAME FROM information_schema.VIEWS WHERE {}", of(view))
        }
        Object::Routine(RoutineName::Trigger(table, trigger)) => {
            let namespace = table.namespace.as_ref().map(|it| dialect.literal(it));
            format!(
                "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS \
                 WHERE TRIGGER_SCHEMA = {} AND TRIGGER_NAME = {}",
                namespace.unwrap_or_else(|| "DATABASE()".to_owned()),
                dialect.literal(trigger)
            )
        }
        Object::Routine(
            name @ (RoutineName::Function(routine) | RoutineName::Procedure(routine)),
        ) => {
            let namespace = routine.namespace.as_ref().map(|it| dialect.literal(it));
            format!(
                "SELECT ROUTINE_NAME FROM information_schema.ROUTINES \
                 WHERE ROUTINE_SCHEMA = {} AND ROUTINE_NAME = {} AND ROUTINE_TYPE = {}",
                namespace.unwrap_or_else(|| "DATABASE()".to_owned()),
                dialect.literal(&routine.name),
                dialect.literal(&name.kind().to_uppercase())
            )
        }
        Object::Column(table, column) => format!(
            "SELECT COLUMN_TYPE, LOWER(IS_NULLABLE), {}, IF(COALESCE(GENERATION_EXPRESSION, '') = '', NULL, \
             CONCAT(IF(EXTRA LIKE '%STORED%' OR EXTRA LIKE '%PERSISTENT%', 'STORED ', 'VIRTUAL '), \
             {})), NULLIF(COLUMN_COMMENT, ''), NULL, COLLATION_NAME, (SELECT TABLE_COLLATION \
             FROM information_schema.TABLES WHERE {}), IF(EXTRA LIKE '%auto_increment%', 'BY DEFAULT', NULL) \
             FROM information_schema.COLUMNS WHERE {} AND COLUMN_NAME = {}",
            dialect.looking.information_schema.map_or("COLUMN_DEFAULT", |it| it.default),
            dialect
                .looking
                .information_schema
                .map_or_else(String::new, |it| (it.expression)("GENERATION_EXPRESSION")),
            of(table),
            of(table),
            dialect.literal(column)
        ),
        Object::Index(table, index) => format!(
            "SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS \
             WHERE {} AND INDEX_NAME = {}",
            of(table),
            dialect.literal(index)
        ),
        Object::ForeignKey(table, key) => format!(
            "SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS \
             WHERE {} AND CONSTRAINT_NAME = {} AND CONSTRAINT_TYPE = 'FOREIGN KEY'",
            of(table),
            dialect.literal(key)
        ),
        Object::Constraint(table, name) => format!(
            "SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS \
             WHERE {} AND CONSTRAINT_NAME = {} AND CONSTRAINT_TYPE <> 'FOREIGN KEY'",
            of(table),
            dialect.literal(name)
        ),
        Object::PrimaryKey(table) => format!(
            "SELECT COLUMN_NAME FROM information_schema.STATISTICS \
             WHERE {} AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX",
            of(table)
        ),
        Object::Namespace(namespace) => format!(
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {}",
            dialect.literal(namespace)
        ),
        // None of these is there here: an index is named with its table, types have no names.
        Object::LoneIndex(_)
        | Object::MaterializedView(_)
        | Object::Type(_)
        | Object::EnumValue(..)
        | Object::Partition(..)
        | Object::AutoUpdate(..)
        | Object::Function(_)
        | Object::Leftovers(_) => {
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE false".to_owned()
        }
    }
}

/// What is in a namespace: tables and views, routines and events. Triggers and indexes are their
/// tables'.
pub(super) fn inside(dialect: &Dialect, namespace: &str) -> String {
    let listed = |kind: &str, name: &str, from: &str, of: &str| {
        format!(
            "SELECT CONVERT(CONCAT({kind}, ' `', {name}, '`') USING utf8mb4) AS it \
             FROM information_schema.{from} WHERE {of} = {}",
            dialect.literal(namespace)
        )
    };
    let tables = listed(
        "LOWER(REPLACE(TABLE_TYPE, 'BASE TABLE', 'TABLE'))",
        "TABLE_NAME",
        "TABLES",
        "TABLE_SCHEMA",
    );
    let routines = listed("LOWER(ROUTINE_TYPE)", "ROUTINE_NAME", "ROUTINES", "ROUTINE_SCHEMA");
    let events = listed("'event'", "EVENT_NAME", "EVENTS", "EVENT_SCHEMA");
    format!("{tables} UNION ALL {routines} UNION ALL {events} ORDER BY 1 LIMIT 20")
}

/// The catalog's name of a collation: that of three-byte characters is spelled out (manual, "The
/// utf8mb3 Character Set").
pub(super) fn collation(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower.strip_prefix("utf8_") {
        Some(rest) => format!("utf8mb3_{rest}"),
        None => lower,
    }
}

/// Without the widths that older servers and MariaDB show for whole numbers (`tinyint(1)` keeps
/// its own), and with MariaDB's word for JSON.
pub(super) fn type_name(text: &str) -> String {
    if let Some(values) = enumeration::values(text) {
        let values: Vec<String> = values.iter().map(|it| MYSQL.literal(it)).collect();
        return format!("enum({})", values.join(","));
    }
    let text = text.to_ascii_lowercase().replace(" auto_increment", "");
    for whole in ["smallint", "bigint", "int"] {
        if let Some(rest) = text.strip_prefix(whole).and_then(|it| it.strip_prefix('('))
            && let Some((_, rest)) = rest.split_once(')')
        {
            return format!("{whole}{rest}");
        }
    }
    if text == "json" { "longtext".to_owned() } else { text }
}

/// What a column of this type makes of a literal: numbers are written without quotes, texts with
/// them, and a moment with all that it leaves out.
pub(super) fn kept_default(text: &str, data_type: &ColumnType) -> String {
    let inner = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    let plain = inner.unwrap_or(text);
    match Family::of(data_type) {
        Family::Exact if is_number(plain) => expression::number(plain.trim_start_matches('+')),
        Family::Floating if is_number(plain) => {
            plain.parse::<f64>().map_or_else(|_| text.to_owned(), |it| it.to_string())
        }
        Family::Moment => inner.map_or_else(|| text.to_owned(), moment),
        Family::Text if inner.is_none() && is_number(text) => format!("'{text}'"),
        _ => text.to_owned(),
    }
}

fn is_number(text: &str) -> bool {
    super::super::is_number(text)
}

/// `'2024-01-01'` where the catalog says `'2024-01-01 00:00:00.000000'`.
fn moment(inner: &str) -> String {
    let text = inner.replacen('T', " ", 1);
    let text = match text.split_once('.') {
        Some((whole, part)) => match part.trim_end_matches('0') {
            "" => whole.to_owned(),
            part => format!("{whole}.{part}"),
        },
        None => text,
    };
    format!("'{}'", text.strip_suffix(" 00:00:00").unwrap_or(&text))
}

/// What the values of a type are, as far as it matters for how they are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Exact,
    Floating,
    Moment,
    Text,
    Other,
}

impl Family {
    fn of(data_type: &ColumnType) -> Self {
        match data_type {
            ColumnType::Smallint
            | ColumnType::Integer
            | ColumnType::Bigint
            | ColumnType::Serial
            | ColumnType::Bigserial
            | ColumnType::Boolean
            | ColumnType::Decimal { .. } => Self::Exact,
            ColumnType::Float | ColumnType::Double => Self::Floating,
            ColumnType::Date
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Timestamptz => Self::Moment,
            ColumnType::Varchar { .. } | ColumnType::Text { .. } | ColumnType::Uuid => Self::Text,
            ColumnType::Other { spelled } => Self::of_word(spelled),
            _ => Self::Other,
        }
    }

    fn of_word(spelled: &str) -> Self {
        let end = spelled.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(spelled.len());
        match spelled[..end].to_ascii_lowercase().as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "decimal"
            | "numeric" | "year" => Self::Exact,
            "float" | "double" | "real" => Self::Floating,
            "date" | "time" | "datetime" | "timestamp" => Self::Moment,
            "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "enum" | "set" => Self::Text,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{expression::plain, *};

    #[test]
    fn what_the_servers_say_of_a_default_and_what_was_said_are_one() {
        for (said, shown) in [
            ("(CONCAT('a\\\\b', 'it''s'))", "concat(_utf8mb4'a\\\\b',_utf8mb4'it\\'s')"),
            ("(CURRENT_DATE)", "curdate()"),
            ("(CURRENT_TIMESTAMP(6))", "now(6)"),
            ("CURRENT_TIMESTAMP(6)", "current_timestamp(6)"),
            (
                "CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)",
                "CURRENT_TIMESTAMP(6) ON UPDATE current_timestamp(6)",
            ),
            ("(1 + 2)", "((1 + 2))"),
            ("TRUE", "1"),
            ("('[]')", "_utf8mb4'[]'"),
        ] {
            assert_eq!(plain(said), plain(shown), "{said}");
        }
    }

    #[test]
    fn texts_that_differ_in_case_or_space_are_two_defaults() {
        assert_ne!(plain("'Active'"), plain("'active'"));
        assert_ne!(plain("'a b'"), plain("'ab'"));
        assert_ne!(plain("'(a)'"), plain("'a'"));
        assert_eq!(plain("'it''s'"), plain("'it\\'s'"));
    }

    #[test]
    fn a_literal_is_what_the_column_makes_of_it() {
        let kept = |text: &str, data_type: &ColumnType| kept_default(&plain(text), data_type);
        let decimal = ColumnType::Decimal { precision: 10, scale: 2 };
        assert_eq!(kept("1", &decimal), kept("1.00", &decimal));
        assert_eq!(kept("'1.50'", &decimal), kept("1.5", &decimal));
        assert_eq!(kept("1.5e10", &ColumnType::Double), kept("15000000000", &ColumnType::Double));
        let text = ColumnType::Varchar { length: 9 };
        assert_eq!(kept("7", &text), kept("'7'", &text));
        assert_ne!(kept("'007'", &text), kept("'7'", &text));
        let moment = ColumnType::Timestamp;
        assert_eq!(kept("'2024-01-01'", &moment), kept("'2024-01-01 00:00:00.000000'", &moment));
        let unsigned = ColumnType::Other { spelled: "int(10) unsigned".into() };
        assert_eq!(kept("'7'", &unsigned), "7");
    }
}
