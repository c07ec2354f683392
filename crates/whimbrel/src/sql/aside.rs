//! Setting a table or a column aside instead of dropping it, and putting it back as it was.
//!
//! What is set aside keeps its rows and gives everything else free: its name and the names of what
//! belongs to it, and whatever would reach from it into tables that stay. Here it only becomes
//! statements; who asks the database and keeps account of it is `execute`.

use std::collections::BTreeSet;

use super::{
    Alteration, Kind, LiveChange, LiveTable, Statement, TableEdit, Transaction, Unsupported,
    absent, alter_columns, auto_update,
    classify::classify,
    definition::{ClauseKind, ItemBody, TableDefinition},
    drop_column, drop_enum,
    enumeration::{is_values_clause, move_type, rename_type},
    lexer::lex_significant,
    live::counts_up,
    present, rename_column,
};
use crate::{
    connection::Row,
    dialect::{
        After, AlterColumn, Constraints, Dialect, ForeignKeys, LongestName, Look, Object, SetAside,
    },
    schema::Name,
};

/// How the names begin of what is set aside.
pub(crate) const TRASH: &str = "whimbrel_trash_";

/// How something is set aside, and what may become of it then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// What it is called while it is set aside.
    pub kept: Object,
    /// The statements that set it aside.
    pub away: Vec<Statement>,
    /// The statements that put it back.
    pub back: Vec<Statement>,
    /// The statements that let it go for good.
    pub purge: Vec<Statement>,
}

/// What is gone by the time that something is set aside.
#[derive(Clone, Copy, Debug)]
pub struct Gone<'a> {
    /// Dropped or set aside by then.
    pub before: &'a BTreeSet<Object>,
    /// Of these, what goes by the same operation, and so comes back with it.
    pub with_it: &'a BTreeSet<Object>,
}

/// A table as it stands, and what ties it to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ties {
    table: Name,
    keys: Vec<Key>,
    /// The foreign keys of other tables that point at it; without a name where the catalog tells
    /// none.
    pointing: Vec<(Name, String)>,
    /// Checks, with the columns that they speak of.
    checks: Vec<(String, Vec<String>)>,
    /// Whether it has to stay in its namespace.
    stays: bool,
    live: Option<LiveTable>,
}

/// A foreign key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    name: String,
    columns: Vec<String>,
    /// `CONSTRAINT "…" FOREIGN KEY …`; `None` where it is part of a column's definition.
    text: Option<String>,
    /// Whether it points at its own table.
    is_own: bool,
}

/// What the catalog says of a column, in the database's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnFound {
    /// Whether a row may leave it empty.
    pub nullable: bool,
    /// What stands behind `DEFAULT`.
    pub default: Option<String>,
    /// Whether a sequence numbers it that is its own, so that it is never null.
    pub identity: bool,
}

impl Ties {
    /// What the answers to the queries `ties` and `live` of a dialect's `Looking` show.
    pub fn read(
        dialect: &Dialect,
        table: &Name,
        rows: Vec<Row>,
        live: Option<LiveTable>,
    ) -> Result<Self, Unsupported> {
        let (mut keys, mut pointing, mut checks) = (Vec::new(), Vec::new(), Vec::new());
        let mut stays = false;
        for row in rows {
            let mut cells = row.into_iter();
            let mut cell = || cells.next().flatten();
            let (kind, namespace) = (cell().unwrap_or_default(), cell());
            let (from, name) = (cell().unwrap_or_default(), cell().unwrap_or_default());
            let columns = cell().and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default();
            let text = cell();
            match kind.as_str() {
                "points" | "own" => keys.push(Key { name, columns, text, is_own: kind == "own" }),
                "check" => checks.push((name, columns)),
                "trigger" => stays = true,
                _ => pointing.push((Name { namespace, name: from }, name)),
            }
        }
        if let Some(live) = &live {
            let definition = parsed(dialect, live)?;
            for key in definition.foreign_keys() {
                keys.push(Key {
                    name: key.name.clone().unwrap_or_default(),
                    columns: key.columns.clone(),
                    text: definition.foreign_key_text(&key).map(str::to_owned),
                    is_own: key.table.name.eq_ignore_ascii_case(&table.name),
                });
            }
        }
        Ok(Self { table: table.clone(), keys, pointing, checks, stays, live })
    }

