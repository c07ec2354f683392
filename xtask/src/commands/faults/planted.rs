//! The faults, each with the test that has to notice it.

use crate::engines::Family;

/// One line of the sources, put wrong on purpose.
#[derive(Debug)]
pub(super) struct Fault {
    /// What it is called on the command line.
    pub(super) name: &'static str,
    /// What is wrong then, for the page.
    pub(super) wrong: &'static str,
    pub(super) file: &'static str,
    /// Stands in the file once.
    pub(super) right_text: &'static str,
    pub(super) wrong_text: &'static str,
    pub(super) noticed_by: Test,
}

/// A test, and the server that it needs, if it needs one.
#[derive(Debug)]
pub(super) struct Test {
    /// The program in `crates/whimbrel-test/tests/`.
    pub(super) program: &'static str,
    pub(super) name: &'static str,
    pub(super) needs: Option<Family>,
    /// The words in the names of the scenarios that it is asked of; none for all.
    pub(super) scenarios: &'static str,
}

const KILLED_WHERE_DDL_COMMITS: Test = Test {
    program: "executor",
    name: "a_client_killed_at_any_call_is_survived_where_schema_changes_commit_by_themselves",
    needs: None,
    scenarios: "",
};

/// What keeps the promise of a run.
pub(super) const ALL: &[Fault] = &[
    Fault {
        name: "begun",
        wrong: "a step that commits by itself is not marked before it runs",
        file: "crates/whimbrel/src/execute/work/steps.rs",
        right_text: "self.owe([begun]);",
        wrong_text: "drop(begun);",
        noticed_by: KILLED_WHERE_DDL_COMMITS,
    },
    Fault {
        name: "look",
        wrong: "what the catalog shows of a step that was begun counts for nothing",
        file: "crates/whimbrel/src/execute/work/sight.rs",
        right_text: "if before == now {",
        wrong_text: "if true {",
        noticed_by: KILLED_WHERE_DDL_COMMITS,
    },
    Fault {
        name: "rows",
        wrong: "rows and their mark are two transactions where schema changes commit by themselves",
        file: "crates/whimbrel/src/execute/plan.rs",
        right_text: "(Transaction::Allowed, Kind::Rows, _) =>",
        wrong_text: "(Transaction::Allowed, Kind::Rows, Ddl::Transactional) =>",
        noticed_by: KILLED_WHERE_DDL_COMMITS,
    },
    Fault {
        name: "still-running",
        wrong: "nobody looks whether the server is still at a dead client's step",
        file: "crates/whimbrel/src/execute/running.rs",
        right_text: "while let Some(running) = self.still_running(&place)? {",
        wrong_text: "while let Some(running) = self.still_running(&place)?.filter(|_| false) {",
        noticed_by: Test {
            program: "still_running",
            name: "the_next_run_waits_for_a_step_that_lives_on",
            needs: None,
            scenarios: "",
        },
    },
    Fault {
        name: "cure",
        wrong: "what a concurrent build leaves that was refused is not put away",
        file: "crates/whimbrel/src/execute/work/sight.rs",
        right_text: "in self.dialect().cures(look, &rows(before), &rows(now)) {",
        wrong_text: "in self.dialect().cures(look, &rows(before), &rows(now)).into_iter().take(0) {",
        noticed_by: Test {
            program: "executor",
            name: "an_index_whose_concurrent_build_was_refused_is_dropped_and_built_again",
            needs: Some(Family::Postgres),
            scenarios: "",
        },
    },
    Fault {
        name: "retry",
        wrong: "a transaction that somebody's lock was in the way of is not tried again",
        file: "crates/whimbrel/src/execute/work/steps.rs",
        right_text: "if self.may_pass(&failed.error) && position < steps.len() {",
        wrong_text: "if self.may_pass(&failed.error) && position > steps.len() {",
        noticed_by: Test {
            program: "patience",
            name: "reads_never_queue_longer_than_the_timeout",
            needs: Some(Family::Postgres),
            scenarios: "",
        },
    },
    Fault {
        name: "queue",
        wrong: "a step queues for somebody's lock for as long as it takes",
        file: "crates/whimbrel/src/execute/work/steps.rs",
        right_text: "statements.extend(self.limit(&steps[..range.end]));",
        wrong_text: "statements.extend(self.limit(&steps[..0]));",
        noticed_by: Test {
            program: "patience",
            name: "reads_never_queue_longer_than_the_timeout",
            needs: Some(Family::Postgres),
            scenarios: "",
        },
    },
    Fault {
        name: "lock",
        wrong: "a run begins although another session has the lock",
        file: "crates/whimbrel/src/history/lock.rs",
        right_text: "if first(connection.query(&attempt)?).as_deref() == Some(\"1\") {",
        wrong_text: "if first(connection.query(&attempt)?).is_some() {",
        noticed_by: Test {
            program: "locks",
            name: "who_waits_is_told_for_whom_and_how_long_now_and_then",
            needs: Some(Family::Postgres),
            scenarios: "",
        },
    },
    Fault {
        name: "lease",
        wrong: "transactions do not ask whose number the lease has by now",
        file: "crates/whimbrel/src/history/lease.rs",
        right_text: "WHERE here.name = 'lease' AND here.value = {value})",
        wrong_text: "WHERE here.name = 'lease')",
        noticed_by: Test {
            program: "locks",
            name: "a_run_whose_lease_was_taken_over_commits_nothing_more",
            needs: Some(Family::Postgres),
            scenarios: "",
        },
    },
    Fault {
        name: "drops",
        wrong: "MariaDB's DROP TABLE of several tables counts as one step",
        file: "crates/whimbrel/src/sql/script.rs",
        right_text: "looks.len() < 2 ||",
        wrong_text: "looks.len() < 99 ||",
        noticed_by: Test {
            program: "mysql_family",
            name: "a_drop_of_several_tables_that_stopped_between_two_is_finished",
            needs: Some(Family::Mariadb),
            scenarios: "",
        },
    },
    Fault {
        name: "unseen",
        wrong: "a table that no transaction covers is not seen behind a view or a trigger",
        file: "crates/whimbrel/src/execute/uncovered.rs",
        right_text: "spread(target.dialect, &mut tables, speaking);",
        wrong_text: "drop(speaking);",
        noticed_by: Test {
            program: "mysql_family",
            name: "rows_that_no_transaction_takes_back_are_asked_about_and_never_doubled",
            needs: Some(Family::Mysql),
            scenarios: "",
        },
    },
    Fault {
        name: "verbatim",
        wrong: "the mark of a step is read otherwise in a mode that a script has set",
        file: "crates/whimbrel/src/history/marks.rs",
        right_text: "self.dialect.verbatim(&step.statement),",
        wrong_text: "self.dialect.literal(&step.statement),",
        noticed_by: Test {
            program: "mysql_family",
            name: "texts_and_names_mean_the_same_in_every_mode",
            needs: Some(Family::Mysql),
            scenarios: "",
        },
    },
    Fault {
        name: "batch",
        wrong: "a step in batches begins at the beginning, however far it came",
        file: "crates/whimbrel/src/execute/batches.rs",
        right_text: "Some(text) => read(text)?,",
        wrong_text: "Some(_) => Progress::default(),",
        noticed_by: Test {
            program: "backfill",
            name: "a_client_killed_at_any_call_changes_no_row_twice",
            needs: None,
            scenarios: "",
        },
    },
    Fault {
        name: "code",
        wrong: "code goes on after the database has refused a statement of it",
        file: "crates/whimbrel/src/execute/code.rs",
        right_text: "self.refused.get_or_insert(error);",
        wrong_text: "drop(error);",
        noticed_by: Test {
            program: "run_code",
            name: "whatever_stops_the_code_nothing_of_it_stays",
            needs: None,
            scenarios: "",
        },
    },
    Fault {
        name: "kept",
        wrong: "what rows replace is not remembered",
        file: "crates/whimbrel/src/execute/plan.rs",
        right_text: "planned.steps.extend(kept.remember.into_iter().map(step));",
        wrong_text: "let _ = kept.remember;",
        noticed_by: Test {
            program: "upsert",
            name: "a_client_killed_at_any_call_leaves_rows_that_come_back",
            needs: None,
            scenarios: "",
        },
    },
    Fault {
        name: "zero",
        wrong: "a row numbered 0 gets the next number when the numbering begins",
        file: "crates/whimbrel/src/dialect/mysql.rs",
        right_text: "',NO_AUTO_VALUE_ON_ZERO')",
        wrong_text: "',NO_ENGINE_SUBSTITUTION')",
        noticed_by: Test {
            program: "zero",
            name: "a_row_numbered_0_keeps_its_number_whatever_becomes_of_its_table",
            needs: Some(Family::Mysql),
            scenarios: "",
        },
    },
    Fault {
        name: "together",
        wrong: "a change that refuses rows is made at once with one that lets them through",
        file: "crates/whimbrel/src/sql/together.rs",
        right_text: "Some(_) if refuses => return None,",
        wrong_text: "Some(_) if refuses && column.is_empty() => return None,",
        noticed_by: Test {
            program: "at_once",
            name: "values_that_go_and_come_again_stay_two_changes",
            needs: None,
            scenarios: "",
        },
    },
    Fault {
        name: "old-value",
        wrong: "rows keep the old name of an enum's value where a table is built anew",
        file: "crates/whimbrel/src/operation/rename_enum_value.rs",
        right_text: "rows.renamed(dialect, &it.from, &it.to)",
        wrong_text: "rows.renamed(dialect, &it.from, &it.from)",
        noticed_by: Test {
            program: "enum_renames",
            name: "every_row_has_the_value_under_its_new_name",
            needs: None,
            scenarios: "",
        },
    },
    Fault {
        name: "moments",
        wrong: "a value's new name counts as a change of its rows",
        file: "crates/whimbrel/src/sql/enumeration.rs",
        right_text: ".filter(|it| it.column.auto_update);",
        wrong_text: ".filter(|_| false);",
        noticed_by: Test {
            program: "enum_renames",
            name: "every_row_has_the_value_under_its_new_name",
            needs: Some(Family::Mysql),
            scenarios: "",
        },
    },
];
