//! Names that differ only in the case of their letters, which some databases take for one.

use std::collections::BTreeMap;

use crate::{
    dialect::{Case, Dialect, Unsupported},
    schema::{Name, Schema},
};

/// What a database would take for one, of all that a schema names.
pub fn mixed_up(dialect: &Dialect, schema: &Schema) -> Vec<Unsupported> {
    let mut found = Vec::new();
    if dialect.case == Case::Told {
        return found;
    }
    let mut tables = Known::default();
    let mut indexes = Known::default();
    for table in schema.tables() {
        if dialect.case == Case::Ignored {
            found.extend(tables.meet(dialect, "table", &table.name, &table.name.name));
        }
        let mut columns = Known::default();
        for column in &table.columns {
            found.extend(columns.meet(dialect, "column", &table.name, &column.name));
        }
        if dialect.indexes.of_table {
            indexes = Known::default();
        }
        for index in &table.indexes {
            found.extend(indexes.meet(dialect, "index", &table.name, &index.name));
        }
    }
    found
}

/// Names as they were met, by what is left of them without the case of their letters.
#[derive(Default)]
struct Known(BTreeMap<(Option<String>, String), String>);

impl Known {
    fn meet(
        &mut self,
        dialect: &Dialect,
        kind: &str,
        table: &Name,
        name: &str,
    ) -> Option<Unsupported> {
        let key = (table.namespace.clone(), name.to_ascii_lowercase());
        let other = self.0.insert(key, name.to_owned()).filter(|it| it != name)?;
        let of = if kind == "table" { String::new() } else { format!(" of `{table}`") };
        let because = format!(
            "there is `{other}`, and {} doesn't tell upper from lower case; choose another name",
            dialect.product
        );
        Some(Unsupported::new(format!("the {kind} `{name}`{of}"), because))
    }
}

#[cfg(test)]
mod tests {
    use whimbrel_migration::{index, integer, table};

    use super::*;
    use crate::dialect::{MYSQL, POSTGRES, SQLITE};

    #[test]
    fn each_database_mixes_up_what_it_mixes_up() {
        let users = |name: &str, by: &str| {
            let it = table(name).column("a", integer()).column("A", integer());
            it.index(index(by).on("a"))
        };
        let schema = Schema::from_iter([users("users", "by_a"), users("Users", "By_A")]);
        let found = |it| mixed_up(it, &schema).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(found(&POSTGRES).is_empty());
        assert_eq!(found(&MYSQL).len(), 2, "{:?}", found(&MYSQL));
        let all = found(&SQLITE);
        assert_eq!(all.len(), 4, "{all:?}");
        assert!(all[0].starts_with("the column `A` of `Users` is not possible: there is `a`"));
    }
}
