//! An index as SQL.

use super::{Statement, table::present};
use crate::{
    dialect::{Dialect, Methods, Object, Unsupported},
    schema::{Direction, Index, IndexColumn, Nulls, Table},
};

/// `CREATE UNIQUE INDEX "i" ON "t" ("a", (lower("b")) DESC) INCLUDE ("c") WHERE …`.
pub fn create_index(
    dialect: &Dialect,
    table: &Table,
    index: &Index,
) -> Result<Statement, Unsupported> {
    let parts = IndexParts::of(dialect, table, index)?;
    let text = format!(
        "CREATE {}INDEX {} ON {} {}",
        parts.unique,
        dialect.quote(&index.name),
        dialect.quote_name(&table.name),
        parts.rest
    );
    let object = Object::Index(table.name.clone(), index.name.clone());
    Ok(Statement::schema(text, [present(object)]))
}

/// An index as a line of `CREATE TABLE`.
pub(super) fn index_line(
    dialect: &Dialect,
    table: &Table,
    index: &Index,
) -> Result<String, Unsupported> {
    let parts = IndexParts::of(dialect, table, index)?;
    Ok(format!("{}INDEX {} {}", parts.unique, dialect.quote(&index.name), parts.rest))
}

struct IndexParts {
    /// `UNIQUE ` or nothing.
    unique: &'static str,
    /// The method, the columns and the filter.
    rest: String,
}

impl IndexParts {
    fn of(dialect: &Dialect, table: &Table, index: &Index) -> Result<Self, Unsupported> {
        dialect.check_name(&index.name)?;
        let what = format!("index `{}`", index.name);
        let parts: Result<Vec<String>, Unsupported> =
            index.columns.iter().map(|it| index_part(dialect, table, &what, it)).collect();
        let columns = format!("({})", parts?.join(", "));
        let mut rest = with_method(dialect, &what, index.method.as_deref(), columns)?;
        if !index.include.is_empty() {
            can(dialect.indexes.no_include, || format!("{what} with columns that it includes"))?;
            rest = format!("{rest} INCLUDE ({})", dialect.quote_all(&index.include));
        }
        if index.nulls_not_distinct {
            can(dialect.indexes.no_equal_nulls, || format!("{what} with `nulls_not_distinct`"))?;
            rest = format!("{rest} NULLS NOT DISTINCT");
        }
        if let Some(filter) = &index.filter {
            can(dialect.indexes.no_filter, || format!("{what} with a filter"))?;
            rest = format!("{rest} WHERE {filter}");
        }
        Ok(Self { unique: if index.unique { "UNIQUE " } else { "" }, rest })
    }
}

/// Refuses what can't be had here.
fn can(refused: Option<&str>, what: impl FnOnce() -> String) -> Result<(), Unsupported> {
    match refused {
        Some(because) => Err(Unsupported::new(what(), because)),
        None => Ok(()),
    }
}

/// `"email"(20) DESC`, `(lower("email")) COLLATE "C" "text_pattern_ops" DESC NULLS LAST`.
fn index_part(
    dialect: &Dialect,
    table: &Table,
    what: &str,
    part: &IndexColumn,
) -> Result<String, Unsupported> {
    let mut text = if let Some(each) = &part.expression {
        can(dialect.indexes.no_expressions, || format!("{what} over an expression"))?;
        let expression = dialect.text(each).ok_or_else(|| {
            let because = format!("it says no expression for {}", dialect.product);
            Unsupported::new(what, format!("{because}; name one with `otherwise`"))
        })?;
        format!("({})", super::without_parentheses(expression))
    } else {
        check_indexed(dialect, table, what, &part.name, part.prefix)?;
        dialect.quote(&part.name)
    };
    if let Some(prefix) = part.prefix {
        can(dialect.indexes.no_prefix, || format!("{what} over a prefix"))?;
        if part.expression.is_some() {
            let because = "only a column has one; cut it in the expression itself";
            return Err(Unsupported::new(
                format!("{what} over a prefix of an expression"),
                because,
            ));
        }
        text = format!("{text}({prefix})");
    }
    if let Some(collation) = part.collation.as_ref().and_then(|it| dialect.text(it)) {
        can(dialect.indexes.no_collation, || format!("{what} with a collation"))?;
        text = format!("{text} COLLATE {}", dialect.quote(collation));
    }
    if let Some(class) = part.operator_class.as_ref().and_then(|it| dialect.text(it)) {
        can(dialect.indexes.no_operator_class, || format!("{what} with an operator class"))?;
        // An extension's may stand in a namespace of its own.
        let names: Vec<String> = class.split('.').map(|it| dialect.quote(it.trim())).collect();
        text = format!("{text} {}", names.join("."));
    }
    if part.direction == Direction::Descending {
        text = format!("{text} DESC");
    }
    if let Some(nulls) = part.nulls.filter(|it| *it != dialect.own_nulls(part.direction)) {
        can(dialect.indexes.no_nulls, || format!("{what} with an order of nulls"))?;
        let word = if nulls == Nulls::First { "FIRST" } else { "LAST" };
        text = format!("{text} NULLS {word}");
    }
    Ok(text)
}

/// The columns with the method where it belongs.
fn with_method(
    dialect: &Dialect,
    what: &str,
    method: Option<&str>,
    columns: String,
) -> Result<String, Unsupported> {
    let Some(method) = method else { return Ok(columns) };
    let refused = |because: String| {
        Err(Unsupported::new(format!("{what} with the method `{method}`"), because))
    };
    match dialect.indexes.methods {
        Methods::BeforeColumns => {
            Ok(format!("USING {} {columns}", dialect.quote(&method.to_lowercase())))
        }
        Methods::BehindColumns(known) => {
            match known.iter().find(|it| it.eq_ignore_ascii_case(method)) {
                Some(it) => Ok(format!("{columns} USING {}", it.to_uppercase())),
                None => refused(format!("{} has only {}", dialect.product, known.join(" and "))),
            }
        }
        Methods::One(only) if only.eq_ignore_ascii_case(method) => Ok(columns),
        Methods::One(only) => refused(format!("{} has only {only}", dialect.product)),
    }
}

/// Refuses a column of a type that can't be indexed, as a whole or in this part.
pub(super) fn check_indexed(
    dialect: &Dialect,
    table: &Table,
    what: &str,
    name: &str,
    prefix: Option<u32>,
) -> Result<(), Unsupported> {
    let Some(column) = table.column_named(name) else { return Ok(()) };
    match (dialect.indexes.refused)(&dialect.own_type(&column.data_type), prefix) {
        Some(because) => {
            let what = format!("{what} over column `{name}` of `{}`", table.name);
            Err(Unsupported::new(what, because))
        }
        None => Ok(()),
    }
}

/// Refuses what a column's new type keeps out of the keys and indexes that it is in.
pub fn check_stays_indexed(
    dialect: &Dialect,
    table: &Table,
    column: &str,
) -> Result<(), Unsupported> {
    let check = |what: &str, prefix| check_indexed(dialect, table, what, column, prefix);
    if table.primary_key.iter().any(|it| it == column) {
        check("the primary key", None)?;
    }
    for unique in table.uniques.iter().filter(|it| it.columns.iter().any(|it| it == column)) {
        check(&format!("unique constraint `{}`", unique.name), None)?;
    }
    for index in &table.indexes {
        let of_it = |it: &&IndexColumn| it.expression.is_none() && it.name == column;
        for part in index.columns.iter().filter(of_it) {
            check(&format!("index `{}`", index.name), part.prefix)?;
        }
    }
    Ok(())
}
