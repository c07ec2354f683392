//! What a schema includes, what it could, and writing that into files that people wrote.

use serde_json::Value;

use crate::support::Project;

fn table(name: &str) -> String {
    format!(
        "tables: [{{name: {name}, fields: [{{name: id, type: bigserial, primary_key: true}}]}}]\n"
    )
}

/// A cargo workspace and a Go module side by side: the schema includes one file of each, and there
/// are more.
fn shop() -> Project {
    let project = Project::empty();
    let package = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{rest}")
    };
    project.write("whimbrel.toml", "url = \"sqlite:shop.sqlite\"\nschema = \"schema\"\n");
    project.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"shop\"]\nexclude = [\"bills\"]\n",
    );
    let depends = "[dependencies]\nbills = { path = \"../bills\" }\n";
    project.write("shop/Cargo.toml", &package("shop", depends));
    project.write("shop/src/lib.rs", "");
    project.write("shop/db/schema.yaml", &format!("include: [more.yaml]\n{}", table("baskets")));
    project.write("shop/db/more.yaml", &table("more"));
    project.write("shop/target/schema.yaml", &table("built"));
    project.write("shop/api/schema.yaml", "openapi: 3.1.0\n");
    project.write("bills/Cargo.toml", &package("bills", ""));
    project.write("bills/src/lib.rs", "");
    project.write("bills/schema/schema.yaml", &table("bills"));
    project.write("go.mod", "module example.com/shop\n\nrequire example.com/Mail v1.0.0\n");
    project.write("cache/example.com/!mail@v1.0.0/schema.yaml", &table("mails"));
    project.write("audit/schema.yaml", &format!("include: [../schema/a.yaml]\n{}", table("audit")));
    project.write("schema/a.yaml", &table("own"));
    let cache = project.root.join("cache").display().to_string();
    project.set("GOMODCACHE", &cache).set("HOME", &std::env::var("HOME").unwrap_or_default())
}

#[test]
fn the_tree_says_what_is_included_and_what_could_be() {
    let project = shop();
    project.write(
        "schema/a.yaml",
        &format!("# Ours.\ninclude:\n  - ../audit/schema.yaml # who did what\n  - {{crate: bills, path: schema/schema.yaml}}\n  - ../audit/schema.yaml\n\n{}", table("own")),
    );
    let said = project.run("schema includes -q");
    assert_eq!(
        said,
        "schema/a.yaml\n\
         ├─ audit/schema.yaml\n\
         │  └─ schema/a.yaml: a circle, which ends here\n\
         ├─ bills/schema/schema.yaml (crate bills 1.2.3)\n\
         └─ audit/schema.yaml: again, counts once\n\
         \n\
         Could be included:\n  \
           crate shop: db/schema.yaml (tables: baskets)\n  \
           module example.com/Mail: schema.yaml (tables: mails)\n"
    );
    // What only depends on the workspace is all that is looked through.
    let said = project.run("schema includes -q --workspace=false");
    assert!(!said.contains("crate shop") && said.contains("example.com/Mail"), "{said}");

    let json: Value =
        serde_json::from_str(&project.result("schema includes --format json")).unwrap();
    let first = &json["files"][0]["includes"];
    assert_eq!(first[0]["includes"][0]["standing"], "circle");
    assert_eq!(first[1]["included_as"]["crate"], "bills");
    assert_eq!(first[1]["version"], "1.2.3");
    assert_eq!(json["candidates"][1]["include"]["module"], "example.com/Mail");
    assert_eq!(json["candidates"][0]["tables"][0], "baskets");
    assert_eq!(json["written"], Value::Null);
}

