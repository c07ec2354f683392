//! What is read of a SQLite file with everything in it.

use whimbrel::{
    diagnostic::Severity,
    dialect::SQLITE,
    schema::Found,
    source::{
        live::{self, Scope},
        yaml,
    },
    sql::{normal, split::split},
};
use whimbrel_test::{engines, snapshot};

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found")
}

fn read_rich() -> Found {
    let database = engines::sqlite().remove(0).fresh_database();
    let mut connection = database.connect();
    let script = std::fs::read_to_string(folder().join("sqlite.sql")).expect("it is there");
    for piece in split(&SQLITE, &script).expect("it can be split") {
        let text = piece.text(&script);
        connection.execute(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    live::read(&mut *connection, &SQLITE, Scope::of("main")).expect("it can be read")
}

#[test]
fn a_file_with_everything_in_it_is_read_whole() {
    let found = read_rich();
    let text = yaml::print_found(&found, "a file with everything in it");
    snapshot::check(&folder().join("sqlite.yaml"), &text).unwrap_or_else(|error| panic!("{error}"));
    let file = whimbrel::diagnostic::SourceFile::new("sqlite.yaml", text);
    let (read, diagnostics) = yaml::read(&vec![file].into());
    let wrong: Vec<_> = diagnostics.iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let [wanted, read] = [&found.schema, &read.schema].map(|it| normal(&SQLITE, it, "main"));
    assert_eq!(read, wanted);
}
