//! Enums: types of their own, or what a column says of its values.

use super::{
    Statement, absent,
    aside::shortened,
    check_table_name,
    definition::named_check,
    lexer::{TokenKind, lex_significant},
    present,
};
use crate::{
    dialect::{Dialect, Enums, Object, Unsupported},
    schema::{ColumnType, Name, NamedColumn, Table},
};

/// How the name of a constraint begins that lists the values of an enum.
pub(crate) const MARK: &str = "enum ";

/// The longest value of a type (PostgreSQL, "Enumerated Types").
const LONGEST: usize = 63;

/// Makes the type; `None` where an enum is only what columns say of their values.
pub fn create_enum(
    dialect: &Dialect,
    name: &Name,
    values: &[String],
) -> Result<Option<Statement>, Unsupported> {
    check_table_name(dialect, name)?;
    let data_type = ColumnType::Enum { name: Box::new(name.clone()), values: values.to_vec() };
    let spelled = dialect.type_text(&data_type)?;
    if dialect.types.enums != Enums::Types {
        return Ok(None);
    }
    check_values(dialect, values)?;
    check_type_name(dialect, name)?;
    let text = format!("CREATE TYPE {spelled} AS ENUM ({})", literals(dialect, values));
    Ok(Some(Statement::schema(text, [present(Object::Type(name.clone()))])))
}

/// Refuses the name of a type that the database has itself.
fn check_type_name(dialect: &Dialect, name: &Name) -> Result<(), Unsupported> {
    if matches!((dialect.types.read)(&name.name), ColumnType::Other { .. }) {
        return Ok(());
    }
    Err(Unsupported::new(
        format!("the enum `{name}`"),
        format!("{} has a type of this name itself; use another name", dialect.product),
    ))
}

/// Gives a type another name, and moves it into another namespace where it is to be in one.
pub fn rename_enum(
    dialect: &Dialect,
    from: &Name,
    to: &Name,
) -> Result<Vec<Statement>, Unsupported> {
    check_table_name(dialect, to)?;
    check_type_name(dialect, to)?;
    let mut statements = Vec::new();
    let named = Name { namespace: from.namespace.clone(), name: to.name.clone() };
    if *from != named {
        statements.push(rename_type(dialect, from, &to.name));
    }
    if named != *to {
        let Some(namespace) = &to.namespace else {
            return Err(Unsupported::new(
                format!("to move enum `{from}` into the connection's own namespace"),
                "its name isn't known here; name it: qualified(\"public\", …)",
            ));
        };
        statements.push(move_type(dialect, &named, to, namespace));
    }
    Ok(statements)
}

/// Moves a type into another namespace, under the same name.
pub(super) fn move_type(dialect: &Dialect, from: &Name, to: &Name, namespace: &str) -> Statement {
    let (this, into) = (dialect.quote_name(from), dialect.quote(namespace));
    let looks = [absent(Object::Type(from.clone())), present(Object::Type(to.clone()))];
    Statement::schema(format!("ALTER TYPE {this} SET SCHEMA {into}"), looks)
}

/// Gives a value of a type another name; rows, and what the database itself keeps as an expression,
/// follow.
pub fn rename_enum_value(
    dialect: &Dialect,
    name: &Name,
    from: &str,
    to: &str,
) -> Result<Statement, Unsupported> {
    check_values(dialect, std::slice::from_ref(&to.to_owned()))?;
    let text = format!(
        "ALTER TYPE {} RENAME VALUE {} TO {}",
        dialect.quote_name(name),
        dialect.literal(from),
        dialect.literal(to)
    );
    let value = |it: &str| Object::EnumValue(name.clone(), it.to_owned());
    Ok(Statement::schema(text, [absent(value(from)), present(value(to))]))
}

/// The rows of a table by a column whose values are an enum's, or lists of them as JSON.
#[derive(Clone, Copy, Debug)]
pub struct EnumRows<'a> {
    /// The table.
    pub table: &'a Table,
    /// The column.
    pub column: &'a str,
    /// Whether it holds lists.
    pub is_list: bool,
}

