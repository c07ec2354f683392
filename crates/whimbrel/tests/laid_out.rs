//! `schema fmt` over every schema file there is: blanks change and nothing else.

#[path = "common/cases.rs"]
mod cases;

use std::{
    fs,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use whimbrel::{diagnostic::SourceFile, source::yaml};

/// All YAML files below `tests/`, good and bad, and those of the example.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("tests"), root.join("../../examples")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn format(text: &str) -> Result<String, String> {
    let laid_out = yaml::format(&SourceFile::new("schema.yaml", text));
    laid_out.map_err(|it| it.first().map(ToString::to_string).unwrap_or_default())
}

/// What a file says: its schema and all that is said of it, without places.
fn meaning(text: &str) -> String {
    let (declared, found) = yaml::read(&vec![SourceFile::new("schema.yaml", text)].into());
    let mut said: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    said.sort_unstable();
    format!("{:?}\n{said:?}", declared.schema)
}

#[test]
fn every_schema_file_means_the_same_laid_out_and_is_laid_out_once() {
    let (mut laid_out, mut kept) = (0, Vec::new());
    for path in files() {
        let text = fs::read_to_string(&path).unwrap_or_default();
        match format(&text) {
            Ok(once) => {
                assert_eq!(meaning(&once), meaning(&text), "{}", path.display());
                assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "{}", path.display());
                laid_out += 1;
            }
            Err(why) => kept.push(format!("{}: {why}", path.display())),
        }
    }
    assert!(laid_out > 150, "{laid_out} files, and kept:\n{}", kept.join("\n"));
    let good = |it: &&String| it.contains("/good/") || it.contains("/scenarios/");
    let kept: Vec<&String> = kept.iter().filter(good).collect();
    assert!(kept.is_empty(), "{kept:#?}");
}

#[test]
fn what_schema_state_prints_stays_as_it_is() {
    for path in files() {
        let printed = path.with_extension("printed");
        let Ok(text) = fs::read_to_string(&printed) else { continue };
        assert_eq!(format(&text).as_deref(), Ok(text.as_str()), "{}", printed.display());
    }
}

proptest! {
    #![proptest_config(cases::cases(400))]

    /// Whatever is cut out of a file or put into it, nothing panics, and what comes of it means
    /// the same.
    #[test]
    fn no_text_panics_or_changes_its_meaning(
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..12,
        inserted in "[ \\n#:\\-{}\\[\\]&*!'\"|>,a?%@0+]{0,6}",
    ) {
        let files = files();
        let text = fs::read_to_string(&files[file.index(files.len())]).unwrap_or_default();
        let characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let end = (at + length).min(characters.len());
        let mut changed: String = characters[..at].iter().collect();
        changed.push_str(&inserted);
        changed.extend(&characters[end..]);
        if let Ok(once) = format(&changed) {
            prop_assert_eq!(meaning(&once), meaning(&changed));
            prop_assert_eq!(format(&once), Ok(once));
        }
    }
}
