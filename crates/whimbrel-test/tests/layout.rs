//! whimbrel's own tables as an older build left them: whoever only reads leaves them as they are,
//! the next run that writes upgrades them in place, wherever an earlier upgrade was cut off.

use std::collections::BTreeMap;

use whimbrel::{
    dialect::Dialect,
    execute::{Target, UpOptions, status, up},
    history::{self, Columns, LAYOUT},
};
use whimbrel_migration::*;
use whimbrel_test::{
    engines::{self, Throwaway},
    shelf::{Listener, Shelf, target},
};

/// The columns of the first layout. It stands here for good: databases have it.
const FIRST: [(&str, &str); 4] = [
    ("state", "name,value"),
    ("runs", "id,command,actor,host,version,reference,started,ended,outcome"),
    (
        "migrations",
        "name,digest,meaning,state,direction,how,parents,position,run,started,ended,plan,revert",
    ),
    (
        "steps",
        "migration,direction,position,state,observed,statement,session,begun,done,progress,error",
    ),
];

fn shelf(count: usize) -> Shelf {
    let name = |number: usize| format!("{number:04}_t{number}");
    Shelf::new((1..=count).map(|number| {
        let begun = match number {
            1 => Migration::first(),
            _ => Migration::after(name(number - 1).as_str()),
        };
        let table = table(format!("t{number}").as_str()).column("id", bigint().primary_key());
        (name(number), begun.create_table(table))
    }))
}

fn on<T>(database: &Throwaway, shelf: &Shelf, work: impl FnOnce(&mut Target<'_>) -> T) -> T {
    let mut connection = database.connect();
    let product = connection.server().product.clone();
    let dialect = Dialect::of_product(&product).expect("it has a dialect");
    work(&mut target(&mut *connection, dialect, shelf))
}

fn columns(database: &Throwaway) -> Columns {
    on(database, &shelf(0), |target| {
        history::survey(target.connection, target.dialect).expect("it can be surveyed").own
    })
}

fn go_up(target: &mut Target<'_>) -> Vec<String> {
    let report = up(target, &UpOptions::default(), &mut Listener::default());
    report.expect("`up` succeeds").migrations
}

/// What has come since the first layout.
fn later(all: &Columns) -> Vec<(String, String)> {
    let first: BTreeMap<_, _> = FIRST.into_iter().collect();
    let mut later = Vec::new();
    for (table, columns) in all {
        let first: Vec<&str> =
            first.get(table.as_str()).map_or(vec![], |it| it.split(',').collect());
        let new = columns.iter().filter(|it| !first.contains(&it.as_str()));
        later.extend(new.map(|it| (table.clone(), it.clone())));
    }
    later
}

/// Makes the tables look as the first build left them, but for the first `stays` of what has come
/// since: as an upgrade leaves them that was cut off there.
fn age(target: &mut Target<'_>, later: &[(String, String)], stays: usize) {
    for (table, column) in later.iter().skip(stays) {
        let known = FIRST.iter().any(|it| it.0 == table);
        let sql = if known {
            format!("ALTER TABLE whimbrel_{table} DROP COLUMN {column}")
        } else {
            format!("DROP TABLE IF EXISTS whimbrel_{table}")
        };
        target.connection.execute(&sql).expect("the tables can be made old");
    }
    let sql = "UPDATE whimbrel_state SET value = '1' WHERE name = 'layout'";
    target.connection.execute(sql).expect("the layout can be made old");
}

#[test]
fn an_older_layout_is_read_as_it_is_and_upgraded_by_who_writes() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let applied = on(&database, &shelf(2), go_up);
        assert_eq!(applied.len(), 2);
        let new = columns(&database);
        let later = later(&new);
        assert!(!later.is_empty());
        for stays in 0..later.len() {
            let count = 3 + stays;
            on(&database, &shelf(0), |target| age(target, &later, stays));
            let old = columns(&database);
            assert_ne!(old, new, "{}", engine.name);
            // Neither reading nor having nothing to do changes anything.
            let told = on(&database, &shelf(count), status).expect("`status` succeeds");
            assert_eq!(told.pending().count(), 1, "{}", engine.name);
            assert_eq!(on(&database, &shelf(count - 1), go_up), [""; 0], "{}", engine.name);
            assert_eq!(columns(&database), old, "{}", engine.name);
            // Who has something to do upgrades first.
            let applied = on(&database, &shelf(count), go_up);
            assert_eq!(applied, [format!("{count:04}_t{count}")], "{}", engine.name);
            let sets = |it: &Columns| {
                let sorted = |(name, columns): (&String, &Vec<String>)| {
                    let mut columns = columns.clone();
                    columns.sort();
                    (name.clone(), columns)
                };
                it.iter().map(sorted).collect::<BTreeMap<_, _>>()
            };
            assert_eq!(sets(&columns(&database)), sets(&new), "{}", engine.name);
            on(&database, &shelf(0), |target| {
                let layout = "SELECT value FROM whimbrel_state WHERE name = 'layout'";
                let rows = target.connection.query(layout).expect("the layout can be read");
                assert_eq!(rows, [[Some(LAYOUT.to_string())]], "{}", engine.name);
            });
        }
    }
}
