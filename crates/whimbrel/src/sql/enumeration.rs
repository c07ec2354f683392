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
    schema::{ColumnType, Name, NamedColumn},
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
    let data_type = ColumnType::Enum { name: name.clone(), values: values.to_vec() };
    let spelled = dialect.type_text(&data_type)?;
    if dialect.types.enums != Enums::Types {
        return Ok(None);
    }
    check_values(dialect, values)?;
    if !matches!((dialect.types.read)(&name.name), ColumnType::Other { .. }) {
        return Err(Unsupported::new(
            format!("the enum `{name}`"),
            format!("{} has a type of this name itself; use another name", dialect.product),
        ));
    }
    let text = format!("CREATE TYPE {spelled} AS ENUM ({})", literals(dialect, values));
    Ok(Some(Statement::schema(text, [present(Object::Type(name.clone()))])))
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
    is_list.then_some(ColumnType::Enum { name, values })
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
            let data_type = ColumnType::Enum { name: Name::new("a \"b"), values };
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
