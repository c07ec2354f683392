//! Which operations give up what the database holds or promises, and what is to be done about
//! each: somebody has to say so, for each changed object once.

use std::{collections::BTreeSet, fmt};

use whimbrel_migration::{IgnoreErrors, NeedsReview, StateOnly, set};

use crate::{
    operation::{Operation, as_change, indexes_column},
    schema::{Conflict, ForeignKey, Index, IndexColumn, Name, Schema},
    sql,
};

/// A change of one object that gives something up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destructive {
    /// What answers call it: `users`, `users.legacy`, `users.users_email_ix`.
    pub object: String,
    /// The operations that make the change, counted from 0: with a column go the indexes and keys
    /// over it.
    pub positions: Vec<usize>,
    /// What it does: "Drop column `name` of `users`".
    pub what: String,
    /// What is given up: "loses the values of `name` in `users`".
    pub gives_up: String,
}

impl fmt::Display for Destructive {
    /// "Drop column `name` of `users` loses the values of `name` in `users`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, self.gives_up)
    }
}

/// What is to be done about such a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is written as it is.
    Generate,
    /// It is written behind a `needs_review`, which stops `up`.
    Review,
    /// The migrations forget it, and the database is left alone.
    Omit,
    /// It is written so that it is passed over where it is not there any more.
    IgnoreErrors,
}

/// The changes among these operations on top of `before` that give something up, in the order of
/// what they change first.
///
/// # Errors
///
/// Where the operations don't fit.
pub fn destructive(
    operations: &[Operation],
    before: &Schema,
) -> Result<Vec<Destructive>, Conflict> {
    let mut schema = before.clone();
    let mut found: Vec<Destructive> = Vec::new();
    // Where an operation that goes with another one belongs is known at the end.
    let mut attendants = Vec::new();
    for (position, operation) in operations.iter().enumerate() {
        let change = as_change(operation);
        match hosts(position, operations, &schema) {
            hosts if !hosts.is_empty() => attendants.push((position, hosts)),
            _ if is_replaced(position, operations, &schema) || is_filled(position, operations) => {}
            _ => {
                if let Some(gives_up) = change.gives_up(&schema) {
                    let (object, what) = (object(operation), change.describe());
                    found.push(Destructive { object, positions: vec![position], what, gives_up });
                }
            }
        }
        change.apply(&mut schema)?;
    }
    for (position, hosts) in attendants {
        let host = found.iter_mut().find(|it| it.positions.iter().any(|it| hosts.contains(it)));
        if let Some(host) = host {
            host.positions.push(position);
            host.positions.sort_unstable();
        }
    }
    Ok(found)
}

/// The operations with each of these changes made as it was chosen; `choices` stand in the order of
/// `found`.
pub fn decided(
    operations: Vec<Operation>,
    found: &[Destructive],
    choices: &[Choice],
) -> Vec<Operation> {
    let mut decided: Vec<Operation> = Vec::with_capacity(operations.len());
    for (position, operation) in operations.into_iter().enumerate() {
        let chosen = found.iter().zip(choices).find(|(it, _)| it.positions.contains(&position));
        match chosen {
            None | Some((_, Choice::Generate)) => decided.push(operation),
            Some((it, Choice::Review)) => {
                if it.positions.first() == Some(&position) {
                    decided.push(NeedsReview { why: it.to_string() }.into());
                }
                decided.push(operation);
            }
            Some((_, Choice::IgnoreErrors)) => match decided.last_mut() {
                Some(Operation::IgnoreErrors(last)) => last.operations.push(operation),
                _ => decided.push(IgnoreErrors { operations: vec![operation] }.into()),
            },
            Some((_, Choice::Omit)) => match decided.last_mut() {
                Some(Operation::StateOnly(last)) => last.operations.push(operation),
                _ => decided.push(StateOnly { operations: vec![operation] }.into()),
            },
        }
    }
    decided
}

/// Whether the operation only makes a column required whose rows got a value right before.
pub fn is_filled(position: usize, operations: &[Operation]) -> bool {
    let Some(Operation::AlterColumn(alter)) = operations.get(position) else { return false };
    let before = position.checked_sub(1).and_then(|it| operations.get(it));
    let Some(Operation::Backfill(fill)) = before else { return false };
    alter.change == set().not_null()
        && fill.table == alter.table
        && fill.set.iter().any(|(column, _)| *column == alter.column)
}