    /// What a column is, by the row that a look at it returned.
    pub fn column(
        &self,
        dialect: &Dialect,
        column: &str,
        row: &Row,
    ) -> Result<ColumnFound, Unsupported> {
        let nullable = row.get(1).and_then(Option::as_deref) == Some("yes");
        let Some(live) = &self.live else {
            let default = row.get(2).cloned().flatten();
            let identity = row.get(8).is_some_and(Option::is_some);
            return Ok(ColumnFound { nullable, default, identity });
        };
        // The text that the database keeps can be said again as it is; what the catalog shows of
        // a default can't everywhere.
        let definition = parsed(dialect, live)?;
        let Some(found) = definition.column(column) else {
            return Err(not_aside(
                &format!("column `{column}` of `{}`", self.table),
                "the table's definition in the database doesn't name it",
            ));
        };
        let default = found.default().filter(|it| !it.eq_ignore_ascii_case("null"));
        let default = match (default, found.clause(ClauseKind::OnUpdate)) {
            (default, None) => default.map(str::to_owned),
            (default, Some(update)) => Some(format!("{} {update}", default.unwrap_or("NULL"))),
        };
        Ok(ColumnFound { nullable, default, identity: false })
    }

    fn is_gone(&self, key: &Key, objects: &BTreeSet<Object>) -> bool {
        let is_it = |it: &Object| {
            matches!(it, Object::ForeignKey(table, name)
                if same_table(table, &self.table) && name.eq_ignore_ascii_case(&key.name))
        };
        objects.iter().any(is_it)
    }

    /// Of these keys, those that are still to be dropped, and those that come back later.
    fn sorted<'a>(&self, keys: &[&'a Key], gone: Gone<'_>) -> (Vec<&'a Key>, Vec<&'a Key>) {
        let keys = keys.iter().copied();
        let drop: Vec<_> = keys.clone().filter(|it| !self.is_gone(it, gone.before)).collect();
        let back = keys
            .filter(|it| !self.is_gone(it, gone.before) || self.is_gone(it, gone.with_it))
            .collect();
        (drop, back)
    }
}

/// A table is set aside as the `id`th thing. `home` is the namespace of a name that says none.
pub fn table_aside(
    dialect: &Dialect,
    ties: &Ties,
    id: u64,
    home: &str,
    gone: Gone<'_>,
) -> Result<Aside, Unsupported> {
    let what = format!("table `{}`", ties.table);
    let lost_column = gone.before.iter().find_map(|it| match it {
        Object::Column(table, column) if same_table(table, &ties.table) => Some(column),
        _ => None,
    });
    if let Some(column) = lost_column {
        let because = format!("the same migration takes column `{column}` from it first");
        return Err(not_aside(&what, because));
    }
    for (from, key) in &ties.pointing {
        let is_gone = |it: &Object| match it {
            Object::Table(table) => same_table(table, from),
            Object::ForeignKey(table, name) => {
                same_table(table, from) && (key.is_empty() || name.eq_ignore_ascii_case(key))
            }
            Object::Column(..)
            | Object::Index(..)
            | Object::Constraint(..)
            | Object::PrimaryKey(_)
            | Object::LoneIndex(..)
            | Object::Type(_)
            | Object::Namespace(_)
            | Object::View(_)
            | Object::MaterializedView(_)
            | Object::Routine(_)
            | Object::EnumValue(..)
            | Object::Partition(..)
            | Object::AutoUpdate(..)
            | Object::Function(_)
            | Object::Leftovers(_) => false,
        };
        if !gone.before.iter().any(is_gone) {
            let key = if key.is_empty() { String::new() } else { format!(" `{key}`") };
            let because =
                format!("foreign key{key} of `{}` points at it; drop that key first", from.name);
            return Err(not_aside(&what, because));
        }
    }
    match dialect.set_aside {
        SetAside::Namespace => into_namespace(dialect, ties, id, home, gone),
        SetAside::Name => to_name(dialect, ties, id, gone),
        SetAside::Copy => to_copy(dialect, ties, id, gone),
    }
}

