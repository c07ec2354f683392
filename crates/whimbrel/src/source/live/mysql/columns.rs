//! Columns, and the checks that are said of them or of their table.

use super::{Reading, ask};
use crate::{
    connection::{Connection, DatabaseError},
    schema::{Check, Column, ColumnType, Identity, Name, NamedColumn, Opaque, PerDatabase},
    sql::{holds_text, read_default, read_generated, without_update},
};

impl Reading<'_> {
    pub(super) fn columns(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let query = format!(
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, LOWER(IS_NULLABLE), {}, EXTRA, {}, \
             COLLATION_NAME, COLUMN_COMMENT, {} \
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {} \
             ORDER BY TABLE_NAME, ORDINAL_POSITION",
            self.words.default,
            (self.words.expression)("GENERATION_EXPRESSION"),
            self.words.reference_system,
            self.here()
        );
        for mut row in ask(connection, &query)? {
            let (table, name, spelled) = (self.name(&row.text()), row.text(), row.text());
            if !self.tables.contains_key(&table) {
                continue;
            }
            let (nullable, default, extra) = (row.flag(), row.optional(), row.text());
            let said = Said::of(&extra);
            let spelled = if said.numbered { format!("{spelled} AUTO_INCREMENT") } else { spelled };
            let data_type = (self.dialect.types.read)(&spelled);
            // There is a word for the numbers of the usual types.
            let identity = (said.numbered && !data_type.is_numbered()).then(Identity::default);
            let data_type = match identity {
                Some(_) => (self.dialect.types.read)(spelled.trim_end_matches(" AUTO_INCREMENT")),
                None => data_type,
            };
            let auto_update =
                default.as_deref().is_some_and(|it| without_update(self.dialect, it).1);
            let default = default.and_then(|it| {
                let (text, _) = without_update(self.dialect, &it);
                read_default(self.dialect, text, &data_type)
            });
            let computation = row.text();
            let mut generated = None;
            match (said.generated, computation.as_str()) {
                (None, _) => {}
                (Some(_), it @ ("ROW START" | "ROW END")) => {
                    let definition = format!("GENERATED ALWAYS AS {it}");
                    self.note("generated column", &table, &name, definition);
                }
                (Some(kept), it) => {
                    generated = Some(Box::new(read_generated(self.dialect, it, kept == "STORED")));
                }
            }
            let collation = self.collation(&table, &name, &data_type, row.optional());
            let comment = row.optional().filter(|it| !it.is_empty());
            if let Some(system) = row.optional() {
                self.note("reference system", &table, &name, format!("SRID {system}"));
            }
            for rest in said.rest {
                let kind = if rest == "INVISIBLE" { "invisible column" } else { "column option" };
                self.note(kind, &table, &name, rest);
            }
            let default = if said.generated.is_some() { None } else { default };
            let column = Column {
                nullable,
                default,
                auto_update,
                generated,
                collation,
                comment,
                identity,
                ..Column::from(data_type)
            };
            if let Some(table) = self.tables.get_mut(&table) {
                table.columns.push(NamedColumn { name, column });
            }
        }
        Ok(())
    }

    /// A collation that isn't the table's.
    fn collation(
        &mut self,
        table: &Name,
        column: &str,
        data_type: &ColumnType,
        collation: Option<String>,
    ) -> Option<PerDatabase> {
        let collation =
            collation.filter(|it| self.about.get(table).is_some_and(|of| of.collation != *it))?;
        if holds_text(data_type) {
            return Some(PerDatabase::all(collation));
        }
        self.note("collation of column", table, column, format!("COLLATE {collation}"));
        None
    }

    /// The checks. One that says that a text is JSON makes its column JSON, where the database has
    /// no other such type.
    pub(super) fn checks(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<Vec<Opaque>, DatabaseError> {
        let query = format!(
            "SELECT {} WHERE t.CONSTRAINT_SCHEMA = {} ORDER BY 1, 2",
            self.words.checks,
            self.here()
        );
        let mut checks = Vec::new();
        for mut row in ask(connection, &query)? {
            let (table, name) = (self.name(&row.text()), row.text());
            let (of_column, condition, behind) = (row.optional().is_some(), row.text(), row.text());
            if !self.tables.contains_key(&table)
                || (of_column && self.makes_json(&table, &condition))
            {
                continue;
            }
            // One that stands at its column is called like it, and can't be dropped by that name.
            if let (false, "", Some(owner)) =
                (of_column, behind.as_str(), self.tables.get_mut(&table))
            {
                let condition = outer(&condition).unwrap_or(&condition);
                owner.checks.push(Check { name, condition: PerDatabase::all(condition) });
                continue;
            }
            let definition = match outer(&condition) {
                Some(_) => format!("CHECK {condition}{behind}"),
                None => format!("CHECK ({condition}){behind}"),
            };
            checks.push(Opaque::of_table("check constraint", &table, name, definition));
        }
        Ok(checks)
    }

    /// Whether the check of a column is what makes it JSON. The column is known by the condition: a
    /// check that came with a column keeps the name that the column had then.
    fn makes_json(&mut self, table: &Name, condition: &str) -> bool {
        if !self.words.json_is_text {
            return false;
        }
        let dialect = self.dialect;
        let columns = self.tables.get_mut(table).map(|it| it.columns.as_mut_slice());
        let is_meant =
            |it: &&mut NamedColumn| condition == format!("json_valid({})", dialect.quote(&it.name));
        let Some(found) = columns.unwrap_or_default().iter_mut().find(is_meant) else {
            return false;
        };
        let (column, found) = (found.name.clone(), &mut found.column);
        if found.data_type != (ColumnType::Text { length: None }) {
            return false;
        }
        found.data_type = ColumnType::Json;
        // JSON's own collation (manual, "JSON Data Type").
        let other = found.collation.take().filter(|it| *it != PerDatabase::all("utf8mb4_bin"));
        if let Some(it) = other.and_then(|it| it.otherwise) {
            self.note("collation of column", table, &column, format!("COLLATE {it}"));
        }
        true
    }
}

