//! Words that users of other tools type and that have no command yet.

/// What to do instead of `word`, if somebody may expect it to be a command.
pub(crate) fn instead_of(word: &str) -> Option<&'static str> {
    let folded = word.replace('_', "-");
    Some(match folded.as_str() {
        "schema-diff" | "diff" => {
            "`whimbrel generate --dry-run` shows what differs between the schema and the migrations"
        }
        "struct2schema" | "struct-to-schema" => {
            "reading structs into YAML is planned; write schema/schema.yaml by hand until then"
        }
        "schema2diagram" | "schema-to-diagram" => {
            "diagrams of a schema are planned; `whimbrel graph` draws the migrations"
        }
        "migrate-to-go" | "migrate-to-rs" | "import" | "goose" | "makemigrations-sql"
        | "init-sql" | "sql-migrations" => {
            "reading another tool's migrations is planned; `whimbrel new --sql` starts a SQL migration"
        }
        "adopt" => {
            "`whimbrel baseline` takes over a database that is as its migrations would have left it"
        }
        "wait" | "lint" | "test" | "rehearse" | "database" | "ui" => {
            "it is planned; `whimbrel help` lists what there is"
        }
        _ => return None,
    })
}