/// A type is set aside as the `id`th thing, for the columns that are: it gets another name, and goes
/// into the namespace `home` where it is in another, which may be dropped next.
pub fn type_aside(dialect: &Dialect, name: &Name, id: u64, home: &str) -> Aside {
    let here =
        Name { namespace: name.namespace.clone(), name: trash_name(dialect, id, &name.name) };
    let mut away = vec![rename_type(dialect, name, &here.name)];
    let mut back = vec![rename_type(dialect, &here, &name.name)];
    let mut kept = here.clone();
    if let Some(own) = name.namespace.as_deref().filter(|it| *it != home) {
        kept.namespace = Some(home.to_owned());
        away.push(move_type(dialect, &here, &kept, home));
        back.insert(0, move_type(dialect, &kept, &here, own));
    }
    let purge = drop_enum(dialect, &kept).into_iter().collect();
    Aside { kept: Object::Type(kept), away, back, purge }
}

/// The table moves with its indexes, its constraints and its sequences. Keys that point at other
/// tables are dropped: they would hold rows of those, or lose rows with them.
fn into_namespace(
    dialect: &Dialect,
    ties: &Ties,
    id: u64,
    home: &str,
    gone: Gone<'_>,
) -> Result<Aside, Unsupported> {
    let table = &ties.table;
    let home = table.namespace.as_deref().unwrap_or(home);
    let number = format!("_{id}");
    let namespace = format!("{}{number}", shortened(dialect, &format!("{TRASH}{home}"), &number));
    let kept = Name { namespace: Some(namespace.clone()), name: table.name.clone() };
    let outward: Vec<&Key> = ties.keys.iter().filter(|it| !it.is_own).collect();
    let (drop, add) = ties.sorted(&outward, gone);

    let quoted = dialect.quote(&namespace);
    let is_there = |yes: u8, no: u8| {
        format!(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {}) \
             THEN {yes} ELSE {no} END",
            dialect.literal(&namespace)
        )
    };
    let create = Statement {
        done_when: Some(is_there(1, 0)),
        ..Statement::schema(format!("CREATE SCHEMA {quoted}"), [])
    };
    let remove = Statement {
        done_when: Some(is_there(0, 1)),
        ..Statement::schema(format!("DROP SCHEMA {quoted}"), [])
    };
    let moved = |from: &Name, to: &Name, namespace: &str| {
        let text = format!(
            "ALTER TABLE {} SET SCHEMA {}",
            dialect.quote_name(from),
            dialect.quote(namespace)
        );
        let looks = [absent(Object::Table(from.clone())), present(Object::Table(to.clone()))];
        Statement::schema(text, looks)
    };
    let mut away: Vec<Statement> = drop_keys(dialect, table, &drop)?.into_iter().collect();
    away.push(create.clone());
    away.push(moved(table, &kept, &namespace));
    let mut back = vec![moved(&kept, table, home), remove.clone()];
    back.extend(add_keys(dialect, table, &add)?);
    back.extend(auto_updates(dialect, table, None, gone));
    let purge = vec![drop_table(dialect, &kept), remove];
    Ok(Aside { kept: Object::Table(kept), away, back, purge })
}

/// What drops the checks of a table that would keep their names from other tables, and what brings
/// them back.
fn shared_checks(
    dialect: &Dialect,
    ties: &Ties,
    gone: Gone<'_>,
) -> Result<(Option<Statement>, Option<Statement>), Unsupported> {
    let shared = matches!(dialect.constraints, Constraints::Clauses { shared_names: true, .. });
    let Some(live) = ties.live.as_ref().filter(|_| shared) else { return Ok((None, None)) };
    let table = &ties.table;
    let object = |name: &String| Object::Constraint(table.clone(), name.clone());
    let is_in = |name: &String, objects: &BTreeSet<Object>| objects.contains(&object(name));
    let definition = parsed(dialect, live)?;
    let checks: Vec<(String, &str)> = definition
        .items()
        .iter()
        .filter_map(|it| match &it.body {
            ItemBody::Constraint(it) if it.is_check() => Some((it.name()?, it.text().trim())),
            ItemBody::Constraint(_) | ItemBody::Column(_) => None,
        })
        .collect();
    let all = |clauses: Vec<String>, looks: Vec<Look>| {
        let text = format!("ALTER TABLE {} {}", dialect.quote_name(table), clauses.join(", "));
        (!clauses.is_empty()).then(|| Statement::schema(text, looks))
    };
    let go = checks.iter().filter(|(name, _)| !is_in(name, gone.before));
    let come =
        checks.iter().filter(|(name, _)| !is_in(name, gone.before) || is_in(name, gone.with_it));
    let drop = |(name, _): &(String, &str)| format!("DROP CONSTRAINT {}", dialect.quote(name));
    let go =
        all(go.clone().map(drop).collect(), go.map(|(name, _)| absent(object(name))).collect());
    let come = all(
        come.clone().map(|(_, text)| format!("ADD {text}")).collect(),
        come.map(|(name, _)| present(object(name))).collect(),
    );
    Ok((go, come))
}