impl EnumRows<'_> {
    /// The column with one value's new name in place of the old one, as an expression.
    pub fn renamed(&self, dialect: &Dialect, from: &str, to: &str) -> String {
        let column = dialect.quote(self.column);
        let (from, to) = (self.literal(dialect, from), self.literal(dialect, to));
        if self.is_list {
            format!("REPLACE({column}, {from}, {to})")
        } else {
            format!("CASE {column} WHEN {from} THEN {to} ELSE {column} END")
        }
    }

    /// Changes the rows that have the value. Columns that get the moment whenever a row is changed
    /// keep what they have: for the user nothing is another.
    pub fn rename_value(&self, dialect: &Dialect, from: &str, to: &str) -> Statement {
        let column = dialect.quote(self.column);
        let set =
            if self.is_list { self.renamed(dialect, from, to) } else { self.literal(dialect, to) };
        let has = self.has(dialect, from);
        let kept = self.table.columns.iter().filter(|it| it.column.auto_update);
        let kept = kept.map(|it| dialect.quote(&it.name)).map(|it| format!("{it} = {it}"));
        let set: Vec<String> = [format!("{column} = {set}")].into_iter().chain(kept).collect();
        let table = dialect.quote_name(&self.table.name);
        Statement::rows(format!("UPDATE {table} SET {} WHERE {has}", set.join(", ")))
    }

    /// Which rows have the value, as a condition.
    fn has(&self, dialect: &Dialect, value: &str) -> String {
        let (column, value) = (dialect.quote(self.column), self.literal(dialect, value));
        let list = format!("INSTR({column}, {value}) > 0");
        if self.is_list { list } else { format!("{column} = {value}") }
    }

    /// The value as it stands in a row: in a list as JSON writes it.
    fn literal(&self, dialect: &Dialect, value: &str) -> String {
        if self.is_list {
            dialect.literal(&serde_json::Value::from(value).to_string())
        } else {
            dialect.literal(value)
        }
    }
}

/// A query that answers whether no row of a table has the value any more.
pub fn lacks_value(
    dialect: &Dialect,
    table: &Name,
    rows: &[EnumRows<'_>],
    value: &str,
) -> Option<String> {
    let has: Vec<String> = rows.iter().map(|it| it.has(dialect, value)).collect();
    let query = || {
        format!(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM {} WHERE {}) THEN 0 ELSE 1 END",
            dialect.quote_name(table),
            has.join(" OR ")
        )
    };
    (!has.is_empty()).then(query)
}

/// Drops the type; `None` where there is none.
pub fn drop_enum(dialect: &Dialect, name: &Name) -> Option<Statement> {
    let text = || format!("DROP TYPE {}", dialect.quote_name(name));
    let is_type = dialect.types.enums == Enums::Types;
    is_type.then(|| Statement::schema(text(), [absent(Object::Type(name.clone()))]))
}

/// Adds a value to a type, before another one or behind all.
pub fn add_enum_value(
    dialect: &Dialect,
    name: &Name,
    value: &str,
    before: Option<&str>,
) -> Result<Statement, Unsupported> {
    check_values(dialect, std::slice::from_ref(&value.to_owned()))?;
    let place = before.map(|it| format!(" BEFORE {}", dialect.literal(it))).unwrap_or_default();
    let text = format!(
        "ALTER TYPE {} ADD VALUE {}{place}",
        dialect.quote_name(name),
        dialect.literal(value)
    );
    let there = Object::EnumValue(name.clone(), value.to_owned());
    Ok(Statement::schema(text, [present(there)]))
}

/// Puts a type with these values in the place of the old one; `columns` are the statements that
/// change the columns from the one to the other.
pub fn swap_enum(
    dialect: &Dialect,
    name: &Name,
    values: &[String],
    columns: Vec<Statement>,
) -> Result<Vec<Statement>, Unsupported> {
    let begin = "whimbrel_old_";
    let old = format!("{begin}{}", shortened(dialect, &name.name, begin));
    let mut statements = vec![rename_type(dialect, name, &old)];
    statements.extend(create_enum(dialect, name, values)?);
    statements.extend(columns);
    let old = Name { namespace: name.namespace.clone(), name: old };
    statements.extend(drop_enum(dialect, &old));
    Ok(statements)
}

