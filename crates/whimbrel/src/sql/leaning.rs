//! Foreign keys that lean on an index: MySQL's family makes one for each key that finds none, and
//! refuses to drop one that a key still needs (error 1553).

use super::{
    TableEdit,
    definition::{FoundIndex, TableDefinition},
};
use crate::{
    dialect::{Dialect, ForeignKeys},
    schema::{ForeignKey, Table},
};

/// The clauses of `ALTER TABLE` by which a foreign key or an index goes; `None` for other edits.
///
/// What stays without an index in the meantime would be refused, so all of it is one statement.
pub(super) fn clauses(
    dialect: &Dialect,
    table: &TableDefinition<'_>,
    edit: &TableEdit,
) -> Option<Vec<String>> {
    match edit {
        TableEdit::DropForeignKey { foreign_key, with_index } => {
            Some(drop_foreign_key(dialect, table, foreign_key, *with_index))
        }
        TableEdit::RenameForeignKey { foreign_key, to, clause, with_index } => {
            Some(rename_foreign_key(dialect, table, foreign_key, to, clause, *with_index))
        }
        TableEdit::PrimaryKey { columns, .. } => Some(primary_key(dialect, table, columns)),
        TableEdit::DropIndex { index } => Some(drop_index(dialect, table, index, None)),
        _ => None,
    }
}

fn drop_foreign_key(
    dialect: &Dialect,
    table: &TableDefinition<'_>,
    key: &ForeignKey,
    with_index: bool,
) -> Vec<String> {
    let drop = match dialect.foreign_keys {
        ForeignKeys::Clauses { drop, .. } => drop,
        ForeignKeys::Rebuild => "DROP CONSTRAINT",
    };
    let mut clauses = vec![format!("{drop} {}", dialect.quote(&key.name))];
    let made = |it: &FoundIndex| it.is_called(&key.name) && it.is_over(&key.columns);
    if with_index && table.indexes().iter().any(made) {
        clauses.extend(drop_index(dialect, table, &key.name, Some(&key.name)));
    }
    clauses
}

fn rename_foreign_key(
    dialect: &Dialect,
    table: &TableDefinition<'_>,
    key: &ForeignKey,
    to: &str,
    clause: &str,
    with_index: bool,
) -> Vec<String> {
    let mut clauses = drop_foreign_key(dialect, table, key, false);
    let made = |it: &FoundIndex| it.is_called(&key.name) && it.is_over(&key.columns);
    if with_index && table.indexes().iter().any(made) {
        let (from, to) = (dialect.quote(&key.name), dialect.quote(to));
        clauses.push(format!("RENAME INDEX {from} TO {to}"));
    }
    clauses.push(format!("ADD {clause}"));
    clauses
}

/// The primary key becomes another one. Each foreign key that would be left without an index gets
/// the one that the database would have made for it.
fn primary_key(dialect: &Dialect, table: &TableDefinition<'_>, columns: &[String]) -> Vec<String> {
    let (old, mut others): (Vec<FoundIndex>, Vec<FoundIndex>) =
        table.indexes().into_iter().partition(|it| it.name.is_none());
    let mut clauses = Vec::new();
    if !old.is_empty() {
        clauses.push("DROP PRIMARY KEY".to_owned());
    }
    if !columns.is_empty() {
        clauses.push(format!("ADD PRIMARY KEY ({})", dialect.quote_all(columns)));
        others.push(FoundIndex {
            name: None,
            columns: columns.to_vec(),
            is_primary: true,
            plain: false,
        });
    }
    for key in table.foreign_keys() {
        let Some(name) = key.name else { continue };
        if others.iter().all(|it| !it.serves(&key.columns)) {
            let columns = dialect.quote_all(&key.columns);
            clauses.push(format!("ADD INDEX {} ({columns})", dialect.quote(&name)));
            others.push(FoundIndex {
                name: Some(name),
                columns: key.columns,
                is_primary: false,
                plain: true,
            });
        }
    }
    clauses
}