/// The table gets another name; all its foreign keys go, as their names are the database's. It goes
/// into the connection's own namespace, as its own may be dropped next, unless it has
/// to stay there.
fn to_name(dialect: &Dialect, ties: &Ties, id: u64, gone: Gone<'_>) -> Result<Aside, Unsupported> {
    let table = &ties.table;
    let name = trash_name(dialect, id, &table.name);
    let kept = Name { namespace: table.namespace.clone().filter(|_| ties.stays), name };
    let keys: Vec<&Key> = ties.keys.iter().collect();
    let (drop, add) = ties.sorted(&keys, gone);
    let renamed = |from: &Name, to: &Name| {
        let text =
            format!("RENAME TABLE {} TO {}", dialect.quote_name(from), dialect.quote_name(to));
        let looks = [absent(Object::Table(from.clone())), present(Object::Table(to.clone()))];
        Statement::schema(text, looks)
    };
    let mut away: Vec<Statement> = drop_keys(dialect, table, &drop)?.into_iter().collect();
    let (checks_go, checks_come) = shared_checks(dialect, ties, gone)?;
    away.extend(checks_go);
    away.push(renamed(table, &kept));
    let mut back = vec![renamed(&kept, table)];
    back.extend(checks_come);
    back.extend(add_keys(dialect, table, &add)?);
    let purge = vec![drop_table(dialect, &kept)];
    Ok(Aside { kept: Object::Table(kept), away, back, purge })
}

/// The rows go to a table that is nothing but rows, and come back into one that is made from the
/// text of the first. So nothing points anywhere, and no index or trigger keeps its name.
fn to_copy(dialect: &Dialect, ties: &Ties, id: u64, gone: Gone<'_>) -> Result<Aside, Unsupported> {
    let table = &ties.table;
    let name = trash_name(dialect, id, &table.name);
    let kept = Name { namespace: table.namespace.clone(), name };
    let Some(live) = &ties.live else {
        return Err(not_aside(&format!("table `{table}`"), "its definition isn't known"));
    };
    let mut definition = parsed(dialect, live)?;
    // Keys that another operation of the migration takes back come back by that operation.
    while let Some(key) = definition.foreign_keys().into_iter().find(|found| {
        let key = Key {
            name: found.name.clone().unwrap_or_default(),
            columns: Vec::new(),
            text: None,
            is_own: false,
        };
        ties.is_gone(&key, gone.before) && !ties.is_gone(&key, gone.with_it)
    }) {
        definition.remove_foreign_key(&key);
    }
    let stored = definition.columns().filter(|it| it.clause(ClauseKind::Generated).is_none());
    let columns = stored.map(|it| dialect.quote(it.name())).collect::<Vec<_>>().join(", ");
    let (old, new) = (dialect.quote_name(table), dialect.quote_name(&kept));
    let [old_name, new_name] = [&table.name, &kept.name].map(|it| dialect.literal(it));
    // The highest number ever given, also where its row is long gone.
    let numbers = |from: &str, to: &str| {
        [
            rows(format!("DELETE FROM sqlite_sequence WHERE name = {to}")),
            rows(format!(
                "INSERT INTO sqlite_sequence (name, seq) \
                 SELECT {to}, seq FROM sqlite_sequence WHERE name = {from}"
            )),
            rows(format!("DELETE FROM sqlite_sequence WHERE name = {from}")),
        ]
    };
    let is_numbered = counts_up(dialect, &live.definition);

    let mut away = vec![Statement::schema(
        format!("CREATE TABLE {new} AS SELECT {columns} FROM {old}"),
        [present(Object::Table(kept.clone()))],
    )];
    if is_numbered {
        away.extend(numbers(&old_name, &new_name));
    }
    away.push(drop_table(dialect, table));

    let created = [present(Object::Table(table.clone()))];
    let mut back = vec![
        Statement::schema(definition.print(), created),
        rows(format!("INSERT INTO {old} ({columns}) SELECT {columns} FROM {new}")),
    ];
    if is_numbered {
        back.extend(numbers(&new_name, &old_name));
    }
    for text in &live.attached {
        let statement = classify(dialect, text).into_statement(text);
        let goes_elsewhere = |it: &Object| gone.before.contains(it) && !gone.with_it.contains(it);
        let is_elsewhere = gone.before.iter().filter(|it| goes_elsewhere(it)).any(|object| {
            let Object::Index(at, index) = object else { return false };
            statement.looks.iter().any(|it| {
                matches!(&it.object, Object::Index(table, name)
                    if same_table(table, at) && name.eq_ignore_ascii_case(index))
            })
        });
        if !is_elsewhere {
            back.push(attached(dialect, table, statement, text));
        }
    }
    back.push(drop_table(dialect, &kept));
    let mut purge = vec![drop_table(dialect, &kept)];
    if is_numbered {
        purge.push(rows(format!("DELETE FROM sqlite_sequence WHERE name = {new_name}")));
    }
    Ok(Aside { kept: Object::Table(kept), away, back, purge })
}

