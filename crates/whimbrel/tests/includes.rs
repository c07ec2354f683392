//! Files that schema files include: found by path, in crates and in Go modules, each once.

use std::{fs, path::Path};

use tempfile::TempDir;
use whimbrel::{
    project::{Config, Environment, Error, Flags, declared},
    schema::Name,
};

/// A folder with these files.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The names of the tables of the schema in `folder`, or everything that is wrong.
fn tables(folder: &Path, variables: &[(&str, &Path)]) -> Result<Vec<String>, String> {
    let flags = Flags { directory: folder.to_owned(), ..Flags::default() };
    let variables = variables
        .iter()
        .map(|(name, path)| ((*name).to_owned(), path.to_string_lossy().into_owned()));
    let config = Config::load(&flags, Environment::of(variables)).unwrap();
    match declared(&config) {
        Ok((declared, _)) => {
            Ok(declared.schema.tables().map(|it: &_| Name::clone(&it.name).to_string()).collect())
        }
        Err(Error::Texts(found)) => Err(found
            .iter()
            .map(|it| format!("{it} / {}", it.help.clone().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join("\n")),
        Err(other) => panic!("{other}"),
    }
}

fn table(name: &str) -> String {
    format!(
        "tables: [{{name: {name}, fields: [{{name: id, type: bigserial, primary_key: true}}]}}]\n"
    )
}

const CONFIG: (&str, &str) = ("whimbrel.toml", "schema = \"schema/schema.yaml\"\n");

#[test]
fn a_path_is_meant_from_the_file_that_includes_it() {
    let shared =
        format!("include: [{{path: deep/more.yaml}}, ../schema/schema.yaml]\n{}", table("shared"));
    let folder = project(&[
        CONFIG,
        ("schema/schema.yaml", &format!("include: [../shared/base.yaml]\n{}", table("own"))),
        ("shared/base.yaml", &shared),
        ("shared/deep/more.yaml", &format!("include: [../base.yaml]\n{}", table("more"))),
    ]);
    // The circle back to the first file ends where it began.
    assert_eq!(tables(folder.path(), &[]).unwrap(), ["more", "own", "shared"]);
}

#[test]
fn what_is_not_there_is_said_at_its_place() {
    let folder = project(&[
        CONFIG,
        (
            "schema/schema.yaml",
            "include:\n  - gone.yaml\n  - {module: example.com/a, path: b.yaml}\n",
        ),
    ]);
    let said = tables(folder.path(), &[]).unwrap_err();
    assert!(
        said.contains("schema/schema.yaml:2:5: the included file `gone.yaml` can't be read"),
        "{said}"
    );
    assert!(said.contains("schema/gone.yaml"), "{said}");
    assert!(said.contains("no `go.mod` or `go.work`"), "{said}");
}

#[test]
fn a_file_of_a_crate_of_the_workspace() {
    let manifest = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{rest}")
    };
    let folder = project(&[
        CONFIG,
        ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"app\", \"auth\"]\n"),
        (
            "app/Cargo.toml",
            &manifest("app", "[dependencies]\nauth-tables = { path = \"../auth\" }\n"),
        ),
        ("app/src/lib.rs", ""),
        ("auth/Cargo.toml", &manifest("auth-tables", "")),
        ("auth/src/lib.rs", ""),
        ("auth/schema/schema.yaml", &table("accounts")),
        ("schema/schema.yaml", "include: [{crate: auth_tables, path: schema/schema.yaml}]\n"),
    ]);
    assert_eq!(tables(folder.path(), &[]).unwrap(), ["accounts"]);

    let path = folder.path().join("schema/schema.yaml");
    fs::write(&path, "include: [{crate: auth-table, path: schema/schema.yaml}]\n").unwrap();
    let said = tables(folder.path(), &[]).unwrap_err();
    assert!(said.contains("did you mean `auth-tables`?"), "{said}");
    fs::write(&path, "include: [{crate: auth-tables@2.0.0, path: schema/schema.yaml}]\n").unwrap();
    let said = tables(folder.path(), &[]).unwrap_err();
    assert!(said.contains("`auth-tables@1.2.3`"), "{said}");
}

#[test]
fn a_file_of_a_go_module() {
    let cache = project(&[
        ("example.com/!big/lib@v1.4.0/schema/schema.yaml", &table("cached")),
        ("example.com/fork@v0.1.0/schema/schema.yaml", &table("forked")),
    ]);
    let go_mod = "module example.com/app // the application\n\ngo 1.24\n\nrequire (\n\texample.com/Big/lib v1.4.0\n\
                  \texample.com/old v1.0.0 // indirect\n\texample.com/gone v9.0.0\n)\n\
                  replace example.com/local v1.0.0 => ./local\nreplace example.com/old => example.com/fork v0.1.0\n";
    let includes = ["Big/lib", "old", "local", "member"]
        .map(|it| format!("  - {{module: example.com/{it}, path: schema/schema.yaml}}\n"))
        .concat();
    let folder = project(&[
        CONFIG,
        ("go.mod", go_mod),
        ("go.work", "go 1.24\n\nuse (\n\t.\n\t./member\n)\n"),
        ("member/go.mod", "module \"example.com/member\"\n"),
        ("member/schema/schema.yaml", &table("member")),
        ("local/schema/schema.yaml", &table("local")),
        ("schema/schema.yaml", &format!("include:\n{includes}")),
    ]);
    let variables = [("GOMODCACHE", cache.path())];
    assert_eq!(tables(folder.path(), &variables).unwrap(), ["cached", "forked", "local", "member"]);

    let path = folder.path().join("schema/schema.yaml");
    fs::write(
        &path,
        "include: [{module: example.com/gone, path: a.yaml}, {module: x.y/z, path: a.yaml}]",
    )
    .unwrap();
    let said = tables(folder.path(), &variables).unwrap_err();
    assert!(
        said.contains(
            "`example.com/gone` v9.0.0 is not in Go's module cache) / run `go mod download`"
        ),
        "{said}"
    );
    assert!(said.contains("neither `go.mod` nor `go.work` speaks of this module"), "{said}");
}