/// Gives a type another name, in the same namespace.
pub(super) fn rename_type(dialect: &Dialect, from: &Name, to: &str) -> Statement {
    let text = format!("ALTER TYPE {} RENAME TO {}", dialect.quote_name(from), dialect.quote(to));
    let to = Name { namespace: from.namespace.clone(), name: to.to_owned() };
    Statement::schema(text, [absent(Object::Type(from.clone())), present(Object::Type(to))])
}

/// Refuses a value that the database has no room for.
pub(crate) fn check_values(dialect: &Dialect, values: &[String]) -> Result<(), Unsupported> {
    match values.iter().find(|it| it.len() > LONGEST) {
        None => Ok(()),
        Some(long) => Err(Unsupported::new(
            format!("the enum value `{long}`"),
            format!(
                "a value has at most {LONGEST} bytes in {} and this one has {}; shorten it",
                dialect.product,
                long.len()
            ),
        )),
    }
}

fn literals(dialect: &Dialect, values: &[String]) -> String {
    values.iter().map(|it| dialect.literal(it)).collect::<Vec<_>>().join(", ")
}

/// What the column's definition says of its values: `CONSTRAINT "enum order_status" CHECK ("status"
/// IN ('new', 'paid'))`; `None` where nothing, or its type says so.
pub fn values_clause(dialect: &Dialect, named: &NamedColumn) -> Option<String> {
    if dialect.types.enums != Enums::Checks {
        return None;
    }
    match &*dialect.own_type(&named.column.data_type) {
        ColumnType::Enum { name, values } => Some(format!(
            "CONSTRAINT {} CHECK ({} IN ({}))",
            dialect.quote(&format!("{MARK}{}", name.name)),
            dialect.quote(&named.name),
            literals(dialect, values)
        )),
        _ => None,
    }
}

/// Whether a clause of a column lists the values of an enum.
pub(super) fn is_values_clause(dialect: &Dialect, column: &str, text: &str) -> bool {
    read_values_clause(dialect, column, text).is_some()
}

/// The enum that a clause of a column says that its values are of.
pub fn read_values_clause(dialect: &Dialect, column: &str, text: &str) -> Option<ColumnType> {
    let (constraint, condition) = named_check(dialect, text)?;
    let name = Name::new(constraint.strip_prefix(MARK)?);
    let tokens = lex_significant(dialect, &condition);
    let [named, is_in, open, listed @ .., close] = tokens.as_slice() else { return None };
    let is_list = named.name(dialect, &condition)?.eq_ignore_ascii_case(column)
        && is_in.is_word(&condition, "IN")
        && open.is_symbol(&condition, '(')
        && close.is_symbol(&condition, ')');
    let mut values = Vec::new();
    for (at, token) in listed.iter().enumerate() {
        if at % 2 == 1 {
            token.is_symbol(&condition, ',').then_some(())?;
            continue;
        }
        (token.kind == TokenKind::String).then_some(())?;
        let inner = token.text(&condition).strip_prefix('\'')?.strip_suffix('\'')?;
        values.push(inner.replace("''", "'"));
    }
    is_list.then_some(ColumnType::Enum { name: Box::new(name), values })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MYSQL, SQLITE};
    use whimbrel_migration::Column;

    #[test]
    fn what_a_column_says_of_its_values_is_read_back() {
        for values in [vec!["new", "paid"], vec!["it's", "a,b)", "\"", ""]] {
            let values = values.into_iter().map(str::to_owned).collect();
            let data_type = ColumnType::Enum { name: Box::new(Name::new("a \"b")), values };
            let column = Column::from(data_type.clone());
            let named = NamedColumn { name: "x y".to_owned(), column };
            let text = values_clause(&SQLITE, &named).expect("it has values");
            assert_eq!(read_values_clause(&SQLITE, "x y", &text), Some(data_type), "{text}");
            assert_eq!(read_values_clause(&SQLITE, "z", &text), None);
            assert_eq!(values_clause(&MYSQL, &named), None);
        }
        for other in [
            "CHECK (\"a\" IN ('b'))",
            "CONSTRAINT a CHECK (a IN ('b'))",
            "CONSTRAINT \"enum a\" CHECK (a IN ('b') OR true)",
            "CONSTRAINT \"enum a\" CHECK (a IN (1))",
        ] {
            assert_eq!(read_values_clause(&SQLITE, "a", other), None, "{other}");
        }
    }
}