/// An index or a trigger as it was; the catalog says of either whether it is there.
fn attached(dialect: &Dialect, table: &Name, statement: Statement, text: &str) -> Statement {
    let mut statement =
        Statement { kind: Kind::Schema, transaction: Transaction::Allowed, ..statement };
    if statement.looks.is_empty() {
        let database = table.namespace.as_deref().unwrap_or("main");
        statement.done_when = Some(format!(
            "SELECT count(*) FROM {}.sqlite_master WHERE sql = {}",
            dialect.quote(database),
            dialect.literal(text)
        ));
    }
    statement
}

/// A column is set aside as the `id`th thing: it stays in its table under another name, may be
/// left empty, and gets no value by itself.
pub fn column_aside(
    dialect: &Dialect,
    ties: &Ties,
    column: &str,
    found: &ColumnFound,
    id: u64,
    gone: Gone<'_>,
) -> Result<Aside, Unsupported> {
    let table = &ties.table;
    check_column(dialect, ties, column, gone)?;
    let kept = trash_name(dialect, id, column);
    let over = |key: &&Key| key.columns.iter().any(|it| it.eq_ignore_ascii_case(column));
    let keys: Vec<&Key> = ties.keys.iter().filter(over).collect();
    let (drop, add) = ties.sorted(&keys, gone);

    // One that restates columns says everything again, and so forgets what happens on update.
    let restates = dialect.alter_column == AlterColumn::Restate && found.default.is_some();
    let nullable = ((!found.nullable && !found.identity) || restates).then_some(true);
    let bare = Alteration {
        column: column.to_owned(),
        nullable,
        default: found.default.as_ref().map(|_| None),
        ends_nullable: true,
        ..Alteration::default()
    };
    let mut away: Vec<Statement> = drop_keys(dialect, table, &drop)?.into_iter().collect();
    away.extend(alter_columns(dialect, table, vec![bare]));
    away.push(rename_column(dialect, table, column, &kept));

    let mut back = vec![rename_column(dialect, table, &kept, column)];
    let value = found.default.as_deref().map(|it| it.split(" ON UPDATE ").next().unwrap_or(it));
    if let Some(value) = value.filter(|_| !found.nullable) {
        // Rows that came in the meantime get what they would have got.
        let (table, column) = (dialect.quote_name(table), dialect.quote(column));
        back.push(rows(format!("UPDATE {table} SET {column} = {value} WHERE {column} IS NULL")));
    }
    let whole = Alteration {
        column: column.to_owned(),
        nullable: nullable.map(|_| found.nullable),
        default: found.default.clone().map(Some),
        ends_nullable: found.nullable,
        ..Alteration::default()
    };
    let mut restored = alter_columns(dialect, table, vec![whole]);
    if let Some(statement) = &mut restored {
        let updates = found.default.as_deref().is_some_and(|it| it.contains(" ON UPDATE "));
        for look in statement.looks.iter_mut().filter(|_| updates) {
            // The catalog tells what happens on update elsewhere.
            if let After::Column(facts) = &mut look.after {
                facts.default = None;
            }
        }
    }
    back.extend(restored);
    back.extend(add_keys(dialect, table, &add)?);
    back.extend(auto_updates(dialect, table, Some(column), gone));
    let purge = vec![drop_column(dialect, table, &kept, false)];
    Ok(Aside { kept: Object::Column(table.clone(), kept), away, back, purge })
}

