//! Tables, their options, their partitions and periods, and sequences.

use std::collections::BTreeMap;

use super::{About, Reading, ask};
use crate::{
    connection::{Connection, DatabaseError},
    schema::{Name, Table},
    source::live::is_ours,
    sql::read_options,
};

impl Reading<'_> {
    pub(super) fn tables(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let query = format!(
            "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT \
             FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} ORDER BY TABLE_NAME",
            self.here()
        );
        for mut row in ask(connection, &query)? {
            let (name, kind) = (row.text(), row.text());
            if is_ours(&name) {
                continue;
            }
            match kind.as_str() {
                "BASE TABLE" | "SYSTEM VERSIONED" => {}
                "SEQUENCE" => {
                    self.sequences.insert(name);
                    continue;
                }
                // Views are read by themselves, and temporary tables are nobody else's.
                _ => continue,
            }
            let table = self.name(&name);
            if kind == "SYSTEM VERSIONED" {
                self.note("system versioning", &table, &name, "WITH SYSTEM VERSIONING");
            }
            let about = About { engine: row.text(), collation: row.text() };
            let options = row.text();
            let comment = row.optional().filter(|it| !it.is_empty());
            let mut made = Table { comment, ..Table::new(table.clone()) };
            self.options(&mut made, &about, &options);
            self.about.insert(table.clone(), about);
            self.tables.insert(table, made);
        }
        Ok(())
    }

    /// What is different about a table from how whimbrel makes one.
    fn options(&mut self, table: &mut Table, about: &About, options: &str) {
        // The catalog's own word for what is read by itself.
        let unsaid = self.dialect.table_options.unsaid;
        let options = options.split_whitespace().filter(|it| !unsaid.contains(it));
        let mut said = vec![
            ("engine".to_owned(), about.engine.clone()),
            ("collation".to_owned(), about.collation.clone()),
        ];
        let mut rest = Vec::new();
        for option in options {
            match option.split_once('=') {
                Some((name, value)) => said.push((name.to_owned(), value.to_owned())),
                None => rest.push(option.to_owned()),
            }
        }
        said.retain(|(_, it)| !it.is_empty());
        let unknown = read_options(self.dialect, table, said);
        rest.extend(unknown.into_iter().map(|(name, it)| format!("{name}={it}")));
        if !rest.is_empty() {
            self.note("table options", &table.name, &table.name.name, rest.join(" "));
        }
    }

    pub(super) fn partitions(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        let query = format!(
            "SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, \
             SUBPARTITION_METHOD, {}, {}, PARTITION_DESCRIPTION \
             FROM information_schema.PARTITIONS \
             WHERE TABLE_SCHEMA = {} AND PARTITION_NAME IS NOT NULL \
             ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION",
            (self.words.expression)("PARTITION_EXPRESSION"),
            (self.words.expression)("SUBPARTITION_EXPRESSION"),
            self.here()
        );
        let mut found: BTreeMap<Name, Partitions> = BTreeMap::new();
        for mut row in ask(connection, &query)? {
            let table = self.name(&row.text());
            let (name, below) = (self.dialect.quote(&row.text()), row.optional());
            let (method, submethod) = (row.text(), row.optional());
            let (expression, subexpression) = (row.text(), row.text());
            let values = row.optional().map(|it| bounds(&method, &it)).unwrap_or_default();
            let partitions = found.entry(table).or_default();
            let below_it = submethod.map(|it| format!(" SUBPARTITION BY {it} ({subexpression})"));
            partitions.head =
                format!("PARTITION BY {method} ({expression}){}", below_it.unwrap_or_default());
            let part = format!("PARTITION {name}{values}");
            if partitions.parts.last().is_none_or(|(last, _)| *last != part) {
                partitions.parts.push((part, Vec::new()));
            }
            if let (Some(below), Some((_, parts))) = (below, partitions.parts.last_mut()) {
                parts.push(format!("SUBPARTITION {}", self.dialect.quote(&below)));
            }
        }
        for (table, partitions) in found {
            if self.tables.contains_key(&table) {
                self.note("partitions", &table, &table.name, partitions.definition());
            }
        }
        Ok(())
    }

    /// MariaDB's periods of time, as far as its catalog lists them.
    pub(super) fn periods(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        if self.words.periods.is_none_or(|since| self.version < since) {
            return Ok(());
        }
        let here = self.here();
        let query = format!(
            "SELECT TABLE_NAME, PERIOD, START_COLUMN_NAME, END_COLUMN_NAME, NULL \
             FROM information_schema.PERIODS WHERE TABLE_SCHEMA = {here} \
             UNION ALL SELECT TABLE_NAME, PERIOD_NAME, NULL, NULL, CONSTRAINT_NAME \
             FROM information_schema.KEY_PERIOD_USAGE WHERE TABLE_SCHEMA = {here} ORDER BY 1, 2, 5"
        );
        for mut row in ask(connection, &query)? {
            let (table, period) = (self.name(&row.text()), row.text());
            let [start, end] = [row.text(), row.text()].map(|it| self.dialect.quote(&it));
            if !self.tables.contains_key(&table) {
                continue;
            }
            let quoted = match period.as_str() {
                "SYSTEM_TIME" => period.clone(),
                _ => self.dialect.quote(&period),
            };
            let (kind, name, definition) = match row.optional() {
                Some(it) => ("period of index", it, format!("{quoted} WITHOUT OVERLAPS")),
                None => ("period", period, format!("PERIOD FOR {quoted} ({start}, {end})")),
            };
            self.note(kind, &table, &name, definition);
        }
        Ok(())
    }

    /// What a sequence is stands in its one row, so all of them are asked for by one query, where
    /// there are any. What it has counted to is not a part of that.
    pub(super) fn sequences(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        let each = self.sequences.iter().map(|it| {
            let name = Name { namespace: Some(self.namespace.to_owned()), name: it.clone() };
            format!(
                "SELECT {} AS name, CONCAT('START WITH ', start_value, ' INCREMENT BY ', increment, \
                 ' MINVALUE ', minimum_value, ' MAXVALUE ', maximum_value, ' CACHE ', cache_size, \
                 IF(cycle_option, ' CYCLE', ' NOCYCLE')) FROM {}",
                self.dialect.literal(it),
                self.dialect.quote_name(&name)
            )
        });
        let each: Vec<String> = each.collect();
        if each.is_empty() {
            return Ok(());
        }
        for mut row in ask(connection, &each.join(" UNION ALL "))? {
            let name = row.text();
            let quoted = self.dialect.quote(&name);
            self.note_own("sequence", &name, format!("CREATE SEQUENCE {quoted} {}", row.text()));
        }
        Ok(())
    }
}

/// How a table is divided: each part with the parts of it.
#[derive(Default)]
struct Partitions {
    head: String,
    parts: Vec<(String, Vec<String>)>,
}

impl Partitions {
    fn definition(&self) -> String {
        let parts = self.parts.iter().map(|(part, below)| match below.as_slice() {
            [] => part.clone(),
            below => format!("{part} ({})", below.join(", ")),
        });
        format!("{} ({})", self.head, parts.collect::<Vec<_>>().join(", "))
    }
}

/// What stands behind a partition's name.
fn bounds(method: &str, values: &str) -> String {
    if method.starts_with("RANGE") && values.eq_ignore_ascii_case("MAXVALUE") {
        " VALUES LESS THAN MAXVALUE".to_owned()
    } else if method.starts_with("RANGE") {
        format!(" VALUES LESS THAN ({values})")
    } else if method.starts_with("LIST") {
        format!(" VALUES IN ({values})")
    } else {
        format!(" {values}")
    }
}
