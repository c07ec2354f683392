//! Columns: what the model says of them, and the rest beside it.

use super::{
    Cells, Oid, Opaque, Reading, Row, key, list, objects::Sequence, oid, relations::RelationKind,
};
use crate::{
    schema::{Column, ColumnType, Identity, NamedColumn, PerDatabase},
    sql::{holds_text, read_column_options, read_default, read_generated},
};

/// A column as the catalog says it.
pub(super) struct ReadColumn {
    /// Its number in the table.
    pub(super) number: usize,
    pub(super) name: String,
    /// Its name as the server would write it: quoted where it must be.
    pub(super) quoted: String,
    /// Its type as `format_type` writes it.
    pub(super) data_type: String,
    /// As many dimensions as were declared.
    dimensions: usize,
    required: bool,
    identity: String,
    generated: String,
    pub(super) default: Option<String>,
    pub(super) collation: Option<String>,
    storage: Option<String>,
    compression: Option<String>,
    statistics: Option<String>,
    options: Vec<String>,
    foreign_options: Vec<String>,
}

impl ReadColumn {
    fn of(row: &mut Cells) -> Self {
        Self {
            number: row.number(),
            name: row.text(),
            quoted: row.text(),
            data_type: row.text(),
            dimensions: row.number(),
            required: row.flag(),
            identity: row.text(),
            generated: row.text(),
            default: row.optional(),
            collation: row.optional(),
            storage: row.optional(),
            compression: row.optional(),
            statistics: row.optional(),
            options: list(row.optional()),
            foreign_options: list(row.optional()),
        }
    }

    /// The type, with as many brackets as were declared: the server keeps them and ignores them.
    fn spelled(&self) -> String {
        format!("{}{}", self.data_type, "[]".repeat(self.dimensions.saturating_sub(1)))
    }

    /// The collation, where its name stands for itself: one of another namespace has no word.
    fn collation_by_name(&self) -> Option<PerDatabase> {
        let shown = self.collation.as_deref()?;
        let quoted = shown.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        let name = quoted.map_or_else(|| shown.to_owned(), |it| it.replace("\"\"", "\u{0}"));
        let whole = if quoted.is_some() { !name.contains('"') } else { !name.contains('.') };
        whole.then(|| PerDatabase::all(name.replace('\u{0}', "\"")))
    }

    /// How its values are kept, compressed and counted, beyond what goes without saying.
    fn details(&self) -> Vec<(String, String)> {
        let storage = self.storage.as_deref().map(|it| match it {
            "p" => "plain",
            "e" => "external",
            "x" => "extended",
            _ => "main",
        });
        let compression = self.compression.as_deref().map(|it| match it {
            "p" => "pglz",
            "l" => "lz4",
            other => other,
        });
        let said = [
            ("storage", storage),
            ("compression", compression),
            ("statistics", self.statistics.as_deref()),
        ];
        let said = said.into_iter().filter_map(|(name, it)| Some((name, it?)));
        said.map(|(name, it)| (name.to_owned(), it.to_owned())).collect()
    }

    /// What stands in parentheses behind `SET`.
    fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        let said = self.options.iter().filter_map(|it| it.split_once('='));
        said.map(|(name, it)| (name.to_owned(), it.to_owned()))
    }

    /// `GENERATED ALWAYS AS (…) STORED`
    fn generation(&self) -> Option<String> {
        let expression = self.default.as_deref().unwrap_or_default();
        let kept = match self.generated.as_str() {
            "s" => "STORED",
            "v" => "VIRTUAL",
            _ => return None,
        };
        Some(format!("GENERATED ALWAYS AS ({expression}) {kept}"))
    }
}