/// What `EXTRA` says of a column.
struct Said {
    numbered: bool,
    /// `VIRTUAL` or `STORED`, where the column is computed.
    generated: Option<&'static str>,
    /// What there is no word for.
    rest: Vec<String>,
}

impl Said {
    fn of(extra: &str) -> Self {
        let mut said = Self { numbered: false, generated: None, rest: Vec::new() };
        let mut rest = extra.trim().to_owned();
        let mut take = |word: &str| {
            let lower = rest.to_ascii_lowercase();
            let found = lower.find(&word.to_ascii_lowercase());
            if let Some(at) = found {
                rest.replace_range(at..at + word.len(), "");
            }
            found.is_some()
        };
        said.numbered = take("auto_increment");
        if take("VIRTUAL GENERATED") {
            said.generated = Some("VIRTUAL");
        } else if take("STORED GENERATED") || take("PERSISTENT") {
            said.generated = Some("STORED");
        }
        take("DEFAULT_GENERATED");
        for known in ["INVISIBLE", "WITHOUT SYSTEM VERSIONING"] {
            if take(known) {
                said.rest.push(known.to_owned());
            }
        }
        // A part of the default.
        let lower = rest.to_ascii_lowercase();
        if let Some(at) = lower.find("on update ") {
            let moment = &rest[at + "on update ".len()..];
            let end = moment.find(' ').unwrap_or(moment.len());
            rest.replace_range(at..at + "on update ".len() + end, "");
        }
        // MariaDB puts commas between them.
        let rest = rest.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        if !rest.is_empty() {
            said.rest.push(rest);
        }
        said
    }
}

/// The inside of one pair of parentheses that is around the whole text.
fn outer(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    let mut quote = None;
    for character in inner.chars() {
        match (quote, character) {
            (Some(open), it) if it == open => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth -= 1;
                if depth < 0 {
                    return None;
                }
            }
            _ => {}
        }
    }
    (depth == 0).then_some(inner)
}
