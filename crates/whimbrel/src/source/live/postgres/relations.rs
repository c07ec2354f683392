//! Tables, views, partitions, foreign tables, and what tables say of themselves beside columns.

use super::{Cells, Name, Oid, Opaque, Reading, Row, is_ours, key, list, oid};
use crate::{
    schema::{MATERIALIZED_VIEW, PerDatabase, Table, VIEW, View},
    sql::read_options,
};

/// Something with columns.
pub(super) struct Relation {
    pub(super) name: Name,
    /// The name as the server would write it here: quoted where it must be.
    pub(super) shown: String,
    pub(super) kind: RelationKind,
    /// What it inherits from, or is a partition of.
    pub(super) parents: Vec<Oid>,
    /// The server and the options of a foreign table.
    pub(super) foreign: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RelationKind {
    Table,
    /// A table whose rows stand in partitions.
    Partitioned,
    /// A partition, which may be partitioned itself.
    Partition {
        partitioned: bool,
    },
    View,
    MaterializedView,
    ForeignTable,
    /// The columns of a composite type.
    Composite,
}

impl RelationKind {
    fn of(letter: &str, is_partition: bool) -> Self {
        match letter {
            "r" | "p" | "f" if is_partition => Self::Partition { partitioned: letter == "p" },
            "p" => Self::Partitioned,
            "v" => Self::View,
            "m" => Self::MaterializedView,
            "f" => Self::ForeignTable,
            "c" => Self::Composite,
            _ => Self::Table,
        }
    }

    /// Whether an index of it is one of each partition, too.
    pub(super) fn is_partitioned(self) -> bool {
        matches!(self, Self::Partitioned | Self::Partition { partitioned: true })
    }

    /// What `COMMENT ON` calls it.
    fn word(self) -> &'static str {
        match self {
            Self::Table | Self::Partitioned | Self::Partition { .. } => "TABLE",
            Self::View => "VIEW",
            Self::MaterializedView => "MATERIALIZED VIEW",
            Self::ForeignTable => "FOREIGN TABLE",
            Self::Composite => "TYPE",
        }
    }
}

/// What a row of `relations.sql` says beside what [`Relation`] keeps.
struct Said {
    persistence: String,
    row_security: (bool, bool),
    replica_identity: String,
    tablespace: Option<String>,
    method: Option<String>,
    options: Vec<String>,
    toast_options: Vec<String>,
    partition_key: Option<String>,
    bound: Option<String>,
    definition: Option<String>,
    of_type: Option<String>,
    is_filled: bool,
}