/// What updated columns by itself and has gone by the same operation.
fn auto_updates<'a>(
    dialect: &'a Dialect,
    table: &'a Name,
    only: Option<&'a str>,
    gone: Gone<'a>,
) -> impl Iterator<Item = Statement> + 'a {
    let of_table = move |it: &'a Object| match it {
        Object::AutoUpdate(of, column)
            if same_table(of, table) && only.is_none_or(|it| it == column) =>
        {
            Some(column)
        }
        _ => None,
    };
    let columns = gone.with_it.iter().filter_map(of_table);
    columns.flat_map(move |it| auto_update::create(dialect, table, it))
}

/// Refuses a column of which something speaks that would not let rows come without it.
fn check_column(
    dialect: &Dialect,
    ties: &Ties,
    column: &str,
    gone: Gone<'_>,
) -> Result<(), Unsupported> {
    let is_gone = |name: &str| {
        gone.before.iter().any(|it| {
            matches!(it, Object::Constraint(table, gone)
                if same_table(table, &ties.table) && gone.eq_ignore_ascii_case(name))
        })
    };
    let what = format!("column `{column}` of `{}`", ties.table);
    let speaks = |text: &str| {
        let because = format!("the table also says `{}`; drop that first", text.trim());
        Err(not_aside(&what, because))
    };
    for (name, columns) in &ties.checks {
        if columns.iter().any(|it| it == column) && !is_gone(name) {
            return speaks(&format!("CONSTRAINT {} CHECK …", dialect.quote(name)));
        }
    }
    let Some(live) = &ties.live else { return Ok(()) };
    let definition = parsed(dialect, live)?;
    if let Some(own) = definition.column(column) {
        let tied = [ClauseKind::Check, ClauseKind::References, ClauseKind::Generated];
        let texts = own.clauses().iter().filter(|it| tied.contains(&it.kind));
        let mut texts = texts.filter_map(|it| own.text().get(it.range.clone()));
        // Which values there are of an enum stays with the column, and null is always one.
        if let Some(clause) = texts.find(|it| !is_values_clause(dialect, column, it)) {
            return speaks(clause);
        }
    }
    for position in definition.mentioning(column) {
        let Some(item) = definition.items().get(position) else { continue };
        let text = item.body.text();
        let is_key = definition
            .foreign_keys()
            .iter()
            .any(|it| definition.foreign_key_text(it) == Some(text.trim()));
        let strict = lex_significant(dialect, text)
            .iter()
            .any(|it| it.is_word(text, "CHECK") || it.is_word(text, "PRIMARY"));
        let computes = matches!(item.body, ItemBody::Column(_));
        let named = match &item.body {
            ItemBody::Constraint(it) => it.name(),
            ItemBody::Column(_) => None,
        };
        if !is_key && (strict || computes) && !named.is_some_and(|it| is_gone(&it)) {
            return speaks(text);
        }
    }
    Ok(())
}

fn drop_keys(
    dialect: &Dialect,
    table: &Name,
    keys: &[&Key],
) -> Result<Option<Statement>, Unsupported> {
    let Some(first) = keys.first() else { return Ok(None) };
    let ForeignKeys::Clauses { drop, .. } = dialect.foreign_keys else {
        let because = format!("foreign key `{}` is over it; drop that first", first.name);
        return Err(not_aside(&format!("a column of `{table}`"), because));
    };
    let clauses: Vec<String> =
        keys.iter().map(|it| format!("{drop} {}", dialect.quote(&it.name))).collect();
    let looks = keys.iter().map(|it| absent(Object::ForeignKey(table.clone(), it.name.clone())));
    let text = format!("ALTER TABLE {} {}", dialect.quote_name(table), clauses.join(", "));
    Ok(Some(Statement::schema(text, looks)))
}