#[test]
fn what_is_found_is_written_and_every_other_letter_stays() {
    let project = shop();
    let own = table("own");
    let added = "{crate: bills, path: schema/schema.yaml}\n  - {crate: shop, path: db/schema.yaml}\n  \
                 - {module: example.com/Mail, path: schema.yaml}\n  - \"../audit/schema.yaml\"\n";
    // A file that includes nothing gets its `include` above the tables and what is said of them.
    project.write(
        "schema/a.yaml",
        &format!("# Ours.\ndatabase: {{name: shop}}\n\n# All of them.\n{own}"),
    );
    let said = project.run("find-includes -q");
    assert!(said.contains("added to schema/a.yaml: crate bills: schema/schema.yaml\n"), "{said}");
    assert_eq!(
        project.read("schema/a.yaml"),
        format!(
            "# Ours.\ndatabase: {{name: shop}}\n\ninclude:\n  - {added}\n# All of them.\n{own}"
        )
    );
    let said = project.run("schema validate");
    assert!(said.starts_with("schema is valid: 6 tables"), "{said}");
    let said = project.run("schema includes --write");
    assert!(said.contains("Nothing else was found"), "{said}");
    assert!(said.contains("(Go module example.com/Mail v1.0.0)"), "{said}");

    // In brackets, and with a comment behind the last line.
    for (before, after) in [
        (
            "include: [b.yaml] # mine\n",
            "include: [b.yaml, {crate: bills, path: schema/schema.yaml}] # mine\n",
        ),
        (
            "include:\n- b.yaml # mine\n# The end.\n\n",
            "include:\n- b.yaml # mine\n- {crate: bills, path: schema/schema.yaml}\n# The end.\n\n",
        ),
        ("include:\n", "include:\n  - {crate: bills, path: schema/schema.yaml}\n"),
        ("include: []\r\n", "include: [{crate: bills, path: schema/schema.yaml}]\r\n"),
    ] {
        project.write("schema/b.yaml", &table("b"));
        project.write("schema/a.yaml", &format!("{before}{own}"));
        project.write("Cargo.toml", "[workspace]\nmembers = [\"bills\"]\nexclude = [\"shop\"]\n");
        project.write("go.mod", "");
        std::fs::remove_dir_all(project.root.join("audit")).ok();
        let said = project.run("schema includes --write -q");
        assert!(said.contains("added to schema/a.yaml"), "{said}");
        assert_eq!(project.read("schema/a.yaml"), format!("{after}{own}"));
    }
    // Where there is no place for it, the file stays and the line is shown.
    let braces = format!("{{{}}}\n", own.trim());
    project.write("schema/a.yaml", &braces);
    let said = project.run("schema includes --write -q");
    assert!(said.contains("this file's `include` can't be written to"), "{said}");
    assert!(said.contains("{crate: bills, path: schema/schema.yaml}"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    assert_eq!(project.read("schema/a.yaml"), braces);
}

#[test]
fn what_is_missing_and_who_can_not_be_asked() {
    let project = Project::with_schema("include: [gone.yaml]\n");
    let said = project.run("schema includes");
    assert!(said.starts_with("schema/schema.yaml\n└─ gone.yaml: missing, "), "{said}");
    assert!(said.contains("the included file `gone.yaml` can't be read"), "{said}");
    assert!(said.ends_with("--- exit 3\n"), "{said}");
    project.write("schema/schema.yaml", &table("a"));
    assert_eq!(project.run("schema includes"), "schema/schema.yaml\n");
    let said = project.run("schema includes --interactive");
    assert!(said.contains("Nothing else was found"), "{said}");
    let said = project.run("schema includes --into other.yaml");
    assert!(said.contains("there is no schema file `other.yaml`"), "{said}");
    assert!(said.ends_with("--- exit 2\n"), "{said}");
    project.write("Cargo.toml", "[package\n");
    let said = project.run("schema includes");
    assert!(said.contains("warning: cargo says: "), "{said}");
    project.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"1.0.0\"\n");
    project.write("src/lib.rs", "");
    project.write("deep/schema.yml", &table("deep"));
    let said = project.run("schema includes --interactive");
    assert!(said.contains("there is nobody to ask what to include"), "{said}");
    assert!(said.contains("`--write` takes all"), "{said}");
    assert!(said.ends_with("--- exit 4\n"), "{said}");
    let said = project.run("schema includes --write");
    assert!(said.contains("added to schema/schema.yaml: ../deep/schema.yml\n"), "{said}");
    assert!(project.run("schema validate").contains("2 tables"));
}
