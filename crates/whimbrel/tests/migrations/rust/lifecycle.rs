//! How changes are meant: waited for, not to be taken back, only said or only done.
use whimbrel_migration::*;

fn legacy() -> Changes {
    ["name", "phone"].iter().fold(changes(), |changes, it| changes.drop_column("users", *it))
}

pub fn migration() -> Migration {
    let why = format!("drops {}", "users.legacy");
    Migration::after("0001_users")
        .needs_review(why)
        .drop_column("users", "legacy")
        .state_only(legacy())
        .database_only(
            changes()
                .add_index("users", index("users_email_ix").on("email"))
                .run_sql(sql("ANALYZE users").undo_nothing()),
        )
        .ignore_errors(changes().drop_table("old").create_table(table("new").column("id", serial())))
        .irreversible("the old numbers are nowhere else")
}
