//! Faults of what a schema says beside tables and columns, and of the code of migrations.

use super::planted::{Fault, Test};
use crate::engines::Family;

/// A test over those scenarios alone that have such a word in their names.
const fn over(
    program: &'static str,
    name: &'static str,
    needs: Option<Family>,
    scenarios: &'static str,
) -> Test {
    Test { program, name, needs, scenarios }
}

/// What diff finds leads from before to after.
const fn diff(scenarios: &'static str) -> Test {
    over("scenarios", "what_diff_finds_leads_there", None, scenarios)
}

/// Inverses lead back.
const fn inverse(scenarios: &'static str) -> Test {
    over("scenarios", "inverses_lead_back", None, scenarios)
}

/// The database comes to be as the schema says, there and back.
const fn on_postgres(scenarios: &'static str) -> Test {
    let name = "every_scenario_goes_there_and_back_on_postgres";
    over("live", name, Some(Family::Postgres), scenarios)
}

/// The same on the other servers.
const fn on_mysql(scenarios: &'static str) -> Test {
    let name = "every_scenario_goes_there_and_back_on_the_mysql_family";
    over("live", name, Some(Family::Mysql), scenarios)
}

/// Statements land where their looks say, and not before.
const fn looks(scenarios: &'static str) -> Test {
    let name = "every_statement_of_every_scenario_lands_where_its_looks_say";
    over("operations", name, Some(Family::Mysql), scenarios)
}

const fn numbers(needs: Family) -> Test {
    over("identity", "the_next_row_gets_the_next_number", Some(needs), "")
}