impl Reading<'_> {
    pub(super) fn columns(&mut self, rows: Vec<Row>) {
        for row in rows {
            let mut row = Cells::of(row);
            let relation = oid(&mut row);
            if self.relations.contains_key(&relation) {
                self.columns.entry(relation).or_default().push(ReadColumn::of(&mut row));
            }
        }
        let columns = std::mem::take(&mut self.columns);
        for (relation, own) in &columns {
            let Some(found) = self.relations.get(relation) else { continue };
            let (kind, parent) = (found.kind, found.parents.first());
            let parent = parent.and_then(|it| columns.get(it)).map_or(&[][..], Vec::as_slice);
            match kind {
                RelationKind::Table | RelationKind::Partitioned => {
                    for it in own {
                        self.column(*relation, it);
                    }
                }
                RelationKind::Partition { .. } => {
                    for it in own {
                        self.column_of_partition(*relation, it, parent);
                    }
                }
                RelationKind::ForeignTable => self.foreign_table(*relation, own),
                RelationKind::View | RelationKind::MaterializedView | RelationKind::Composite => {}
            }
        }
        self.columns = columns;
        self.other_sequences();
    }

    /// The column at a place of a table.
    pub(super) fn column_at(&self, relation: Oid, number: usize) -> Option<&ReadColumn> {
        // By number, as dropped columns leave gaps.
        let columns = self.columns.get(&relation)?;
        let at = columns.binary_search_by_key(&number, |it| it.number).ok()?;
        columns.get(at)
    }

    fn column(&mut self, relation: Oid, read: &ReadColumn) {
        let owned = self.owned.remove(&(relation, read.number)).unwrap_or_default();
        let mut column = Column::from(self.type_of(&read.spelled()));
        column.nullable = !read.required;
        if read.generation().is_some() {
            let text = read.default.as_deref().unwrap_or_default();
            let stored = read.generated == "s";
            column.generated = Some(Box::new(read_generated(self.dialect, text, stored)));
        } else if read.identity.is_empty() {
            let serves = |it: &&Sequence| read.default.as_deref() == Some(it.next().as_str());
            let serial = serial_of(&read.data_type).filter(|_| read.required);
            let numbering = owned.iter().find(serves).filter(|_| serial.is_some()).map(|it| it.id);
            if let (Some(_), Some(data_type)) = (numbering, serial) {
                column.data_type = data_type;
            } else {
                let text = read.default.as_deref();
                column.default =
                    text.and_then(|it| read_default(self.dialect, it, &column.data_type));
            }
            let usual =
                |it: &Sequence| numbering == Some(it.id) && it.options(&read.data_type).is_empty();
            for sequence in owned.iter().filter(|it| !usual(it)) {
                self.owned_sequence(relation, read, sequence);
            }
        } else {
            let always = read.identity == "a";
            let (identity, rest) =
                owned.first().map(|it| it.identity(&read.data_type)).unwrap_or_default();
            column.identity = Some(Identity { always, ..identity });
            if !rest.is_empty() {
                self.note("numbering", relation, &read.name, format!("SET{rest}"));
            }
        }
        column.collation = read.collation_by_name().filter(|_| holds_text(&column.data_type));
        if column.collation.is_none() {
            self.collation_of(relation, read);
        }
        let said = read.details().into_iter().chain(read.attributes());
        let rest = read_column_options(self.dialect, &mut column, said);
        self.column_details(relation, read, &rest);
        if let Some(table) = self.tables.get_mut(&relation) {
            table.columns.push(NamedColumn { name: read.name.clone(), column });
        }
    }

    /// A collation that the model has no word for.
    fn collation_of(&mut self, relation: Oid, read: &ReadColumn) {
        if let Some(collation) = &read.collation {
            self.note("collation", relation, &read.name, format!("COLLATE {collation}"));
        }
    }

    /// What the model has no word for, whatever the column's values are.
    fn column_details(&mut self, relation: Oid, read: &ReadColumn, said: &[(String, String)]) {
        let (details, attributes): (Vec<_>, Vec<_>) =
            said.iter().partition(|it| read.details().contains(it));
        for (name, it) in details {
            let text = format!("SET {} {}", name.to_ascii_uppercase(), it.to_ascii_uppercase());
            self.note("column option", relation, &read.name, text);
        }
        let attributes: Vec<String> =
            attributes.iter().map(|(name, it)| format!("{name}={it}")).collect();
        if !attributes.is_empty() {
            let text = format!("SET ({})", attributes.join(", "));
            self.note("column option", relation, &read.name, text);
        }
    }

    /// A partition's columns are its parent's; what it says otherwise is told.
    fn column_of_partition(&mut self, relation: Oid, read: &ReadColumn, of: &[ReadColumn]) {
        let Some(parent) = of.iter().find(|it| it.name == read.name) else { return };
        if read.default != parent.default {
            let text = match &read.default {
                Some(default) => format!("SET DEFAULT {default}"),
                None => "DROP DEFAULT".to_owned(),
            };
            self.note("column option", relation, &read.name, text);
        }
        if read.required && !parent.required {
            self.note("column option", relation, &read.name, "SET NOT NULL");
        }
        self.collation_of(relation, read);
        let (own, of) = (read.details(), parent.details());
        let said = own.into_iter().filter(|it| !of.contains(it));
        let said = said.chain(read.attributes()).collect::<Vec<_>>();
        self.column_details(relation, read, &said);
    }

    fn foreign_table(&mut self, relation: Oid, columns: &[ReadColumn]) {
        let Some(table) = self.relations.get(&relation) else { return };
        let columns: Vec<_> = columns.iter().map(|it| self.column_text(it)).collect();
        let text = format!(
            "CREATE FOREIGN TABLE {} ({}) {}",
            table.shown,
            columns.join(", "),
            table.foreign.as_deref().unwrap_or_default()
        );
        let opaque = Opaque::new("foreign table", table.name.clone(), text.trim_end());
        self.add(key("pg_class", relation), opaque);
    }

    /// A column as a definition would say it.
    pub(super) fn column_text(&self, column: &ReadColumn) -> String {
        let mut text = format!("{} {}", column.quoted, column.data_type);
        text.push_str(&self.foreign_options(&column.foreign_options));
        if let Some(collation) = &column.collation {
            text = format!("{text} COLLATE {collation}");
        }
        match (column.generation(), &column.default) {
            (Some(generation), _) => text = format!("{text} {generation}"),
            (None, Some(default)) => text = format!("{text} DEFAULT {default}"),
            (None, None) => {}
        }
        if column.required {
            text.push_str(" NOT NULL");
        }
        text
    }

    /// A sequence that belongs to a column, beyond what its numbering says.
    fn owned_sequence(&mut self, relation: Oid, read: &ReadColumn, sequence: &Sequence) {
        let Some(table) = self.relations.get(&relation) else { return };
        let text = format!("{} OWNED BY {}.{}", sequence.definition(), table.shown, read.quoted);
        let opaque = Opaque::new("sequence", sequence.name.clone(), text);
        let opaque = Opaque { table: Some(table.name.clone()), ..opaque };
        self.add(key("pg_class", sequence.id), opaque);
    }
}

/// The model's word for a numbered column of this type.
fn serial_of(data_type: &str) -> Option<ColumnType> {
    match data_type {
        "integer" => Some(ColumnType::Serial),
        "bigint" => Some(ColumnType::Bigserial),
        _ => None,
    }
}
