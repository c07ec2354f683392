//! How PostgreSQL keeps the values of columns, as far as a column can be told so.

use crate::schema::ColumnType;

/// What the catalog says of a column `a` beyond what goes without saying, a line for each option.
/// Before PostgreSQL 14 there is no compression to choose.
pub(super) const SHOWN: &str = "pg_catalog.concat_ws(pg_catalog.chr(10), \
    (SELECT 'storage=' || CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' \
    WHEN 'x' THEN 'extended' ELSE 'main' END FROM pg_catalog.pg_type t \
    WHERE t.oid = a.atttypid AND t.typstorage <> a.attstorage), \
    'compression=' || CASE pg_catalog.to_jsonb(a) ->> 'attcompression' \
    WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END, \
    CASE WHEN a.attstattarget >= 0 THEN 'statistics=' || a.attstattarget END, \
    pg_catalog.array_to_string(a.attoptions, pg_catalog.chr(10)))";

/// What goes without saying of a column of this type.
pub(super) fn usual(option: &str, data_type: &ColumnType) -> Option<&'static str> {
    match option {
        "storage" => Some(storage(data_type)),
        "n_distinct" => Some("0"),
        _ => None,
    }
}

/// Why a column of this type can't be told so.
pub(super) fn refused(option: &str, value: &str, data_type: &ColumnType) -> Option<&'static str> {
    match option {
        "storage" if value != PLAIN && storage(data_type) == PLAIN => Some(
            "its values are all of one size and always stand in the row as they are; leave it out",
        ),
        "compression" if storage(data_type) == PLAIN => {
            Some("its values are all of one size and are never compressed; leave it out")
        }
        _ => None,
    }
}

const PLAIN: &str = "plain";

/// How values of a type are kept unless something else is said (catalog `pg_type`, `typstorage`).
fn storage(data_type: &ColumnType) -> &'static str {
    match data_type {
        ColumnType::Smallint
        | ColumnType::Integer
        | ColumnType::Bigint
        | ColumnType::Serial
        | ColumnType::Bigserial
        | ColumnType::Float
        | ColumnType::Double
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Uuid
        | ColumnType::Enum { .. } => PLAIN,
        ColumnType::Decimal { .. } => "main",
        ColumnType::Other { spelled } => storage_of_word(spelled),
        _ => "extended",
    }
}

fn storage_of_word(spelled: &str) -> &'static str {
    let spelled = spelled.trim().to_ascii_lowercase();
    if spelled.ends_with(']') {
        return "extended";
    }
    let end = spelled.find(['(', ' ']).unwrap_or(spelled.len());
    match spelled[..end].rsplit('.').next().unwrap_or_default() {
        "smallint" | "int" | "integer" | "bigint" | "int2" | "int4" | "int8" | "smallserial"
        | "serial" | "bigserial" | "real" | "double" | "float" | "float4" | "float8" | "bool"
        | "boolean" | "date" | "time" | "timetz" | "timestamp" | "timestamptz" | "interval"
        | "uuid" | "money" | "oid" | "name" | "\"char\"" | "macaddr" | "macaddr8" | "pg_lsn"
        | "point" | "line" | "lseg" | "box" | "circle" | "tid" | "xid" | "xid8" | "cid"
        | "tsquery" | "regclass" | "regtype" | "regproc" => PLAIN,
        "numeric" | "decimal" | "inet" | "cidr" | "geometry" | "geography" => "main",
        "vector" | "halfvec" | "sparsevec" => "external",
        _ => "extended",
    }
}