/// What answers call the object that an operation changes.
fn object(operation: &Operation) -> String {
    match operation {
        Operation::DropTable(it) => it.table.to_string(),
        Operation::DropColumn(it) => format!("{}.{}", it.table, it.column),
        Operation::AlterColumn(it) => format!("{}.{}", it.table, it.column),
        Operation::DropIndex(it) => format!("{}.{}", it.table, it.index),
        Operation::DropForeignKey(it) => format!("{}.{}", it.table, it.foreign_key),
        Operation::DropUnique(it) => format!("{}.{}", it.table, it.unique),
        Operation::DropCheck(it) => format!("{}.{}", it.table, it.check),
        Operation::AlterPrimaryKey(it) => format!("{}.primary_key", it.table),
        Operation::DropEnum(it) => it.enumeration.to_string(),
        Operation::SetEnumValues(it) => it.enumeration.to_string(),
        Operation::DropNamespace(it) => it.namespace.clone(),
        Operation::DropView(it) => it.view.to_string(),
        Operation::DropRoutine(it) => it.name.own().to_owned(),
        other => match crate::operation::table_of(other) {
            Some(table) => table.to_string(),
            None => as_change(other).describe(),
        },
    }
}

/// The operations that another one only goes with: an index goes with its column, a key with its
/// columns or the table that it points at, and a key that makes way for a column's new type comes
/// back behind it.
fn hosts(position: usize, operations: &[Operation], before: &Schema) -> Vec<usize> {
    match &operations[position] {
        Operation::DropIndex(it) => {
            let index = before.get(&it.table).and_then(|table| table.index_named(&it.index));
            index.map(|index| hosts_of_index(&it.table, index, operations)).unwrap_or_default()
        }
        Operation::DropForeignKey(it) => {
            let table = before.get(&it.table);
            let key = table.and_then(|table| table.foreign_key_named(&it.foreign_key));
            key.map(|key| hosts_of_key(&it.table, key, operations, before)).unwrap_or_default()
        }
        Operation::DropUnique(it) => {
            let table = before.get(&it.table);
            let unique = table.and_then(|table| table.unique_named(&it.unique));
            let is_host = |host: &Operation| {
                matches!((host, unique), (Operation::DropColumn(drop), Some(unique))
                    if drop.table == it.table && unique.has(&drop.column))
            };
            positions(operations, is_host)
        }
        Operation::DropCheck(it) => {
            let table = before.get(&it.table);
            let check = table.and_then(|table| table.check_named(&it.check));
            let is_host = |host: &Operation| {
                matches!((host, check), (Operation::DropColumn(drop), Some(check))
                    if drop.table == it.table && sql::speaks_of(&check.condition, &drop.column))
            };
            positions(operations, is_host)
        }
        // It comes back as it was, so it goes where its drop goes.
        Operation::AddForeignKey(it) => {
            let dropped = operations[..position].iter().position(|other| {
                matches!(other, Operation::DropForeignKey(drop)
                    if drop.table == it.table && drop.foreign_key == it.foreign_key.name)
            });
            match dropped {
                Some(_) => hosts_of_key(&it.table, &it.foreign_key, operations, before),
                None => vec![],
            }
        }
        // What stays in it keeps it.
        Operation::DropNamespace(it) => {
            let is_inside = |name: &Name| name.namespace.as_ref() == Some(&it.namespace);
            let is_host = |host: &Operation| match host {
                Operation::DropTable(drop) => is_inside(&drop.table),
                Operation::DropEnum(drop) => is_inside(&drop.enumeration),
                _ => false,
            };
            positions(operations, is_host)
        }
        // With a column of it goes the key.
        Operation::AlterPrimaryKey(it) => {
            let key = before.get(&it.table).map(|table| &table.primary_key);
            let is_host = |host: &Operation| {
                matches!((host, key), (Operation::DropColumn(drop), Some(key))
                    if drop.table == it.table && key.contains(&drop.column))
            };
            positions(operations, is_host)
        }
        _ => vec![],
    }
}

fn hosts_of_index(table: &Name, index: &Index, operations: &[Operation]) -> Vec<usize> {
    let is_host = |it: &Operation| match it {
        Operation::DropColumn(it) => it.table == *table && indexes_column(index, &it.column),
        _ => false,
    };
    positions(operations, is_host)
}

fn hosts_of_key(
    table: &Name,
    key: &ForeignKey,
    operations: &[Operation],
    before: &Schema,
) -> Vec<usize> {
    let targets = before.target_columns(key).unwrap_or(&key.references);
    let is_of = |other: &Name, column: &String| {
        (other == table && key.columns.contains(column))
            || (*other == key.table && targets.contains(column))
    };
    let is_host = |it: &Operation| match it {
        Operation::DropTable(it) => it.table == *table || it.table == key.table,
        Operation::DropColumn(it) => is_of(&it.table, &it.column),
        Operation::AlterColumn(it) => it.change.data_type.is_some() && is_of(&it.table, &it.column),
        Operation::AlterPrimaryKey(it) => it.table == key.table,
        Operation::AddColumn(it) => it.table == key.table && it.column.primary_key,
        _ => false,
    };
    positions(operations, is_host)
}

