//! Migration files in Rust mean the same to whimbrel and to rustc, and printing is the way back.

use std::{fs, path::Path, process::Command, sync::Arc};

use whimbrel::{
    diagnostic::SourceFile,
    migration::format::rust::{NoSiblings, RustMigration, Siblings, print, read},
};
use whimbrel_migration::Migration;

fn read_text(name: &str, text: &str) -> Result<RustMigration, String> {
    let (read, diagnostics) = read(&SourceFile::new(name, text), &NoSiblings);
    read.ok_or_else(|| diagnostics.iter().map(|it| format!("{it}\n")).collect())
}

/// The corpus: each file compiled by rustc, and its text.
macro_rules! corpus {
    ($($name:ident $path:literal),* $(,)?) => {
        $(
            #[path = $path]
            mod $name;
        )*
        const CORPUS: &[(&str, &str, fn() -> Migration)] =
            &[$((stringify!($name), include_str!($path), $name::migration),)*];
    };
}

corpus! {
    loops "migrations/rust/loops.rs",
    merge "migrations/rust/merge.rs",
    moves "migrations/rust/moves.rs",
    orders "migrations/rust/orders.rs",
    types "migrations/rust/types.rs",
}

#[test]
fn a_file_means_the_same_interpreted_and_compiled() {
    for (name, text, compiled) in CORPUS {
        let interpreted =
            read_text(&format!("{name}.rs"), text).unwrap_or_else(|it| panic!("{it}"));
        assert_eq!(interpreted.migration, compiled(), "{name}");
    }
}

#[test]
fn a_printed_file_is_read_as_it_was_and_printed_as_it_was() {
    for (name, _, compiled) in CORPUS {
        let text = print(&compiled(), name);
        let again = read_text(name, &text).unwrap_or_else(|it| panic!("{it}{text}"));
        assert_eq!(again.migration, compiled(), "{name}:\n{text}");
        assert_eq!(print(&again.migration, name), text);
    }
}
