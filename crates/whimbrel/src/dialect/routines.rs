//! Which triggers, functions and procedures a database has.

/// What a database does with triggers, functions and procedures.
#[derive(Clone, Copy, Debug)]
pub struct Routines {
    /// How a trigger gets another definition.
    pub alter_trigger: AlterRoutine,
    /// How a function or a procedure gets one.
    pub alter: AlterRoutine,
    /// Why there are no functions and procedures, where there are none.
    pub no_functions: Option<&'static str>,
    /// Whether the text of a trigger is kept as it was written.
    pub triggers_as_written: bool,
    /// Whether triggers of two tables may have one name, so that who drops one names its table.
    pub triggers_by_table: bool,
    /// Whether functions of one name are told apart by their arguments, so that who drops one says
    /// them.
    pub by_arguments: bool,
}

/// How a trigger, a function or a procedure gets another definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlterRoutine {
    /// `CREATE OR REPLACE`.
    Replace,
    /// `CREATE OR REPLACE` where it takes and returns what it did before, and else by dropping and
    /// creating it.
    ReplaceBody,
    /// By dropping and creating it.
    Anew,
}
