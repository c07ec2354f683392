//! The phrases of SQL that several operations share, and reading SQL that somebody else wrote.

mod alter;
mod aside;
mod auto_update;
mod batches;
mod calls;
mod case;
pub mod classify;
mod clauses;
mod code;
mod collation;
mod column;
mod column_option;
mod comment;
mod constraint;
mod default;
pub mod definition;
mod enum_text;
mod enumeration;
mod expression;
mod generated;
mod identity;
mod index;
mod leaning;
mod leaving;
pub mod lexer;
mod live;
mod looking;
mod namespace;
mod normal;
mod option;
mod primary_key;
mod queue;
mod routine;
mod script;
pub mod split;
mod statement;
mod table;
mod together;
mod trigger;
mod unique;
mod upsert;
mod view;
mod words;

pub use self::batches::{Batches, backfill};
pub use self::case::mixed_up;
pub use self::code::{Asked, Code, asked, code};
pub use self::routine::{
    alter_routine, create_routine, drop_routine, dropping, keeps_its_head, no_routine,
    replaces_routine, routine_in, routine_speaks_of, routines_in_order, same_routine,
};
pub use self::trigger::{Trigger, dropped_trigger};
pub use self::unique::{add_unique, drop_unique, rename_unique, unique_clause};
pub use self::upsert::{Keep, Kept, cell_text, keep_prefix, kept_of_upsert, upsert};
pub use self::view::{
    alter_view, blunt_query, create_view, drop_view, in_order, keeps_its_columns, no_query,
    query_in, replaces, resting_on, same_query, spoken_of, takes_all,
};
pub use self::{
    alter::{Alteration, alter_columns, drop_column, rebuild_columns, rename_column},
    aside::{Aside, ColumnFound, Gone, Ties, column_aside, table_aside, type_aside},
    auto_update::{begin_auto_update, end_auto_update, holds_changes, renamed_auto_updates},
    collation::{collation_clause, effective_collation, holds_text, own_collation},
    column::{catalog_default, check_numbering, column_definition},
    column_option::{
        changed_column_options, check_column_options, kept_column_options, tell_column_options,
        usual_storage,
    },
    comment::{
        comment_on_column, comment_on_table, comments_left_out, kept_comment, redefined_comment,
    },
    constraint::{
        add_constraint, check_clause, check_seen, clauses_of_checks, drop_constraint, rename_check,
        rename_checked_column, rename_foreign_key, renamed_in, speaks_of,
    },
    default::{default_text, read_default, value_text},
    enum_text::{OfEnum, ValueRename, each_text_as_read, rename_type_in, rename_value_in},
    enumeration::{
        EnumRows, add_enum_value, create_enum, drop_enum, lacks_value, read_values_clause,
        rename_enum, rename_enum_value, swap_enum, values_clause,
    },
    expression::{calls_any, names_column, rename_in_expression, without_parentheses},
    generated::{
        catalog_generated, clause as generated_clause, computed_from, is_computed_from, make_anew,
        read_generated, recomputing, rename_in_generated, set_expression,
    },
    identity::{Renumbering, catalog_identity, check as check_identity, renumber, with_zero},
    index::{check_stays_indexed, create_index},
    leaving::{Left, Living, asks_its_session, mentions},
    live::{LiveTable, Speaking, offline, rewrite},
    namespace::{create_namespace, drop_namespace},
    normal::{lowered, normal},
    option::{change_options, check as check_options, check_recollated, check_ties, kept_options},
    primary_key::set_primary_key,
    queue::{shown, tables_named, takes_strong_lock},
    script::script,
    statement::{Body, Kind, LiveChange, Statement, TableEdit, Transaction},
    table::{
        absent, check_key, check_table_name, create_table, create_table_text, foreign_key_clause,
        present,
    },
    together::at_once,
};
pub(crate) use self::{
    aside::TRASH,
    auto_update::{Marks as AutoUpdateMarks, without_update},
    batches::unfit_backfill,
    column_option::read_column_options,
    enumeration::MARK as VALUES_MARK,
    live::FRESH,
    option::read_options,
    unique::promises,
    upsert::{table_of, unfit_rows, unique_keys},
};
pub use crate::dialect::Unsupported;
