//! Functions that an application adds to the language of its migrations.

use std::sync::Arc;

use whimbrel::{
    diagnostic::SourceFile,
    migration::{
        Migrations,
        format::rust::{self, NoSiblings, Siblings, Symbols},
    },
    project::Directory,
};
use whimbrel_migration::{
    Migration, decimal,
    dispatch::{Object, Value},
    table, varchar,
};

/// What the crate `shop_types` of an application has.
fn symbols() -> Symbols {
    Symbols::default()
        .with_symbol("shop_types::money", |arguments| match &*arguments {
            [] => Ok(Object::from(decimal(12, 2).not_null().default(0))),
            _ => Err("`money` takes nothing".to_owned()),
        })
        .with_symbol("shop_types::texts::label", |arguments| match &*arguments {
            [Value::Integer(length @ 1..=200)] => {
                Ok(varchar(u32::try_from(*length).unwrap_or(200)).not_null().into())
            }
            _ => Err("a label has 1 to 200 characters".to_owned()),
        })
}

struct App(Symbols);

impl Siblings for App {
    fn file(&self, path: &str) -> Result<Arc<SourceFile>, String> {
        NoSiblings.file(path)
    }

    fn symbols(&self) -> &Symbols {
        &self.0
    }
}

fn text(uses: &str, money: &str, label: &str) -> String {
    format!(
        "use whimbrel_migration::*;\n{uses}\n\npub fn migration() -> Migration {{\n    \
         Migration::first().create_table(table(\"t\").column(\"price\", {money}).column(\"name\", {label}))\n}}\n"
    )
}

fn read(text: &str) -> Result<Migration, String> {
    let file = SourceFile::new("0001_t.rs", text.to_owned());
    let (migration, found) = rust::read(&file, &App(symbols()));
    migration.map(|it| it.migration).ok_or_else(|| {
        let it = &found[0];
        format!("{it}: {}", it.help.clone().unwrap_or_default())
    })
}

fn wanted() -> Migration {
    Migration::first().create_table(
        table("t")
            .column("price", decimal(12, 2).not_null().default(0))
            .column("name", varchar(40).not_null()),
    )
}

#[test]
fn what_an_application_adds_is_imported_and_called_by_its_path() {
    for (uses, money, label) in [
        ("use shop_types::*;", "money()", "shop_types::texts::label(40)"),
        ("use shop_types::{money, texts::label};", "money()", "label(40)"),
        ("use shop_types::texts::*;", "shop_types::money()", "label(40)"),
        ("", "shop_types::money()", "shop_types::texts::label(20 + 20)"),
    ] {
        assert_eq!(read(&text(uses, money, label)), Ok(wanted()), "{uses}");
    }
}

#[test]
fn what_it_does_not_have_or_refuses_is_told_with_its_place() {
    let refused = |uses: &str, money: &str| read(&text(uses, money, "text()")).unwrap_err();
    let told = refused("use shop_types::mony;", "money()");
    assert!(
        told.contains("0001_t.rs:2:17") && told.contains("`shop_types` has no `mony`"),
        "{told}"
    );
    assert!(told.ends_with("did you mean `money`?"), "{told}");
    let told = refused("", "money()");
    assert!(told.contains("there is no `money`"), "{told}");
    let told = refused("", "shop_types::texts::label(0)");
    assert!(told.contains("a label has 1 to 200 characters"), "{told}");
    assert!(told.contains("0001_t.rs:5:"), "{told}");
    let told = refused("", "shop_types::money(|it| it)");
    assert!(told.contains("can't take a"), "{told}");
    let told = refused("use other_types::*;", "money()");
    assert!(told.contains("other_types"), "{told}");
}

#[test]
fn a_directory_reads_its_files_with_them() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("0001_t.rs");
    let text = text("use shop_types::*;", "money()", "shop_types::texts::label(40)");
    std::fs::write(file, text).expect("it can be written");
    let open = || Directory::open(folder.path(), "migrations", None).expect("it is there");
    let directory = open().with_symbols(symbols());
    let read = directory.load("0001_t");
    assert_eq!(read.expect("it can be read").migration, wanted());
    let read = open().load("0001_t");
    assert!(read.is_err(), "without them it can't");
}
