//! A database with a project beside it, and what a user could see of it.

use std::{fmt::Write, process::Command};

use whimbrel::connection::Connection;
use whimbrel_test::{
    engines::{Engine, Throwaway},
    proxy::{Protocol, Proxy},
};
use whimbrel_wire::Family;

use super::{
    classes::{self, Class},
    support::Project,
};

/// A direction, and the command for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Down,
}

impl Way {
    /// The words of the command. A second run that finds the first one's work done does no more.
    pub(crate) const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Up => &["up"],
            Self::Down => &["down", "--to", "0001_ground", "--allow-data-loss"],
        }
    }
}

/// A database, its project, and the way to it that can be cut.
pub(crate) struct Stage {
    pub(crate) database: Throwaway,
    pub(crate) project: Project,
    proxy: Option<(Proxy, String)>,
}

impl Stage {
    /// The ground is laid; the migration of this class is pending.
    pub(crate) fn new(engine: &Engine, class: Class) -> Self {
        let database = engine.fresh_database();
        let family = database.target().family;
        let project = Project::on(&database);
        project.write("migrations/0001_ground.rs", classes::GROUND);
        let said = project.run("up");
        assert!(!said.contains("--- exit"), "{}: {said}", engine.name);
        let mut connection = database.connect();
        for procedure in classes::procedures(family) {
            connection.execute(procedure).expect("it can be made");
        }
        let (ending, text) = class.migration(family).expect("the family has such steps");
        let named = |text: String, place: &&str| {
            text.replace(&format!("{{{place}}}"), &database.namespace(place))
        };
        let text = classes::PLACES.iter().fold(text, named);
        project.write(&format!("migrations/0002_change.{ending}"), &text);
        let proxy = proxy(&database);
        Self { database, project, proxy }
    }

    pub(crate) fn family(&self) -> Family {
        self.database.target().family
    }