impl Reading<'_> {
    pub(super) fn relations(&mut self, rows: Vec<Row>) {
        let mut said = Vec::new();
        for row in rows {
            let mut row = Cells::of(row);
            let (id, letter) = (oid(&mut row), row.text());
            let name = self.scope.name(&row.text(), &row.text());
            if is_ours(&name.name) {
                continue;
            }
            let shown = row.text();
            for alias in [oid(&mut row), oid(&mut row)] {
                self.aliases.insert(alias, key("pg_class", id));
            }
            let persistence = row.text();
            let kind = RelationKind::of(&letter, row.flag());
            let row_security = (row.flag(), row.flag());
            let replica_identity = row.text();
            let (tablespace, method) = (row.optional(), row.optional());
            let (options, toast_options) = (list(row.optional()), list(row.optional()));
            let (partition_key, bound) = (row.optional(), row.optional());
            let parents =
                row.optional().and_then(|it| serde_json::from_str::<Vec<String>>(&it).ok());
            let parents = parents.unwrap_or_default();
            let parents = parents.iter().filter_map(|it| it.parse().ok()).collect();
            let (definition, of_type) = (row.optional(), row.optional());
            let (server, foreign_options) = (row.optional(), list(row.optional()));
            let foreign =
                server.map(|it| format!("SERVER {it}{}", self.foreign_options(&foreign_options)));
            let is_filled = row.flag();
            if kind != RelationKind::Composite {
                let called = format!("{} {shown}", kind.word());
                self.know(key("pg_class", id), name.clone(), None, called);
            }
            if matches!(kind, RelationKind::Table | RelationKind::Partitioned) {
                self.tables.insert(id, Table::new(name.clone()));
            }
            self.relations.insert(id, Relation { name, shown, kind, parents, foreign });
            said.push((
                id,
                Said {
                    persistence,
                    row_security,
                    replica_identity,
                    tablespace,
                    method,
                    options,
                    toast_options,
                    partition_key,
                    bound,
                    definition,
                    of_type,
                    is_filled,
                },
            ));
        }
        for (id, said) in said {
            self.relation(id, said);
        }
    }

    /// The options of something foreign, as `CREATE` writes them; what may be a secret is left out.
    pub(super) fn foreign_options(&self, options: &[String]) -> String {
        const SECRETS: &[&str] = &["pass", "secret", "token", "key", "user"];
        if options.is_empty() {
            return String::new();
        }
        let one = |it: &String| {
            let (name, value) = it.split_once('=').unwrap_or((it, ""));
            let lower = name.to_ascii_lowercase();
            let is_secret = SECRETS.iter().any(|it| lower.contains(it));
            let value = if is_secret { "'…'".to_owned() } else { self.dialect.literal(value) };
            format!("{} {value}", self.dialect.quote(name))
        };
        format!(" OPTIONS ({})", options.iter().map(one).collect::<Vec<_>>().join(", "))
    }

    fn relation(&mut self, id: Oid, said: Said) {
        let Some(relation) = self.relations.get(&id) else { return };
        let (name, shown, kind) = (relation.name.clone(), relation.shown.clone(), relation.kind);
        let parents: Vec<(Name, String)> = relation
            .parents
            .iter()
            .filter_map(|it| self.relations.get(it))
            .map(|it| (it.name.clone(), it.shown.clone()))
            .collect();
        let with = |options: &[String]| match options {
            [] => String::new(),
            _ => format!(" WITH ({})", options.join(", ")),
        };
        let own = key("pg_class", id);
        match kind {
            RelationKind::View => {
                let body = said.definition.unwrap_or_default();
                let options = with(&said.options);
                let text = format!("CREATE VIEW {shown}{options} AS{}", aligned(&body));
                self.view(&name, &body, false, [options.as_str()]);
                return self.add(own, Opaque::new(VIEW, name, text));
            }
            RelationKind::MaterializedView => {
                let body = said.definition.as_deref().unwrap_or_default();
                let filled = if said.is_filled { "" } else { "\nWITH NO DATA" };
                let (using, space) = (said.using(), said.in_tablespace());
                let options = with(&said.options);
                let text = format!(
                    "CREATE MATERIALIZED VIEW {shown}{using}{options}{space} AS{}{filled}",
                    aligned(body)
                );
                self.view(&name, body, true, [&*options, &*using, &*space, filled]);
                return self.add(own, Opaque::new(MATERIALIZED_VIEW, name, text));
            }
            // Told with their columns.
            RelationKind::Composite => return,
            RelationKind::ForeignTable | RelationKind::Table | RelationKind::Partitioned => {}
            RelationKind::Partition { .. } => {
                let bound = said.bound.clone().unwrap_or_default();
                let by = said.partition_key.as_ref().map(|it| format!(" PARTITION BY {it}"));
                let by = by.unwrap_or_default();
                let of = parents.first().map_or("…", |(_, shown)| shown.as_str());
                let foreign = self.relations.get(&id).and_then(|it| it.foreign.clone());
                let (what, foreign) = match foreign {
                    Some(foreign) => ("FOREIGN TABLE", format!(" {foreign}")),
                    None => ("TABLE", String::new()),
                };
                let text = format!("CREATE {what} {shown} PARTITION OF {of} {bound}{by}{foreign}");
                let partition = Opaque::new("partition", name, text);
                let table = parents.first().map(|(name, _)| name.clone());
                self.add(own, Opaque { table, ..partition });
            }
        }
        if let (RelationKind::Partitioned, Some(by)) = (kind, &said.partition_key) {
            self.note("partitioning", id, "PARTITION BY", format!("PARTITION BY {by}"));
        }
        if !matches!(kind, RelationKind::Partition { .. }) && !parents.is_empty() {
            let parents = parents.iter().map(|(_, shown)| shown.as_str()).collect::<Vec<_>>();
            let text = format!("INHERITS ({})", parents.join(", "));
            self.note("inheritance", id, "INHERITS", text);
        }
        self.table_options(id, &said);
    }

    /// A view in the schema's words, and what those have none for.
    fn view<const N: usize>(
        &mut self,
        name: &Name,
        body: &str,
        materialized: bool,
        options: [&str; N],
    ) {
        let query = PerDatabase::all(body.trim().trim_end_matches(';').trim_end());
        let view = View { materialized, ..View::new(name.clone(), query) };
        self.views.insert(name.clone(), view);
        for option in options.into_iter().map(str::trim).filter(|it| !it.is_empty()) {
            self.opaque.push((None, Opaque::new("view option", name.clone(), option)));
        }
    }

    fn table_options(&mut self, id: Oid, said: &Said) {
        let mut own: Vec<(String, String)> = said
            .options
            .iter()
            .map(|it| it.split_once('=').unwrap_or((it, "true")))
            .map(|(name, it)| (name.to_owned(), it.to_owned()))
            .collect();
        if said.persistence == "u" {
            own.push(("unlogged".to_owned(), "true".to_owned()));
        }
        let toast = said.toast_options.iter().filter_map(|it| it.split_once('='));
        own.extend(toast.map(|(name, it)| (format!("toast_{name}"), it.to_owned())));
        own.extend(said.method.iter().map(|it| ("access_method".to_owned(), it.clone())));
        let identity = match said.replica_identity.as_str() {
            "f" => Some("full"),
            "n" if !self.is_foreign(id) => Some("nothing"),
            // By an index: the index says so.
            _ => None,
        };
        own.extend(identity.map(|it| ("replica_identity".to_owned(), it.to_owned())));
        own.extend(said.tablespace.iter().map(|it| ("tablespace".to_owned(), unquoted(it))));
        // Options of a foreign table are nothing that it is made with here.
        let rest = match self.tables.get_mut(&id) {
            Some(table) => read_options(self.dialect, table, own),
            None => own,
        };
        let others = ["unlogged", "tablespace", "access_method", "replica_identity"];
        let options = rest.iter().filter(|(name, _)| !others.contains(&name.as_str()));
        let options = options.map(|(name, it)| match name.strip_prefix("toast_") {
            Some(rest) if rest != "tuple_target" => format!("toast.{rest}={it}"),
            _ => format!("{name}={it}"),
        });
        let options: Vec<String> = options.collect();
        if !options.is_empty() {
            self.note("table option", id, "WITH", format!("WITH ({})", options.join(", ")));
        }
        if rest.iter().any(|(name, _)| name == "unlogged") {
            self.note("table option", id, "UNLOGGED", "UNLOGGED");
        }
        let space = rest.iter().find(|(name, _)| name == "tablespace");
        let space = space.map(|_| said.in_tablespace()).unwrap_or_default();
        let method = rest.iter().find(|(name, _)| name == "access_method");
        let using = method.map(|_| said.using()).unwrap_or_default();
        for (word, text) in [("TABLESPACE", space), ("USING", using)] {
            if !text.is_empty() {
                self.note("table option", id, word, text.trim());
            }
        }
        if let Some(of) = &said.of_type {
            self.note("table option", id, "OF", format!("OF {of}"));
        }
        if let Some((_, it)) = rest.iter().find(|(name, _)| name == "replica_identity") {
            let text = format!("REPLICA IDENTITY {}", it.to_uppercase());
            self.note("table option", id, "REPLICA IDENTITY", text);
        }
        let security = match said.row_security {
            (true, true) => "ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            (true, false) => "ENABLE ROW LEVEL SECURITY",
            (false, true) => "FORCE ROW LEVEL SECURITY",
            (false, false) => return,
        };
        self.note("row security", id, "ROW LEVEL SECURITY", security);
    }

    fn is_foreign(&self, id: Oid) -> bool {
        self.relations.get(&id).is_some_and(|it| it.foreign.is_some())
    }
}

impl Said {
    fn in_tablespace(&self) -> String {
        self.tablespace.as_ref().map(|it| format!(" TABLESPACE {it}")).unwrap_or_default()
    }

    fn using(&self) -> String {
        self.method.as_ref().map(|it| format!(" USING {it}")).unwrap_or_default()
    }
}

/// A view's text behind `AS`, without the semicolon that the server writes.
fn aligned(body: &str) -> String {
    let body = body.trim_end().trim_end_matches(';');
    if body.starts_with(' ') { body.to_owned() } else { format!(" {body}") }
}

/// A name without the quotes that the server may have put around it.
fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}