/// An index goes. Each foreign key that would be left without one, but for the key `gone`, gets the
/// index that the database would have made for it, had there been none.
fn drop_index(
    dialect: &Dialect,
    table: &TableDefinition<'_>,
    index: &str,
    gone: Option<&str>,
) -> Vec<String> {
    let quoted = dialect.quote(index);
    let (dropped, mut others): (Vec<FoundIndex>, Vec<FoundIndex>) =
        table.indexes().into_iter().partition(|it| it.is_called(index));
    let mut clauses = Vec::new();
    for key in table.foreign_keys() {
        let Some(name) = key.name.filter(|it| gone != Some(it.as_str())) else { continue };
        if others.iter().any(|it| it.serves(&key.columns)) {
            continue;
        }
        let columns = dialect.quote_all(&key.columns);
        let is_it = dropped.iter().any(|it| it.is_over(&key.columns));
        // Where the index is just what the key needs, nothing is built anew.
        clauses.push(if is_it && clauses.is_empty() {
            format!("RENAME INDEX {quoted} TO {}", dialect.quote(&name))
        } else {
            format!("ADD INDEX {} ({columns})", dialect.quote(&name))
        });
        others.push(FoundIndex {
            name: Some(name),
            columns: key.columns,
            is_primary: false,
            plain: true,
        });
    }
    if !clauses.iter().any(|it| it.starts_with("RENAME INDEX")) {
        clauses.insert(0, format!("DROP INDEX {quoted}"));
    }
    clauses
}

/// The definition of a table with the indexes that the database makes for its foreign keys.
pub(super) fn with_indexes(dialect: &Dialect, table: &Table, definition: String) -> String {
    if !dialect.keeping.foreign_key_index {
        return definition;
    }
    let Ok(mut parsed) = TableDefinition::parse(dialect, &definition) else { return definition };
    // The last of several keys over the same columns gives its name.
    for key in table.foreign_keys.iter().rev() {
        if parsed.indexes().iter().any(|it| it.serves(&key.columns)) {
            continue;
        }
        let columns = dialect.quote_all(&key.columns);
        let line = format!("INDEX {} ({columns})", dialect.quote(&key.name));
        if parsed.add_constraint(&line).is_err() {
            return definition;
        }
    }
    parsed.print()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::MYSQL;

    fn dropped(keys: &str, edit: &TableEdit) -> String {
        let text = format!("CREATE TABLE `t` (\n  `a` int,\n  `b` int,\n  {keys}\n)");
        let table = TableDefinition::parse(&MYSQL, &text).expect("it is one");
        clauses(&MYSQL, &table, edit).expect("it is known").join(", ")
    }

    fn index(name: &str) -> TableEdit {
        TableEdit::DropIndex { index: name.into() }
    }

    const KEY: &str = "CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `u` (`id`)";

    #[test]
    fn an_index_that_nobody_needs_goes() {
        let keys = format!("KEY `i` (`b`), KEY `fk` (`a`), {KEY}");
        assert_eq!(dropped(&keys, &index("i")), "DROP INDEX `i`");
        let keys = format!("PRIMARY KEY (`a`), KEY `i` (`a`), {KEY}");
        assert_eq!(dropped(&keys, &index("i")), "DROP INDEX `i`");
    }

    #[test]
    fn a_foreign_key_gets_an_index_before_it_loses_its_last() {
        let keys = format!("KEY `i` (`a`), {KEY}");
        assert_eq!(dropped(&keys, &index("i")), "RENAME INDEX `i` TO `fk`");
        let keys = format!("UNIQUE KEY `i` (`a`), {KEY}");
        assert_eq!(dropped(&keys, &index("i")), "DROP INDEX `i`, ADD INDEX `fk` (`a`)");
        let keys = format!("KEY `i` (`a`,`b`), {KEY}, {}", KEY.replace("fk", "second"));
        assert_eq!(dropped(&keys, &index("i")), "DROP INDEX `i`, ADD INDEX `fk` (`a`)");
    }

    #[test]
    fn a_foreign_key_takes_its_index_with_it_unless_another_needs_it() {
        let key = ForeignKey {
            references: vec!["id".into()],
            ..ForeignKey::new("fk", vec!["a".into()], "u")
        };
        let drop = |with_index| TableEdit::DropForeignKey { foreign_key: key.clone(), with_index };
        let keys = format!("KEY `fk` (`a`), {KEY}");
        assert_eq!(dropped(&keys, &drop(true)), "DROP FOREIGN KEY `fk`, DROP INDEX `fk`");
        assert_eq!(dropped(&keys, &drop(false)), "DROP FOREIGN KEY `fk`");
        let other = KEY.replace("fk", "second");
        let keys = format!("KEY `fk` (`a`), {KEY}, {other}");
        let expected = "DROP FOREIGN KEY `fk`, RENAME INDEX `fk` TO `second`";
        assert_eq!(dropped(&keys, &drop(true)), expected);
        let keys = format!("KEY `i` (`a`), {KEY}");
        assert_eq!(dropped(&keys, &drop(true)), "DROP FOREIGN KEY `fk`");
    }
}
