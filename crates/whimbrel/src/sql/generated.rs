//! Columns whose values the database computes from others.

use super::{
    Body, Statement,
    constraint::{renamed_in, speaks_of},
    expression::without_parentheses,
    present,
};
use crate::{
    dialect::{After, ColumnFacts, Dialect, Look, Object, Unsupported},
    schema::{Column, Generated, Name, NamedColumn, PerDatabase, Table},
};

/// `GENERATED ALWAYS AS (…) STORED`, where the column is computed.
pub fn clause(dialect: &Dialect, named: &NamedColumn) -> Result<Option<String>, Unsupported> {
    let Some(generated) = &named.column.generated else { return Ok(None) };
    let what = || format!("to compute column `{}`", named.name);
    let Some(text) = dialect.text(&generated.expression) else {
        return Err(Unsupported::new(
            what(),
            format!("it has no expression for {}; add one for `{}`", dialect.product, dialect.name),
        ));
    };
    if let (false, Some(because)) = (generated.stored, dialect.generation.no_virtual) {
        return Err(Unsupported::new(what(), because));
    }
    if let (false, Some(because)) = (named.column.nullable, dialect.generation.always_nullable) {
        return Err(Unsupported::new(what(), because));
    }
    let word = if generated.stored { "STORED" } else { "VIRTUAL" };
    Ok(Some(format!("GENERATED ALWAYS AS ({}) {word}", without_parentheses(text))))
}

/// What a catalog says of a computed column: `STORED a + 1`.
pub fn catalog_generated(
    dialect: &Dialect,
    named: &NamedColumn,
) -> Result<Option<String>, Unsupported> {
    let Some(generated) = &named.column.generated else { return Ok(None) };
    clause(dialect, named)?;
    let word = if generated.stored { "STORED" } else { "VIRTUAL" };
    Ok(dialect.text(&generated.expression).map(|it| format!("{word} {}", without_parentheses(it))))
}

/// How the database keeps it, for comparing.
pub(super) fn normal_generated(dialect: &Dialect, generated: &Generated) -> Generated {
    let text = dialect.text(&generated.expression).unwrap_or_default();
    let text = (dialect.generation.expression)(without_parentheses(text));
    Generated { expression: PerDatabase::all(text), stored: generated.stored }
}

/// What a catalog says: the expression, for this database.
pub fn read_generated(dialect: &Dialect, expression: &str, stored: bool) -> Generated {
    let text = without_parentheses(expression).to_owned();
    let expression = match dialect.databases.first() {
        Some(database) => PerDatabase { texts: vec![(*database, text)], otherwise: None },
        None => PerDatabase::all(text),
    };
    Generated { expression, stored }
}

/// Whether a column is computed from the one called `name`, on any database.
pub fn is_computed_from(column: &Column, name: &str) -> bool {
    column.generated.as_ref().is_some_and(|it| speaks_of(&it.expression, name))
}

/// The columns of a table that are computed from the one called `name`.
pub fn computed_from<'t>(table: &'t Table, name: &'t str) -> impl Iterator<Item = &'t NamedColumn> {
    table.columns.iter().filter(move |it| it.name != name && is_computed_from(&it.column, name))
}

/// Puts one column's name for another's in what a column is computed from.
pub fn rename_in_generated(column: &mut Column, from: &str, to: &str) {
    let Some(generated) = &mut column.generated else { return };
    generated.expression = renamed_in(&generated.expression, from, to);
}

/// Lets the column be computed by another expression, where everything else of it stays: from
/// PostgreSQL 17 on in place (manual, "ALTER TABLE", `SET EXPRESSION`); before, the column goes and
/// comes again, as long as nothing leans on it that would go with it.
pub fn set_expression(
    dialect: &Dialect,
    table: &Name,
    named: &NamedColumn,
    definition: &str,
) -> Result<Statement, Unsupported> {
    let this = dialect.quote_name(table);
    let column = dialect.quote(&named.name);
    let clause = clause(dialect, named)?.unwrap_or_default();
    let expression = clause.trim_start_matches("GENERATED ALWAYS ").trim_end_matches(" STORED");
    let set = format!("ALTER TABLE {this} ALTER COLUMN {column} SET EXPRESSION {expression}");
    let anew = format!("ALTER TABLE {this} DROP COLUMN {column}, ADD COLUMN {definition}");
    let refused = format!(
        "something leans on column {column} of {this}: PostgreSQL before 17 changes what a column \
         is computed from by making it anew; drop that first, and make it again afterwards"
    );
    let leans = format!(
        "SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a \
         ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid \
         WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND d.classid <> 'pg_catalog.pg_attrdef'::pg_catalog.regclass \
         AND d.refobjid = {}::pg_catalog.regclass AND a.attname = {}",
        dialect.literal(&this),
        dialect.literal(&named.name)
    );
    let body = format!(
        "BEGIN IF pg_catalog.current_setting('server_version_num')::integer >= 170000 THEN \
         EXECUTE {}; ELSIF EXISTS ({leans}) THEN RAISE EXCEPTION '%', {}; ELSE EXECUTE {}; END IF; \
         END",
        dialect.literal(&set),
        dialect.literal(&refused),
        dialect.literal(&anew)
    );
    let facts = ColumnFacts {
        generated: Some(catalog_generated(dialect, named)?),
        ..ColumnFacts::default()
    };
    let object = Object::Column(table.clone(), named.name.clone());
    let look = Look { object, after: After::Column(facts) };
    Ok(Statement::schema(format!("DO {}", dialect.literal(&body)), [look]))
}

/// The same change of a table's columns, with these computed ones gone before it and computed again
/// behind it: each by its name, with its definition. Within one statement the database drops first and
/// adds last, and writes the rows once.
pub fn recomputing(
    dialect: &Dialect,
    table: &Name,
    altered: Statement,
    computed: &[(&str, String)],
) -> Statement {
    let head = format!("ALTER TABLE {} ", dialect.quote_name(table));
    let Body::Text(text) = &altered.body else { return altered };
    let Some(clauses) = text.strip_prefix(&head) else { return altered };
    let gone = computed.iter().map(|(name, _)| format!("DROP COLUMN {}", dialect.quote(name)));
    let come = computed.iter().map(|(_, definition)| format!("ADD COLUMN {definition}"));
    let clauses: Vec<String> = gone.chain([clauses.to_owned()]).chain(come).collect();
    let come = computed.iter().map(|(name, _)| Object::Column(table.clone(), (*name).to_owned()));
    let looks = altered.looks.iter().cloned().chain(come.map(present)).collect();
    let body = Body::Text(format!("{head}{}", clauses.join(", ")));
    Statement { body, looks, ..altered }
}

/// A column goes with its values, and comes again computed, by one statement.
pub fn make_anew(dialect: &Dialect, table: &Name, column: &str, definition: &str) -> Statement {
    let text = format!(
        "ALTER TABLE {} DROP COLUMN {}, ADD COLUMN {definition}",
        dialect.quote_name(table),
        dialect.quote(column)
    );
    Statement::schema(text, [present(Object::Column(table.clone(), column.to_owned()))])
}
