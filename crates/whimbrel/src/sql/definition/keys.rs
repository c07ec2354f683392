//! The keys and indexes in a `CREATE TABLE`, and which of them a foreign key leans on.

use super::{
    ConstraintItem, ItemBody, TableDefinition,
    names::{same, same_all},
};

/// A key or an index of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundIndex {
    /// Its name; `None` for the primary key.
    pub name: Option<String>,
    /// The columns that it begins with, as far as they are whole columns.
    pub columns: Vec<String>,
    /// Whether it is the primary key.
    pub is_primary: bool,
    /// Whether it is a plain index over just these columns: not unique, nothing turned round, no
    /// word behind it.
    pub plain: bool,
}

impl FoundIndex {
    /// Whether a foreign key over these columns can lean on it (manual, "FOREIGN KEY
    /// Constraints": it has them as its first columns, in the same order).
    pub fn serves(&self, columns: &[String]) -> bool {
        self.columns.get(..columns.len()).is_some_and(|first| same_all(first, columns))
    }

    /// Whether it is a plain index over just these columns.
    pub fn is_over(&self, columns: &[String]) -> bool {
        self.plain && same_all(&self.columns, columns)
    }

    /// Whether this is its name.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.as_deref().is_some_and(|it| same(it, name))
    }
}

impl TableDefinition<'_> {
    /// The keys and indexes that stand among the columns, without those over words, shapes and
    /// vectors.
    pub fn indexes(&self) -> Vec<FoundIndex> {
        let of = |body: &ItemBody<'_>| match body {
            ItemBody::Constraint(it) => it.index(),
            ItemBody::Column(_) => None,
        };
        self.items().iter().filter_map(|it| of(&it.body)).collect()
    }

    /// Says at the column that is the primary key whether its rows are numbered by a mark that
    /// outlives them: `INTEGER PRIMARY KEY AUTOINCREMENT`.
    pub fn number_key(&mut self, column: &str, numbered: bool) {
        let is_key = |body: &ItemBody<'_>| match body {
            ItemBody::Constraint(it) => it.index().is_some_and(|it| it.is_primary),
            ItemBody::Column(_) => false,
        };
        if let Some(position) = self.items().iter().position(|it| is_key(&it.body)) {
            self.remove(position);
        }
        if let Some(item) = self.column_mut(column) {
            item.set_key(Some(if numbered { "PRIMARY KEY AUTOINCREMENT" } else { "PRIMARY KEY" }));
        }
    }
}

impl ConstraintItem<'_> {
    fn index(&self) -> Option<FoundIndex> {
        let mut words = self.words();
        if words.take(&["CONSTRAINT"]) && !words.next_are(&["PRIMARY"]) {
            // A unique constraint is written as a key by the servers themselves.
            words.at += 1;
        }
        let primary = words.take(&["PRIMARY", "KEY"]);
        let unique = words.take(&["UNIQUE"]);
        if !primary && !words.take_one_of(&["KEY", "INDEX"]) && !unique {
            return None;
        }
        let name = if primary { None } else { words.identifier() };
        while !words.at_end() && !words.next_is('(') {
            words.at += 1;
        }
        words.take_symbol('(');
        let (mut columns, mut whole, mut turned) = (Vec::new(), true, false);
        let (mut depth, mut begins) = (1_usize, true);
        while depth > 0 {
            let token = words.rest().first().copied()?;
            words.at += 1;
            let is = |symbol| token.is_symbol(words.source, symbol);
            if is('(') {
                // `code(10)`, `(a + b)`: what comes from here on can't be leaned on.
                if whole && !begins {
                    columns.pop();
                }
                (whole, depth) = (false, depth + 1);
            } else if is(')') {
                depth -= 1;
            } else if depth == 1 && is(',') {
                begins = true;
                continue;
            } else if depth == 1 && begins && whole {
                columns.extend(token.name(words.dialect, words.source));
            } else {
                turned |= token.is_word(words.source, "DESC");
            }
            begins = false;
        }
        let plain = !primary && !unique && whole && !turned && words.at_end();
        Some(FoundIndex { name, columns, is_primary: primary, plain })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::MYSQL;

    fn found(lines: &str) -> Vec<FoundIndex> {
        let text =
            format!("CREATE TABLE `t` (\n  `a` int,\n  `b` int,\n  {lines}\n) ENGINE=InnoDB");
        TableDefinition::parse(&MYSQL, &text).expect("it is one").indexes()
    }

    #[test]
    fn what_a_foreign_key_can_lean_on() {
        let columns = |line: &str| found(line)[0].columns.clone();
        assert_eq!(columns("PRIMARY KEY (`a`,`b`)"), ["a", "b"]);
        assert_eq!(columns("UNIQUE KEY `u` (`b`,`a`)"), ["b", "a"]);
        assert_eq!(columns("KEY `k` (`a`,`b`(10))"), ["a"]);
        assert_eq!(columns("KEY `k` (`a`(3),`b`)"), [""; 0]);
        assert_eq!(columns("KEY `k` ((`a` + 1),`b`)"), [""; 0]);
        assert_eq!(columns("UNIQUE INDEX `key` (`a` DESC, `b`)"), ["a", "b"]);
        assert!(found("FULLTEXT KEY `f` (`a`)").is_empty());
        assert!(found("CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `t` (`a`)").is_empty());
    }

    #[test]
    fn an_index_is_plain_if_its_columns_say_it_all() {
        let plain = |line: &str| found(line)[0].plain;
        assert!(plain("KEY `k` (`a`,`b`)"));
        assert!(plain("INDEX `desc` (`a`)"));
        assert!(!plain("KEY `k` (`a` DESC)"));
        assert!(!plain("KEY `k` (`a`) COMMENT 'why'"));
        assert!(!plain("KEY `k` (`a`) /*!80000 INVISIBLE */"));
        assert!(!plain("KEY `k` (`a`(3))"));
        assert!(!plain("UNIQUE KEY `k` (`a`)"));
        assert!(!plain("PRIMARY KEY (`a`)"));
    }

    #[test]
    fn an_index_serves_a_key_over_its_first_columns() {
        let index = &found("KEY `k` (`a`,`b`)")[0];
        let names = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert!(index.serves(&names(&["a"])) && index.serves(&names(&["A", "b"])));
        assert!(!index.serves(&names(&["b"])) && !index.serves(&names(&["b", "a"])));
        assert!(index.is_over(&names(&["a", "b"])) && !index.is_over(&names(&["a"])));
    }
}