/// Every fault of this kind.
pub(super) const ALL: &[Fault] = &[
    Fault {
        name: "namespace-guard",
        wrong: "a namespace is dropped with whatever is in it",
        file: "crates/whimbrel/src/execute/sparing.rs",
        right_text: "if inside.is_empty() {",
        wrong_text: "if !inside.is_empty() || inside.is_empty() {",
        noticed_by: over(
            "namespaces",
            "whatever_is_in_a_namespace_keeps_it",
            Some(Family::Mysql),
            "",
        ),
    },
    Fault {
        name: "namespace-order",
        wrong: "a namespace goes before what stands in it",
        file: "crates/whimbrel/src/diff/mod.rs",
        right_text: "operations.extend(namespaces::dropped(before, after));",
        wrong_text: "operations.splice(0..0, namespaces::dropped(before, after));",
        noticed_by: diff("namespace"),
    },
    Fault {
        name: "comment-sql",
        wrong: "a column that is defined again loses its comment",
        file: "crates/whimbrel/src/sql/column.rs",
        right_text: "comment::clause(dialect, named)?,",
        wrong_text: "comment::clause(dialect, named)?.filter(|_| false),",
        noticed_by: on_mysql("comment"),
    },
    Fault {
        name: "comment-look",
        wrong: "nobody looks what is told of a table",
        file: "crates/whimbrel/src/sql/comment.rs",
        right_text: "let facts = TableFacts { comment: Some(comment.cloned()), ..TableFacts::default() };",
        wrong_text: "let facts = TableFacts { comment: None, ..TableFacts::default() };",
        noticed_by: looks("comment"),
    },
    Fault {
        name: "comment-diff",
        wrong: "another comment of a table is no difference",
        file: "crates/whimbrel/src/diff/changes.rs",
        right_text: "let change = TableChange {\n        comment: (before.comment != after.comment)",
        wrong_text: "let change = TableChange {\n        comment: (before.name != after.name)",
        noticed_by: diff("comment"),
    },
    Fault {
        name: "comment-inverse",
        wrong: "the comment that a table had does not come back",
        file: "crates/whimbrel/src/operation/alter_table.rs",
        right_text: "CommentChange::to(old.comment.as_ref())),",
        wrong_text: "CommentChange::to(None)),",
        noticed_by: inverse("comment"),
    },
    Fault {
        name: "collation-sql",
        wrong: "a column gets no other collation where its type stays",
        file: "crates/whimbrel/src/operation/alter_column.rs",
        right_text: "clauses && (retyped || collation.is_some())",
        wrong_text: "clauses && retyped",
        noticed_by: on_postgres("collation"),
    },
    Fault {
        name: "collation-look",
        wrong: "a number is waited for to have the usual collation of texts",
        file: "crates/whimbrel/src/dialect/mod.rs",
        right_text: "None => kept(6).is_none() || kept(6) == kept(7),",
        wrong_text: "None => kept(6) == kept(7),",
        noticed_by: looks("collation"),
    },
    Fault {
        name: "collation-diff",
        wrong: "another collation is no difference where there was one",
        file: "crates/whimbrel/src/diff/changes.rs",
        right_text: "collation: (before.collation != after.collation)",
        wrong_text: "collation: (before.collation.is_some() != after.collation.is_some())",
        noticed_by: diff("collation"),
    },
    Fault {
        name: "collation-inverse",
        wrong: "the collation that a column had does not come back",
        file: "crates/whimbrel/src/operation/alter_column.rs",
        right_text: "CollationChange::to(old.collation.as_ref())),",
        wrong_text: "CollationChange::to(None)),",
        noticed_by: inverse("collation"),
    },
    Fault {
        name: "enum-sql",
        wrong: "a value of an enum comes behind all others, wherever it belongs",
        file: "crates/whimbrel/src/sql/enumeration.rs",
        right_text: "before.map(|it| format!(\" BEFORE {}\", dialect.literal(it))).unwrap_or_default();",
        wrong_text: "before.map(|_| String::new()).unwrap_or_default();",
        noticed_by: on_postgres("enum"),
    },
    Fault {
        name: "enum-default",
        wrong: "the default of a column goes on speaking of the enum that it has left",
        file: "crates/whimbrel/src/operation/alter_column.rs",
        right_text: "((using.is_some() || was_enum) && was.is_some())",
        wrong_text: "((using.is_some() && !was_enum) && was.is_some())",
        noticed_by: on_postgres("enum"),
    },
    Fault {
        name: "enum-look",
        wrong: "a new value of an enum is looked for as if it went",
        file: "crates/whimbrel/src/sql/enumeration.rs",
        right_text: "Ok(Statement::schema(text, [present(there)]))",
        wrong_text: "Ok(Statement::schema(text, [absent(there)]))",
        noticed_by: over(
            "operations",
            "every_operation_runs_and_lands_where_it_says",
            Some(Family::Postgres),
            "",
        ),
    },
    Fault {
        name: "enum-diff",
        wrong: "an enum that gains a value keeps its order",
        file: "crates/whimbrel/src/diff/enumerations.rs",
        right_text: "kept.iter().copied().eq(self.before)",
        wrong_text: "kept.len() == self.before.len()",
        noticed_by: diff("enum"),
    },
    Fault {
        name: "enum-inverse",
        wrong: "values of an enum come back in another order",
        file: "crates/whimbrel/src/operation/add_enum_value.rs",
        right_text: "values_of(before, &self.enumeration)?.to_vec();",
        wrong_text: "values_of(before, &self.enumeration)?.iter().rev().cloned().collect();",
        noticed_by: inverse("enum"),
    },
    Fault {
        name: "enum-leaning",
        wrong: "an index whose filter speaks of an enum stays while the type changes",
        file: "crates/whimbrel/src/operation/enumeration.rs",
        right_text: "if any(&|it| texts.iter().any(|text| sql::names_column(text, it))) {",
        wrong_text: "if any(&|it| texts.iter().any(|text| text.is_empty() && sql::names_column(text, it))) {",
        noticed_by: on_postgres("enum"),
    },
    Fault {
        name: "key-sql",
        wrong: "a key goes and the new one does not come",
        file: "crates/whimbrel/src/sql/primary_key.rs",
        right_text: "let and = add.map(|it| format!(\", {}\", it.replace('%', \"%%\"))).unwrap_or_default();",
        wrong_text: "let and = add.map(|_| String::new()).unwrap_or_default();",
        noticed_by: on_postgres("key"),
    },
    Fault {
        name: "key-look",
        wrong: "only the first column of a key is looked for",
        file: "crates/whimbrel/src/sql/primary_key.rs",
        right_text: "after: After::Key(columns.to_vec()) }],",
        wrong_text: "after: After::Key(columns[..1].to_vec()) }],",
        noticed_by: looks("key"),
    },
    Fault {
        name: "key-diff",
        wrong: "a column that leaves the key is to be null while it is still of it",
        file: "crates/whimbrel/src/diff/order.rs",
        right_text: "loosen_behind(*position, other, web);",
        wrong_text: "let _ = loosen_behind;",
        noticed_by: diff("key"),
    },
    Fault {
        name: "key-inverse",
        wrong: "what a key has made required stays required without it",
        file: "crates/whimbrel/src/operation/alter_primary_key.rs",
        right_text: "[back.into()].into_iter().chain(loosened).collect()",
        wrong_text: "[back.into()].into_iter().chain(loosened.take(0)).collect()",
        noticed_by: inverse("key"),
    },
    Fault {
        name: "identity-sql",
        wrong: "numbers begin at their start, whatever stands in the rows",
        file: "crates/whimbrel/src/sql/identity.rs",
        right_text: "statements.behind.push(caught_up(dialect, table, named, is, Given::InRows));",
        wrong_text: "let _ = Given::InRows;",
        noticed_by: numbers(Family::Postgres),
    },
    Fault {
        name: "identity-start",
        wrong: "a new table does not say with which number it begins",
        file: "crates/whimbrel/src/sql/identity.rs",
        right_text: "(says && start > 1).then(",
        wrong_text: "(says && start < 1).then(",
        noticed_by: numbers(Family::Mysql),
    },
    Fault {
        name: "identity-diff",
        wrong: "another start is no difference where a column is numbered already",
        file: "crates/whimbrel/src/diff/changes.rs",
        right_text: "identity: (plain(before) != plain(after))",
        wrong_text: "identity: (plain(before).is_some() != plain(after).is_some())",
        noticed_by: diff("identity"),
    },
    Fault {
        name: "identity-inverse",
        wrong: "numbers that had a start of their own come back without it",
        file: "crates/whimbrel/src/operation/alter_column.rs",
        right_text: "old.identity.map_or(IdentityChange::Drop, IdentityChange::Set)),",
        wrong_text: "old.identity.map_or(IdentityChange::Drop, |_| IdentityChange::Drop)),",
        noticed_by: inverse("identity"),
    },
    Fault {
        name: "code-uncovered",
        wrong: "code writes rows that no transaction covers",
        file: "crates/whimbrel/src/execute/code.rs",
        right_text: "if asked.kind == Kind::Rows",
        wrong_text: "if asked.kind == Kind::Nothing",
        noticed_by: over(
            "run_code",
            "rows_that_no_transaction_covers_are_refused",
            Some(Family::Mysql),
            "",
        ),
    },
    Fault {
        name: "code-stopped",
        wrong: "who asks the run to stop is not heard by code",
        file: "crates/whimbrel/src/execute/code.rs",
        right_text: "            !host.interrupted() && !host.too_late()\n        };",
        wrong_text: "            !host.too_late()\n        };",
        noticed_by: over(
            "run_code",
            "who_asks_the_run_to_stop_is_heard_between_two_calls_and_while_it_computes",
            None,
            "",
        ),
    },
    Fault {
        name: "code-compiled",
        wrong: "a closure that was compiled is not found where the migration is",
        file: "crates/whimbrel/src/execute/code.rs",
        right_text: "if matches!(code.program.code, Runnable::Compiled(_)) {",
        wrong_text: "if matches!(code.program.code, Runnable::Compiled(_)) || !migration.is_empty() {",
        noticed_by: over("run_code", "compiled_code_runs_too_and_a_panic_takes_it_back", None, ""),
    },
    Fault {
        name: "view-order",
        wrong: "a view doesn't make way for the table that it rests on",
        file: "crates/whimbrel/src/diff/views.rs",
        right_text: "let shaken = news.shake(&spoken, &view.query);",
        wrong_text: "let shaken = news.shake(&spoken, &view.query) && false;",
        noticed_by: on_postgres("view"),
    },
    Fault {
        name: "view-columns",
        wrong: "a query takes the place of one with other columns",
        file: "crates/whimbrel/src/sql/view.rs",
        right_text: "now.starts_with(&columns) && left.all(",
        wrong_text: "left.all(",
        noticed_by: on_postgres("view"),
    },
    Fault {
        name: "view-resting",
        wrong: "views that rest on one that is made anew aren't",
        file: "crates/whimbrel/src/sql/view.rs",
        right_text: "let rests = it.name != *view && !on",
        wrong_text: "let rests = false && it.name != *view && !on",
        noticed_by: over("views", "views_that_rest_on_one_go_with_it", Some(Family::Postgres), ""),
    },
    Fault {
        name: "view-drift",
        wrong: "what a run has not made of a view is taken for its work",
        file: "crates/whimbrel/src/execute/seen.rs",
        right_text: "if is_ours || is_first {",
        wrong_text: "if is_ours || is_first || thing.is_view() {",
        noticed_by: over("views", "what_somebody_else_makes_of_a_view_is_told", None, ""),
    },
];