fn positions(operations: &[Operation], is_host: impl Fn(&Operation) -> bool) -> Vec<usize> {
    let all = operations.iter().enumerate();
    all.filter(|(_, it)| is_host(it)).map(|(position, _)| position).collect()
}

/// Whether what an operation drops comes back under its name, as something else; or whether what it
/// promises of rows is promised by an index in place of a constraint, or by a constraint in place of
/// an index.
fn is_replaced(position: usize, operations: &[Operation], before: &Schema) -> bool {
    let sole = promised(&operations[position], before);
    let comes_back = |it: &Operation| match (&operations[position], it) {
        (Operation::DropIndex(drop), Operation::AddIndex(add)) => {
            drop.table == add.table && drop.index == add.index.name
        }
        (Operation::DropForeignKey(drop), Operation::AddForeignKey(add)) => {
            drop.table == add.table && drop.foreign_key == add.foreign_key.name
        }
        (Operation::DropUnique(drop), Operation::AddUnique(add)) => {
            drop.table == add.table && drop.unique == add.unique.name
        }
        (Operation::DropCheck(drop), Operation::AddCheck(add)) => {
            drop.table == add.table && drop.check == add.check.name
        }
        (_, add) => {
            let added = match add {
                Operation::AddIndex(add) => columns_of(&add.index).map(|it| (&add.table, it)),
                Operation::AddUnique(add) => {
                    Some((&add.table, add.unique.columns.iter().collect()))
                }
                _ => None,
            };
            sole.is_some() && sole == added
        }
    };
    operations.iter().any(comes_back)
}

/// The columns of which an operation drops that no two rows have the same.
fn promised<'a>(
    operation: &'a Operation,
    before: &'a Schema,
) -> Option<(&'a Name, BTreeSet<&'a String>)> {
    match operation {
        Operation::DropIndex(it) => {
            let index = before.get(&it.table)?.index_named(&it.index)?;
            columns_of(index).map(|columns| (&it.table, columns))
        }
        Operation::DropUnique(it) => {
            let unique = before.get(&it.table)?.unique_named(&it.unique)?;
            Some((&it.table, unique.columns.iter().collect()))
        }
        _ => None,
    }
}

