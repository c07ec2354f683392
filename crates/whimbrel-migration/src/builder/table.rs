//! A table with all that stands in it.

use crate::{
    Check, Column, ForeignKey, Index, Name, NamedColumn, Names, PerDatabase, Reference, Table,
    TableOption, Unique,
};

functions! {
    /// The name of a table in a namespace: a PostgreSQL schema, a MySQL database.
    fn qualified(namespace: (String), name: (String)) -> Name {
        Name { namespace: Some(namespace), name }
    }
    /// A new table, as yet without columns.
    fn table(name: (Name)) -> Table { Table::new(name) }
}

methods! {
    of Table {
        /// Adds a column.
        fn column(self, name: (String), column: (Column)) -> Table {
            let mut column = column;
            if std::mem::take(&mut column.primary_key) {
                self.primary_key.push(name.clone());
            }
            if let Some(reference) = column.references.take() {
                let key = reference.of(&self.name, vec![name.clone()]);
                self.add_foreign_key(key);
            }
            self.columns.push(NamedColumn { name, column });
            self
        }
        /// The columns of the primary key, in the key's order.
        fn primary_key(self, columns: (Names)) -> Table {
            self.primary_key = columns.0;
            let key = &self.primary_key;
            for column in self.columns.iter_mut().filter(|it| key.contains(&it.name)) {
                column.column.nullable = false;
            }
            self
        }
        /// Adds a foreign key over `columns`.
        fn foreign_key(self, columns: (Names), target: (Reference)) -> Table {
            let key = target.of(&self.name, columns.0);
            self.add_foreign_key(key);
            self
        }
        /// Adds an index.
        fn index(self, index: Index) -> Table {
            let at = self.indexes.partition_point(|it| it.name <= index.name);
            self.indexes.insert(at, index);
            self
        }
        /// Adds a unique constraint: `.unique(unique("uq_users_email").on("email"))`.
        fn unique(self, unique: Unique) -> Table {
            let at = self.uniques.partition_point(|it| it.name <= unique.name);
            self.uniques.insert(at, unique);
            self
        }
        /// Adds a condition that must hold of every row, in SQL: `.check("price_is_positive", "price > 0")`.
        /// It may differ by database, and one with an empty text goes without.
        fn check(self, name: (String), condition: (PerDatabase)) -> Table {
            let at = self.checks.partition_point(|it| it.name <= name);
            self.checks.insert(at, Check { name, condition });
            self
        }
        /// What is told of it in the database, for people; SQLite keeps no comments.
        fn comment(self, comment: (String)) -> Table { self.comment = Some(comment); self }
        /// What one database is to make of it: `.with(postgres::fillfactor(70))`; the others have no
        /// use for it.
        fn with(self, option: (TableOption)) -> Table {
            self.options.set(option.database, option.name, option.setting);
            self
        }
    }
}

impl Table {
    /// Keys are kept by name: where one is written, at its column or behind all of them, makes no
    /// other table.
    fn add_foreign_key(&mut self, key: ForeignKey) {
        let at = self.foreign_keys.partition_point(|it| it.name <= key.name);
        self.foreign_keys.insert(at, key);
    }
}