fn add_keys(dialect: &Dialect, table: &Name, keys: &[&Key]) -> Result<Vec<Statement>, Unsupported> {
    let mut clauses = Vec::with_capacity(keys.len());
    for key in keys {
        let Some(text) = &key.text else {
            let because = format!("foreign key `{}` is part of it; drop that first", key.name);
            return Err(not_aside(&format!("a column of `{table}`"), because));
        };
        clauses.push(text.clone());
    }
    if clauses.is_empty() {
        return Ok(Vec::new());
    }
    let looks = keys.iter().map(|it| present(Object::ForeignKey(table.clone(), it.name.clone())));
    if dialect.foreign_keys == ForeignKeys::Rebuild {
        let edits = clauses.into_iter().map(|clause| TableEdit::AddForeignKey { clause }).collect();
        let change = LiveChange { table: table.clone(), edits };
        return Ok(vec![change.statement(Transaction::WithoutForeignKeys, looks.collect())]);
    }
    let clauses: Vec<String> = clauses.into_iter().map(|it| format!("ADD {it}")).collect();
    let text = format!("ALTER TABLE {} {}", dialect.quote_name(table), clauses.join(", "));
    Ok(vec![Statement::schema(text, looks)])
}

fn drop_table(dialect: &Dialect, table: &Name) -> Statement {
    let text = format!("DROP TABLE {}", dialect.quote_name(table));
    Statement::schema(text, [absent(Object::Table(table.clone()))])
}

fn rows(text: String) -> Statement {
    Statement { kind: Kind::Rows, ..Statement::schema(text, []) }
}

/// `whimbrel_trash_7_users`, as long as the database lets it be.
fn trash_name(dialect: &Dialect, id: u64, name: &str) -> String {
    let begin = format!("{TRASH}{id}_");
    format!("{begin}{}", shortened(dialect, name, &begin))
}

/// As much of a name as there is room for beside `other`.
pub(super) fn shortened<'a>(dialect: &Dialect, name: &'a str, other: &str) -> &'a str {
    let end = match dialect.longest_name {
        LongestName::Unlimited => name.len(),
        LongestName::Bytes(longest) => {
            let room = longest.saturating_sub(other.len());
            (0..=room.min(name.len())).rev().find(|it| name.is_char_boundary(*it)).unwrap_or(0)
        }
        LongestName::Characters(longest) => {
            let room = longest.saturating_sub(other.chars().count());
            name.char_indices().nth(room).map_or(name.len(), |(at, _)| at)
        }
    };
    &name[..end]
}

/// Names in any case; one without a namespace is in the same one as far as anybody knows.
fn same_table(one: &Name, other: &Name) -> bool {
    one.name.eq_ignore_ascii_case(&other.name)
        && (one.namespace == other.namespace
            || one.namespace.is_none()
            || other.namespace.is_none())
}

fn parsed<'a>(dialect: &'a Dialect, live: &LiveTable) -> Result<TableDefinition<'a>, Unsupported> {
    TableDefinition::parse(dialect, &live.definition)
        .map_err(|it| not_aside(&format!("table `{}`", live.name), it.to_string()))
}

fn not_aside(what: &str, because: impl Into<String>) -> Unsupported {
    Unsupported::new(format!("to set {what} aside"), because)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{MYSQL, POSTGRES, SQLITE};

    #[test]
    fn names_of_what_is_set_aside_fit_the_database() {
        let long = "ü".repeat(70);
        assert_eq!(trash_name(&SQLITE, 7, &long), format!("whimbrel_trash_7_{long}"));
        assert_eq!(trash_name(&MYSQL, 7, &long).chars().count(), 64);
        let bytes = trash_name(&POSTGRES, 7, &long).len();
        assert!(bytes == 62 || bytes == 63, "{bytes}");
        assert_eq!(trash_name(&POSTGRES, 12, "users"), "whimbrel_trash_12_users");
    }
}