/// The columns of which an index lets no two rows have the same.
fn columns_of(index: &Index) -> Option<BTreeSet<&String>> {
    let whole = |it: &IndexColumn| it.expression.is_none() && it.prefix.is_none();
    (index.unique && index.filter.is_none() && index.columns.iter().all(whole))
        .then(|| index.column_names().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel_migration::{
        Migration, Unique, bigint, index, integer, set, table, text, timestamp, unique, varchar,
    };

    fn before() -> Schema {
        let users = table("users")
            .column("id", integer().primary_key())
            .column("name", text().default("x"))
            .column("email", varchar(200))
            .index(index("users_email").on("email").unique())
            .index(index("users_name").on("name"));
        let orders = table("orders").column("user_id", integer().references("users"));
        Schema::from_iter([users, orders, table("old").column("id", bigint())])
    }

    fn found(migration: &Migration) -> Vec<(String, Vec<usize>, String)> {
        let found = destructive(&migration.operations, &before()).expect("all fit");
        found.into_iter().map(|it| (it.object, it.positions, it.gives_up)).collect()
    }

    #[test]
    fn what_gives_something_up_is_found_once_for_each_object() {
        let migration = Migration::first()
            .add_column("users", "nick", text())
            .drop_index("users", "users_name")
            .drop_column("users", "name")
            .alter_column("users", "email", set().data_type(varchar(9)).not_null())
            .drop_index("users", "users_email")
            .drop_table("old");
        let one = |object: &str, positions: &[usize], gives_up: &str| {
            (object.to_owned(), positions.to_vec(), gives_up.to_owned())
        };
        assert_eq!(
            found(&migration),
            [
                one("users.name", &[1, 2], "loses the values of `name` in `users`"),
                one(
                    "users.email",
                    &[3],
                    "loses or is refused for values of `email` in `users` that don't fit its new \
                     type, varchar(9), and is refused where there are rows of `users` without \
                     `email`"
                ),
                one(
                    "users.users_email",
                    &[4],
                    "loses that no two rows of `users` have the same `email`"
                ),
                one("old", &[5], "loses the rows of `old`"),
            ]
        );
        assert!(destructive(&migration.operations, &Schema::default()).is_err());
    }

    #[test]
    fn what_a_column_did_by_itself_is_given_up_too() {
        let made = table("users")
            .column("id", integer())
            .column("made", timestamp().auto_update().comment("when"))
            .column("twice", integer().stored_as("id * 2"))
            .column("name", text().comment("in full"));
        let before = Schema::from_iter([made]);
        let migration = Migration::first()
            .alter_column("users", "made", set().no_auto_update().no_comment())
            .alter_column("users", "twice", set().not_generated())
            .alter_column("users", "name", set().no_comment())
            .alter_column("users", "id", set().stored_as("1"));
        let found = destructive(&migration.operations, &before).expect("all fit");
        let found: Vec<(&str, &str)> =
            found.iter().map(|it| (it.object.as_str(), it.gives_up.as_str())).collect();
        assert_eq!(
            found,
            [
                (
                    "users.made",
                    "loses that `made` in `users` gets the moment whenever a row is changed, and \
                     loses the comment of `made` in `users`"
                ),
                ("users.twice", "loses that `twice` in `users` follows what it is computed from"),
                ("users.id", "loses the values of `id` in `users`, which are computed from now on"),
            ]
        );
    }

    #[test]
    fn a_key_that_makes_way_goes_with_the_column_and_what_is_replaced_is_not_asked_about() {
        let migration = Migration::first()
            .drop_foreign_key("orders", "fk_orders_user_id")
            .alter_column("orders", "user_id", set().data_type(text()))
            .alter_column("users", "id", set().data_type(text()))
            .add_foreign_key("orders", "user_id", "users")
            .drop_index("users", "users_email")
            .add_index("users", index("users_email").on("email"));
        let found = found(&migration);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            (found[0].0.as_str(), found[0].1.as_slice()),
            ("orders.user_id", &[0, 1, 3][..])
        );
        assert_eq!((found[1].0.as_str(), found[1].1.as_slice()), ("users.id", &[2][..]));
    }

    #[test]
    fn what_another_one_promises_is_not_given_up() {
        let sole = |name: &str| unique(name).on("email");
        let made = table("users")
            .column("id", integer().primary_key())
            .column("email", text())
            .index(index("users_email").on("email").unique())
            .unique(unique("pair").on(["id", "email"]));
        let before = Schema::from_iter([made]);
        let found = |migration: Migration| {
            let found = destructive(&migration.operations, &before).expect("all fit");
            found.into_iter().map(|it| (it.object, it.gives_up)).collect::<Vec<_>>()
        };
        // By the primary key no two rows are alike in the pair.
        assert_eq!(found(Migration::first().drop_unique("users", "pair")), []);
        let replaced = Migration::first().drop_index("users", "users_email");
        assert_eq!(found(replaced.add_unique("users", sole("one"))), []);
        let email = "loses that no two rows of `users` have the same `email`".to_owned();
        let gone = Migration::first().drop_index("users", "users_email");
        assert_eq!(found(gone), [("users.users_email".to_owned(), email)]);

        // Something else promises it already: in the same way, or without its speed.
        let both = |it: Unique| {
            let mut both = before.clone();
            both.table_mut(&"users".into()).unwrap().uniques.push(it);
            let gone = Migration::first().drop_index("users", "users_email");
            let found = destructive(&gone.operations, &both).expect("all fit");
            found.into_iter().map(|it| it.gives_up).collect::<Vec<_>>()
        };
        assert_eq!(both(sole("one")), [""; 0]);
        assert_eq!(both(sole("one").deferrable()), ["loses the speed of what uses it"]);
        assert_eq!(both(unique("one").on(["email", "id"])).len(), 1);
    }

    #[test]
    fn each_change_is_made_as_it_was_chosen() {
        let migration = Migration::first()
            .drop_index("users", "users_name")
            .drop_column("users", "name")
            .drop_table("old")
            .drop_index("users", "users_email");
        let found = destructive(&migration.operations, &before()).expect("all fit");
        let choose = |choices: [Choice; 3]| {
            let operations = decided(migration.operations.clone(), &found, &choices);
            operations.iter().map(|it| as_change(it).describe()).collect::<Vec<_>>()
        };
        assert_eq!(
            choose([Choice::Omit, Choice::Review, Choice::Omit]),
            [
                "Drop index `users_name` of `users`, drop column `name` of `users`, in the state \
                 only",
                "Wait for a review: Drop table `old` loses the rows of `old`",
                "Drop table `old`",
                "Drop index `users_email` of `users`, in the state only",
            ]
        );
        assert_eq!(choose([Choice::Generate; 3]).len(), 4);
    }
}
