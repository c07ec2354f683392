//! A table, its indexes and its foreign keys as SQL.

use super::{
    Statement, begin_auto_update,
    column::{check_numbering, column_definition, is_written_as_key},
};
use crate::{
    dialect::{After, Dialect, ForeignKeys, Look, Methods, Object, Unsupported},
    schema::{Action, Direction, ForeignKey, Index, Name, Schema, Table},
};

/// The statements that make a table, whole: where its indexes can stand in its definition they
/// do, so that no crash leaves it without them.
pub fn create_table(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
) -> Result<Vec<Statement>, Unsupported> {
    let text = create_table_text(dialect, schema, table)?;
    let mut statements =
        vec![Statement::schema(text, [present(Object::Table(table.name.clone()))])];
    if !dialect.indexes.in_create_table {
        for index in &table.indexes {
            statements.push(create_index(dialect, table, index)?);
        }
    }
    for column in &table.columns {
        statements.extend(begin_auto_update(dialect, table, column)?);
    }
    Ok(statements)
}

/// `CREATE TABLE …` alone.
pub fn create_table_text(
    dialect: &Dialect,
    schema: &Schema,
    table: &Table,
) -> Result<String, Unsupported> {
    check_table_name(dialect, &table.name)?;
    let mut lines = Vec::new();
    for column in &table.columns {
        check_numbering(dialect, table, column)?;
        lines.push(column_definition(dialect, schema, table, column)?);
    }
    if !table.primary_key.is_empty()
        && !table.columns.iter().any(|it| is_written_as_key(dialect, table, it))
    {
        check_indexed(dialect, table, "a primary key", &table.primary_key)?;
        lines.push(format!("PRIMARY KEY ({})", dialect.quote_all(&table.primary_key)));
    }
    if dialect.indexes.in_create_table {
        for index in &table.indexes {
            lines.push(index_line(dialect, table, index)?);
        }
    }
    for key in &table.foreign_keys {
        lines.push(foreign_key_clause(dialect, schema, key)?);
    }
    Ok(format!(
        "CREATE TABLE {} (\n    {}\n){}",
        dialect.quote_name(&table.name),
        lines.join(",\n    "),
        dialect.table_suffix
    ))
}

/// Refuses a table's name that this database can't have.
pub fn check_table_name(dialect: &Dialect, name: &Name) -> Result<(), Unsupported> {
    if let (Some(namespace), Some(because)) = (&name.namespace, dialect.no_namespaces) {
        return Err(Unsupported::new(format!("the namespace `{namespace}`"), because));
    }
    dialect.check_name(&name.name)
}

/// `CREATE UNIQUE INDEX "i" ON "t" ("a", "b" DESC) WHERE …`.
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
fn index_line(dialect: &Dialect, table: &Table, index: &Index) -> Result<String, Unsupported> {
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
        let names: Vec<String> = index.columns.iter().map(|it| it.name.clone()).collect();
        check_indexed(dialect, table, &what, &names)?;
        let columns = index.columns.iter().map(|it| match it.direction {
            Direction::Ascending => dialect.quote(&it.name),
            Direction::Descending => format!("{} DESC", dialect.quote(&it.name)),
        });
        let columns = format!("({})", columns.collect::<Vec<_>>().join(", "));
        let mut rest = with_method(dialect, &what, index.method.as_deref(), columns)?;
        if let Some(filter) = &index.filter {
            if let Some(because) = dialect.indexes.no_filter {
                return Err(Unsupported::new(format!("{what} with a filter"), because));
            }
            rest = format!("{rest} WHERE {filter}");
        }
        Ok(Self { unique: if index.unique { "UNIQUE " } else { "" }, rest })
    }
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

/// Refuses columns of types that can't be indexed.
fn check_indexed(
    dialect: &Dialect,
    table: &Table,
    what: &str,
    names: &[String],
) -> Result<(), Unsupported> {
    for name in names {
        let Some(column) = table.column_named(name) else { continue };
        if let Some(because) = (dialect.indexes.refused)(&dialect.own_type(&column.data_type)) {
            let what = format!("{what} over column `{name}` of `{}`", table.name);
            return Err(Unsupported::new(what, because));
        }
    }
    Ok(())
}

/// `CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "t" ("id") ON DELETE CASCADE`. The target's
/// columns are always said: not every database takes them from the target's key.
pub fn foreign_key_clause(
    dialect: &Dialect,
    schema: &Schema,
    key: &ForeignKey,
) -> Result<String, Unsupported> {
    dialect.check_name(&key.name)?;
    let targets = schema
        .target_columns(key)
        .map_err(|it| Unsupported::new(format!("foreign key `{}`", key.name), it.to_string()))?;
    let mut text = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        dialect.quote(&key.name),
        dialect.quote_all(&key.columns),
        dialect.quote_name(&key.table),
        dialect.quote_all(&targets)
    );
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if let Some(words) = action_words(dialect, event, key, action)? {
            text = format!("{text} ON {event} {words}");
        }
    }
    Ok(text)
}

fn action_words(
    dialect: &Dialect,
    event: &str,
    key: &ForeignKey,
    action: Action,
) -> Result<Option<&'static str>, Unsupported> {
    Ok(match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => {
            if let ForeignKeys::Clauses { no_set_default: Some(because), .. } = dialect.foreign_keys
            {
                let what = format!("ON {event} SET DEFAULT of foreign key `{}`", key.name);
                return Err(Unsupported::new(what, because));
            }
            Some("SET DEFAULT")
        }
    })
}

/// An object that is there afterwards.
pub fn present(object: Object) -> Look {
    Look { object, after: After::Present }
}

/// An object that is gone afterwards.
pub fn absent(object: Object) -> Look {
    Look { object, after: After::Absent }
}
