//! Scripts that are hard to cut, cut and run on the engines they are for. A driver refuses a text
//! of two statements, and an engine one that is cut too early, so every cut is judged.

use whimbrel::{dialect::Dialect, sql::split::split};
use whimbrel_test::engines::{self, Engine};

fn runs(engines: Vec<Engine>, script: &str, pieces: usize, logged: &str) {
    for engine in engines {
        let database = engine.fresh_database();
        let mut connection = database.connect();
        let dialect = Dialect::of_product(&connection.server().product).unwrap();
        let found = split(dialect, script).unwrap_or_else(|it| panic!("{}: {it:?}", engine.name));
        let texts: Vec<&str> = found.iter().map(|it| it.text(script)).collect();
        assert_eq!(texts.len(), pieces, "{}: {texts:#?}", engine.name);
        for text in texts {
            let result = connection.execute(text);
            result.unwrap_or_else(|error| panic!("{}: {text}: {error}", engine.name));
        }
        let rows = connection.query("SELECT n FROM v").unwrap();
        assert_eq!(rows, [[Some(logged.to_owned())]], "{}", engine.name);
    }
}

#[test]
fn a_script_for_sqlite_is_cut_as_sqlite_would() {
    runs(engines::sqlite(), include_str!("scripts/sqlite.sql"), 6, "2");
}

#[test]
fn a_script_for_postgres_is_cut_as_postgres_would() {
    runs(engines::postgres(), include_str!("scripts/postgres.sql"), 8, "4");
}

#[test]
fn a_script_for_mysql_is_cut_as_the_client_would() {
    runs(engines::mysql_family(), include_str!("scripts/mysql.sql"), 10, "5");
}
