//! Why a change does not fit the schema it was asked of.

use thiserror::Error;

use super::Name;

/// A change that does not fit the schema it was asked of.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the message of each says what it is")]
pub enum Conflict {
    #[error("there is already a table `{table}`")]
    TableExists { table: Name },
    #[error("there is no table `{table}`")]
    TableMissing { table: Name },
    #[error("table `{table}` is still pointed at by foreign key `{foreign_key}` of `{from}`")]
    TableInUse { table: Name, from: Name, foreign_key: String },
    #[error("table `{table}` would have no columns")]
    TableEmpty { table: Name },
    #[error("{database} has no option `{option}` of {of}; there are: {known}")]
    OptionUnknown { of: String, database: String, option: String, known: String },
    #[error("option `{option}` of {of} takes {takes}, and not `{setting}`")]
    OptionWrong { of: String, option: String, takes: String, setting: String },
    #[error("table `{table}` has no primary key to point at")]
    KeyMissing { table: Name },
    #[error("the primary key of `{table}` has several columns, so no single column has its type")]
    KeyComposite { table: Name },
    #[error("table `{table}` already has a column `{column}`")]
    ColumnExists { table: Name, column: String },
    #[error("table `{table}` has no column `{column}`")]
    ColumnMissing { table: Name, column: String },
    #[error("column `{column}` of `{table}` is still used by {user}")]
    ColumnInUse { table: Name, column: String, user: String },
    #[error("table `{table}` already has an index `{index}`")]
    IndexExists { table: Name, index: String },
    #[error("table `{table}` has no index `{index}`")]
    IndexMissing { table: Name, index: String },
    #[error("table `{table}` already has a foreign key `{foreign_key}`")]
    ForeignKeyExists { table: Name, foreign_key: String },
    #[error("table `{table}` has no foreign key `{foreign_key}`")]
    ForeignKeyMissing { table: Name, foreign_key: String },
    #[error(
        "foreign key `{foreign_key}` of `{table}` has {columns} columns and points at {targets}"
    )]
    ForeignKeyShape { table: Name, foreign_key: String, columns: usize, targets: usize },
    #[error("table `{table}` already has a check `{check}`")]
    CheckExists { table: Name, check: String },
    #[error("table `{table}` has no check `{check}`")]
    CheckMissing { table: Name, check: String },
    #[error("table `{table}` already has a unique constraint `{unique}`")]
    UniqueExists { table: Name, unique: String },
    #[error("table `{table}` has no unique constraint `{unique}`")]
    UniqueMissing { table: Name, unique: String },
    #[error("unique constraint `{unique}` of `{table}` has no columns")]
    UniqueEmpty { table: Name, unique: String },
    #[error("unique constraint `{unique}` of `{table}` has column `{column}` twice")]
    UniqueTwice { table: Name, unique: String, column: String },
    #[error("table `{table}` has no check, no unique constraint and no foreign key `{constraint}`")]
    ConstraintMissing { table: Name, constraint: String },
    #[error("check `{check}` of `{table}` says no condition")]
    CheckEmpty { table: Name, check: String },
    #[error("the schema defines no default `{name}`")]
    DefaultMissing { name: String },
    #[error("default `{name}` is still used by column `{column}` of `{table}`")]
    DefaultInUse { name: String, table: Name, column: String },
    #[error(
        "the primary key of `{table}` is still pointed at by foreign key `{foreign_key}` of \
         `{from}`; drop that first, and add it again afterwards"
    )]
    KeyInUse { table: Name, from: Name, foreign_key: String },
    #[error("the primary key of `{table}` is {columns} already")]
    KeySame { table: Name, columns: String },
    #[error("the primary key of `{table}` would have column `{column}` twice")]
    KeyTwice { table: Name, column: String },
    #[error("there is already a view `{view}`")]
    ViewExists { view: Name },
    #[error("there is no view `{view}`")]
    ViewMissing { view: Name },
    #[error("view `{view}` has no query")]
    ViewEmpty { view: Name },
    #[error("there is already a {routine}")]
    RoutineExists { routine: String },
    #[error("there is no {routine}")]
    RoutineMissing { routine: String },
    #[error("{routine} has no definition, or nothing sets it off")]
    RoutineEmpty { routine: String },
    #[error("there is already an enum `{name}`")]
    EnumExists { name: Name },
    #[error("there is no enum `{name}`")]
    EnumMissing { name: Name },
    #[error("enum `{name}` has no values")]
    EnumEmpty { name: Name },
    #[error("enum `{name}` already has the value `{value}`")]
    EnumValueExists { name: Name, value: String },
    #[error("enum `{name}` has no value `{value}`")]
    EnumValueMissing { name: Name, value: String },
    #[error(
        "value `{value}` of enum `{name}` is still the default of column `{column}` of `{table}`"
    )]
    EnumValueInUse { name: Name, value: String, table: Name, column: String },
    #[error(
        "value `{value}` of enum `{name}` can't get another name: {place} says `{value}` where it \
         may be this value or something else; drop that before, and add it again afterwards"
    )]
    EnumValueUnclear { name: Name, value: String, place: String },
    #[error(
        "no value of enum `{name}` can be called `{value}`: {place} says `{value}` already, which \
         is no value yet; drop that before, and add it again afterwards"
    )]
    EnumValueSpokenOf { name: Name, value: String, place: String },
    #[error(
        "no enum can be called `{name}`: {place} casts to `{name}` already; drop that before, and \
         add it again afterwards"
    )]
    EnumNameSpokenOf { name: Name, place: String },
    #[error("enum `{name}` is still used by column `{column}` of `{table}`")]
    EnumInUse { name: Name, table: Name, column: String },
    #[error("there is already a namespace `{namespace}`")]
    NamespaceExists { namespace: String },
    #[error(
        "namespace `{namespace}` is there already, as {holds} stands in it; declare it by \
         `state_only(changes().create_namespace(\"{namespace}\"))`"
    )]
    NamespaceThere { namespace: String, holds: String },
    #[error("no migration makes namespace `{namespace}`")]
    NamespaceMissing { namespace: String },
    #[error("{holds} still stands in namespace `{namespace}`; drop or move it first")]
    NamespaceInUse { namespace: String, holds: String },
    #[error(
        "column `{column}` of `{table}` can't be updated by itself: the moment of a change is a \
         timestamp, and this is {data_type}"
    )]
    NoMoment { table: Name, column: String, data_type: String },
    #[error("column `{column}` of `{table}` is computed and can't have {also} too")]
    Computed { table: Name, column: String, also: &'static str },
    #[error(
        "column `{column}` of `{table}` can't have a collation: it holds no text, but {data_type}"
    )]
    NoText { table: Name, column: String, data_type: String },
    #[error("column `{column}` of `{table}` is an identity column and can't have {also} too")]
    Numbered { table: Name, column: String, also: &'static str },
    #[error(
        "column `{column}` of `{table}` can't be an identity column: it is {data_type}, and \
         numbers are smallint, integer or bigint"
    )]
    NotNumbered { table: Name, column: String, data_type: String },
    #[error("index `{index}` of `{table}` names no column")]
    IndexEmpty { table: Name, index: String },
    #[error("the rows for `{table}` don't fit: {because}")]
    RowsUnfit { table: Name, because: String },
    #[error("the key of `{table}` and of its parents points round in a circle")]
    KeyCircular { table: Name },
}
