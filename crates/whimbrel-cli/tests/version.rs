//! `whimbrel version`, and words that are no command.

use std::time::{Duration, Instant};

use crate::support::{Project, check};

#[test]
fn it_says_its_version_at_once() {
    let project = Project::empty();
    check(&project.run("version"), concat!("whimbrel ", env!("CARGO_PKG_VERSION"), "\n"));
    // The best of several, because other tests run beside it.
    let best = (0..10)
        .map(|_| {
            let start = Instant::now();
            project.run("version");
            start.elapsed()
        })
        .min();
    assert!(best < Some(Duration::from_millis(20)), "{best:?}");
}

#[test]
fn a_word_of_the_reference_that_is_missing_says_so() {
    check(
        &Project::empty().run("struct2schema"),
        "
--- stderr
error: `struct2schema` isn't there yet
hint: reading structs into YAML is planned; write schema/schema.yaml by hand until then
--- exit 2
",
    );
}

#[test]
fn an_unknown_word_gets_the_nearest_command() {
    let said = Project::empty().run("verzion");
    assert!(said.contains("unrecognized subcommand 'verzion'"), "{said}");
    assert!(said.contains("'version'"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    check(
        &Project::empty().run("-C nowhere config"),
        "
--- stderr
error: there is no folder `nowhere`
hint: `-C` takes a folder that is there
--- exit 2
",
    );
}
