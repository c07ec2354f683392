//! The graph and its migrations as data for other programs.

use serde_json::{Value, json};
use whimbrel_migration::Migration;

use crate::{
    migration::Graph,
    operation::{Operation, as_change},
    schema::Schema,
};

/// The version of what [`json()`] gives: it grows when something is taken away or means something
/// else, and stays when something is added.
pub const JSON_VERSION: u32 = 1;

/// The graph with what its migrations do: `version`, `migrations` in their order with `name`,
/// `dependencies` and `operations`, `roots`, `leaves`, `has_branches`, `has_unresolved_branches`
/// and `schema_state`, which is null where branches conflict.
pub fn json<'a>(
    graph: &Graph,
    migration: impl Fn(&str) -> Option<&'a Migration>,
    state: Option<&Schema>,
) -> Value {
    let migrations: Vec<Value> = graph
        .order()
        .map(|name| {
            let operations = migration(name).map_or(&[][..], |it| &it.operations);
            json!({
                "name": name,
                "dependencies": graph.parents(name),
                "operations": operations.iter().map(operation).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "version": JSON_VERSION,
        "migrations": migrations,
        "roots": graph.roots(),
        "leaves": graph.leaves(),
        "has_branches": graph.has_branches(),
        "has_unresolved_branches": graph.leaves().len() > 1,
        "schema_state": state.map(schema),
    })
}

fn operation(operation: &Operation) -> Value {
    // Operations always serialise: their maps have texts as keys.
    let data = serde_json::to_value(operation).unwrap_or(Value::Null);
    json!({
        "type": data.get("operation"),
        "table": crate::operation::subject(operation).map(ToString::to_string),
        "description": as_change(operation).describe(),
    })
}

fn schema(schema: &Schema) -> Value {
    let mut state = json!({
        "tables": schema.tables().collect::<Vec<_>>(),
        "defaults": schema.defaults,
    });
    if !schema.views.is_empty() {
        state["views"] = json!(schema.views.values().collect::<Vec<_>>());
    }
    if !schema.routines.is_empty() {
        state["routines"] = json!(schema.routines.values().collect::<Vec<_>>());
    }
    if !schema.enums.is_empty() {
        state["enums"] = json!(schema.enumerations());
    }
    if !schema.namespaces.is_empty() {
        state["namespaces"] = json!(schema.namespaces);
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::{Node, replay};
    use whimbrel_migration::{bigint, sql, table};

    #[test]
    fn a_graph_says_what_its_migrations_do() {
        let migration = Migration::first()
            .create_table(table("users").column("id", bigint().primary_key()))
            .run_sql(sql("SELECT 1"));
        let (graph, _) =
            Graph::new(vec![Node { name: "0001_a".to_owned(), parents: vec![], span: None }]);
        let state = replay([("0001_a", &migration)]).expect("it fits");
        let users = &migration.operations[0];
        assert_eq!(
            json(&graph, |_| Some(&migration), Some(&state)),
            json!({
                "version": 1,
                "migrations": [{
                    "name": "0001_a",
                    "dependencies": [],
                    "operations": [
                        {
                            "type": "create_table",
                            "table": "users",
                            "description": as_change(users).describe(),
                        },
                        {
                            "type": "run_sql",
                            "table": null,
                            "description": as_change(&migration.operations[1]).describe(),
                        },
                    ],
                }],
                "roots": ["0001_a"],
                "leaves": ["0001_a"],
                "has_branches": false,
                "has_unresolved_branches": false,
                "schema_state": {
                    "tables": [{
                        "name": { "name": "users" },
                        "columns": [{ "name": "id", "data_type": "Bigint", "nullable": false }],
                        "primary_key": ["id"],
                    }],
                    "defaults": {},
                },
            })
        );
    }
}