    /// The proxy, where the database is behind a port.
    pub(crate) fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref().map(|(proxy, _)| proxy)
    }

    /// The command, to be run through the proxy.
    pub(crate) fn command(&self, way: Way) -> Command {
        let mut command = self.project.command(way.words());
        if let Some((_, url)) = &self.proxy {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Everything that a user could see: the schema, the rows, and what the history says.
    pub(crate) fn dump(&self) -> String {
        let mut connection = self.database.connect();
        let mut text = String::new();
        match self.family() {
            Family::Postgres => postgres(&mut *connection, &mut text),
            Family::Sqlite => sqlite(&mut *connection, &mut text),
            Family::Mysql => mysql(&mut *connection, &mut text),
        }
        for question in [
            "SELECT name, state, how, direction FROM whimbrel_migrations ORDER BY name",
            "SELECT migration, position, state FROM whimbrel_steps WHERE state <> 'done' \
             ORDER BY migration, position",
        ] {
            show(&mut *connection, question, &mut text);
        }
        // Another database of the same kind is to look the same.
        let own = self.database.target().database.as_deref().expect("it has a name");
        text.replace(own, "own")
    }

    /// The counter that `CALL` counts with.
    pub(crate) fn counter(&self) -> String {
        let rows = self.database.connect().query("SELECT n FROM counter").expect("it is there");
        rows[0][0].clone().expect("it is never null")
    }
}

fn proxy(database: &Throwaway) -> Option<(Proxy, String)> {
    let mut target = database.target().clone();
    let protocol = match target.family {
        Family::Postgres => Protocol::Postgres,
        Family::Mysql => Protocol::Mysql,
        Family::Sqlite => return None,
    };
    let host = target.hosts.first()?.clone();
    let proxy = Proxy::new(protocol, &host.name, host.port?).expect("there is a free port");
    "127.0.0.1".clone_into(&mut target.hosts[0].name);
    target.hosts[0].port = Some(proxy.port());
    target.set_parameter("sslmode", "disable").expect("both families know it");
    let url = target.reveal().reveal().to_owned();
    Some((proxy, url))
}

fn show(connection: &mut dyn Connection, question: &str, text: &mut String) {
    let rows = connection.query(question).unwrap_or_else(|it| panic!("{question}: {it}"));
    writeln!(text, "{question}").expect("a string takes everything");
    for row in rows {
        let cells = row.iter().map(|it| it.as_deref().unwrap_or("NULL"));
        writeln!(text, "  {}", cells.collect::<Vec<_>>().join(" | ")).expect("as above");
    }
}

fn rows_of(connection: &mut dyn Connection, tables: &str, text: &mut String) {
    let tables = connection.query(tables).expect("the catalog can be read");
    for table in tables.into_iter().filter_map(|it| it.into_iter().next().flatten()) {
        show(connection, &format!("SELECT * FROM {table} ORDER BY 1"), text);
    }
}

fn postgres(connection: &mut dyn Connection, text: &mut String) {
    // What is nobody's but the server's.
    let own = "n.nspname !~ '^(pg_|information_schema$)'";
    for question in [
        format!("SELECT n.nspname FROM pg_namespace AS n WHERE {own} ORDER BY 1"),
        format!(
            "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), \
             a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, \
             a.attcollation::regcollation, col_description(c.oid, a.attnum), \
             obj_description(c.oid) FROM pg_class AS c \
             JOIN pg_namespace AS n ON n.oid = c.relnamespace \
             JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE {own} AND c.relkind IN ('r', 'v') ORDER BY 1, 2, a.attnum"
        ),
        format!(
            "SELECT i.indexrelid::regclass, i.indisvalid, i.indisready, \
             pg_get_indexdef(i.indexrelid) FROM pg_index AS i \
             JOIN pg_class AS c ON c.oid = i.indexrelid \
             JOIN pg_namespace AS n ON n.oid = c.relnamespace \
             WHERE {own} ORDER BY n.nspname, c.relname"
        ),
        format!(
            "SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(c.oid) \
             FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = connamespace \
             WHERE {own} AND contype <> 'n' ORDER BY 1::text, 2"
        ),
        "SELECT sequencename, start_value, last_value FROM pg_sequences \
         WHERE sequencename NOT LIKE 'whimbrel%' ORDER BY 1"
            .to_owned(),
        "SELECT t.typname, e.enumlabel FROM pg_enum AS e JOIN pg_type AS t ON t.oid = e.enumtypid \
         ORDER BY t.typname, e.enumsortorder"
            .to_owned(),
        format!(
            "SELECT n.viewname, n.definition FROM \
             (SELECT schemaname AS nspname, * FROM pg_views) AS n WHERE {own} ORDER BY 1"
        ),
    ] {
        show(connection, &question, text);
    }
    let tables = format!(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c \
         JOIN pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE {own} AND c.relkind IN ('r', 'v') AND c.relname NOT LIKE 'whimbrel%' ORDER BY 1"
    );
    rows_of(connection, &tables, text);
}

fn mysql(connection: &mut dyn Connection, text: &mut String) {
    // Namespaces are databases that have the name of this one before their own.
    let namespaces = "SELECT schema_name FROM information_schema.schemata \
                      WHERE schema_name LIKE concat(database(), '\\_%') ORDER BY 1";
    show(connection, namespaces, text);
    let tables = "SELECT concat(table_schema, '.', table_name) FROM information_schema.tables \
                  WHERE (table_schema = database() \
                  OR table_schema LIKE concat(database(), '\\_%'))";
    let names = connection.query(&format!("{tables} ORDER BY 1")).expect("the catalog can be read");
    for name in names.into_iter().filter_map(|it| it.into_iter().next().flatten()) {
        show(connection, &format!("SHOW CREATE TABLE {name}"), text);
    }
    let own = format!("{tables} AND table_name NOT LIKE 'whimbrel%' ORDER BY 1");
    rows_of(connection, &own, text);
}

fn sqlite(connection: &mut dyn Connection, text: &mut String) {
    let all = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' \
               ORDER BY type, name";
    show(connection, all, text);
    let own = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') \
               AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'whimbrel%' ORDER BY name";
    rows_of(connection, own, text);
}
