//! The same project on every engine that is there.

use whimbrel_test::engines;

use crate::support::{Project, SHOP, check};

#[test]
fn the_same_migrations_run_wherever_the_variable_points() {
    for engine in engines::all() {
        let database = engine.fresh_database();
        let project = Project::with_schema(SHOP);
        project.run("generate");
        let project = project.set("DATABASE_URL", &database.url());
        check(&project.run("up -q"), "applied 0001_initial (2 statements)\n");
        project.write("schema/schema.yaml", &SHOP.replace("length: 255", "length: 320"));
        assert!(project.run("generate -q").starts_with("created migrations/0002_"), "{engine:?}");
        let said = project.run("up -q");
        assert!(said.starts_with("applied 0002_"), "{engine:?}: {said}");
        assert_eq!(project.run("status -q").matches("applied").count(), 2, "{engine:?}");
        let said = project.run("down -q --all");
        assert_eq!(said.matches("reverted").count(), 2, "{engine:?}: {said}");
        assert_eq!(project.run("status -q").matches("pending").count(), 2, "{engine:?}");
    }
}

#[test]
fn a_wrong_password_is_refused_and_never_shown() {
    for engine in engines::postgres().into_iter().chain(engines::mysql_family()) {
        let database = engine.fresh_database();
        let host = &database.target().hosts[0];
        let project = Project::empty();
        project.write(
            "whimbrel.toml",
            &format!(
                "dialect = \"{}\"\nhost = \"{}\"\nport = {}\nuser = \"nobody@:/#%\"\n\
                 password = 'p@:/#%w?&=\"ö'\ndatabase = \"whimbrel\"\n",
                if engine.name.starts_with("postgres") { "postgres" } else { "mysql" },
                host.name,
                host.port.unwrap_or_default(),
            ),
        );
        for words in ["status", "status -v", "status --format json", "config"] {
            let said = project.run(words);
            assert!(!said.contains("w?&=") && !said.contains("%23%25w"), "{engine:?}: {said}");
        }
        let said = project.run("status");
        assert!(said.contains("can't connect to"), "{engine:?}: {said}");
        assert!(said.ends_with("--- exit 3\n"), "{engine:?}: {said}");
    }
}
