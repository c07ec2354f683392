//! Unique constraints in a `CREATE TABLE` of SQLite, which names none of their indexes.

use super::{
    ColumnItem, ItemBody, TableDefinition,
    names::{same, same_all, token_name},
};
use crate::{
    dialect::Dialect,
    schema::Unique,
    sql::{definition::ClauseKind, words::Words},
};

/// A unique constraint that a definition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundUnique {
    /// Its name, where it was given one.
    pub name: Option<String>,
    /// The columns that it is over.
    pub columns: Vec<String>,
    /// Whether its name and its columns are all that is said of it: no collation, no order, nothing
    /// of what becomes of a row that meets another one.
    pub plain: bool,
    /// Its text.
    pub text: String,
    item: usize,
    /// Which of the column's clauses it is; `None` for a constraint of the table.
    clause: Option<usize>,
}

impl FoundUnique {
    /// Whether it is this one: by its name or, without one, by its columns.
    fn is(&self, unique: &Unique) -> bool {
        match &self.name {
            Some(name) => same(name, &unique.name),
            None => same_all(&self.columns, &unique.columns),
        }
    }
}

impl TableDefinition<'_> {
    /// The unique constraints, those of columns too.
    pub fn uniques(&self) -> Vec<FoundUnique> {
        let of = |(item, it): (usize, &super::Item<'_>)| match &it.body {
            ItemBody::Constraint(it) => of_table(it.dialect, it.text(), item).into_iter().collect(),
            ItemBody::Column(it) => of_column(self.dialect, it, item),
        };
        self.items().iter().enumerate().flat_map(of).collect()
    }

    /// Takes a unique constraint out; `false` if there is none such.
    pub fn remove_unique(&mut self, unique: &Unique) -> bool {
        let all = self.uniques();
        // One that has the name counts over those that have none.
        let named = all.iter().any(|it| it.name.is_some() && it.is(unique));
        let gone: Vec<_> =
            all.into_iter().filter(|it| it.name.is_some() == named && it.is(unique)).collect();
        // From behind, so that places stay what they are.
        for it in gone.iter().rev() {
            match (it.clause, self.items.get_mut(it.item).map(|it| &mut it.body)) {
                (Some(clause), Some(ItemBody::Column(column))) => column.remove_clause(clause),
                (None, Some(ItemBody::Constraint(_))) => self.remove(it.item),
                _ => {}
            }
        }
        !gone.is_empty()
    }
}

/// `CONSTRAINT "uq" UNIQUE ("a", "b")`.
fn of_table(dialect: &Dialect, text: &str, item: usize) -> Option<FoundUnique> {
    let mut words = Words::new(dialect, text);
    let mut name = None;
    if words.take(&["CONSTRAINT"]) {
        name = Some(token_name(dialect, text, words.rest().first()?)?);
        words.at += 1;
    }
    if !words.take(&["UNIQUE"]) || !words.take_symbol('(') {
        return None;
    }
    let (mut columns, mut plain, mut begins) = (Vec::new(), true, true);
    while !words.take_symbol(')') {
        let token = words.rest().first().copied()?;
        words.at += 1;
        if token.is_symbol(text, ',') {
            begins = true;
            continue;
        }
        if begins {
            columns.push(token_name(dialect, text, &token)?);
        } else {
            plain = false;
        }
        begins = false;
    }
    plain &= words.at_end();
    let text = text.trim().to_owned();
    Some(FoundUnique { name, columns, plain, text, item, clause: None })
}

/// `UNIQUE` behind a column.
fn of_column(dialect: &Dialect, column: &ColumnItem<'_>, item: usize) -> Vec<FoundUnique> {
    let clauses = column.clauses().iter().enumerate();
    let unique = clauses.filter(|(_, it)| it.kind == ClauseKind::Unique);
    unique
        .filter_map(|(clause, it)| {
            let text = column.text().get(it.range.clone())?;
            let mut words = Words::new(dialect, text);
            let named = words.take(&["CONSTRAINT"]);
            let name = words.rest().first().and_then(|it| token_name(dialect, text, it));
            words.at += usize::from(named);
            words.take(&["UNIQUE"]);
            Some(FoundUnique {
                name: name.filter(|_| named),
                columns: vec![column.name().to_owned()],
                plain: words.at_end(),
                text: text.to_owned(),
                item,
                clause: Some(clause),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::SQLITE;

    const TABLE: &str = "CREATE TABLE t (\n  a INT UNIQUE,\n  b TEXT CONSTRAINT \"b's\" UNIQUE ON \
                         CONFLICT IGNORE,\n  c TEXT,\n  CONSTRAINT uq UNIQUE (b, \"c\"),\n  UNIQUE \
                         (c COLLATE NOCASE, a), CHECK (a > 0)\n)";

    fn definition(text: &str) -> TableDefinition<'static> {
        TableDefinition::parse(&SQLITE, text).expect("it is one")
    }

    #[test]
    fn unique_constraints_of_columns_and_of_the_table_are_found() {
        let found = definition(TABLE).uniques();
        let found: Vec<_> =
            found.iter().map(|it| (it.name.as_deref(), it.columns.join(","), it.plain)).collect();
        let (a, b) = ((None, "a".to_owned(), true), (Some("b's"), "b".to_owned(), false));
        let (both, rest) = ((Some("uq"), "b,c".to_owned(), true), (None, "c,a".to_owned(), false));
        assert_eq!(found, [a, b, both, rest]);
    }

    #[test]
    fn one_goes_by_its_name_or_by_its_columns() {
        let without = |name: &str, columns: &[&str]| {
            let mut table = definition(TABLE);
            let columns = columns.iter().map(|it| (*it).to_owned()).collect();
            let gone = table.remove_unique(&Unique::new(name, columns));
            gone.then(|| table.print())
        };
        let is = |text: Option<String>, left: &str| {
            assert_eq!(text.as_deref(), Some(TABLE.replacen(left, "", 1).as_str()));
        };
        is(without("UQ", &["b", "c"]), "\n  CONSTRAINT uq UNIQUE (b, \"c\"),");
        is(without("b's", &["b"]), " CONSTRAINT \"b's\" UNIQUE ON CONFLICT IGNORE");
        is(without("uq_t_a", &["A"]), " UNIQUE");
        assert_eq!(without("uq_t_c", &["c"]), None);
        // The name decides where there is one.
        assert_eq!(without("another", &["b", "c"]), None);
    }

    #[test]
    fn all_that_say_the_same_without_a_name_go_together() {
        let mut table = definition("CREATE TABLE t (a INT UNIQUE, b INT, UNIQUE (a), UNIQUE (b))");
        assert!(table.remove_unique(&Unique::new("uq_t_a", vec!["a".to_owned()])));
        assert_eq!(table.print(), "CREATE TABLE t (a INT, b INT, UNIQUE (b))");
    }
}
