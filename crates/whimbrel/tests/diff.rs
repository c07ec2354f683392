//! Laws and examples of the way from one schema to another.

mod common;

use proptest::prelude::*;
use whimbrel::{
    diff::{Answers, Unresolved, diff, equivalent},
    operation::Operation,
    schema::{Conflict, Schema},
};
use whimbrel_migration::*;

fn applied(operations: &[Operation], before: &Schema) -> Result<Schema, (usize, Conflict)> {
    let mut schema = before.clone();
    for (position, operation) in operations.iter().enumerate() {
        apply(operation, &mut schema).map_err(|it| (position, it))?;
    }
    Ok(schema)
}
/// Makes a change in a schema as strictly as a database would.
fn apply(operation: &Operation, schema: &mut Schema) -> Result<(), Conflict> {
    use Operation as Op;
    match operation {
        Op::CreateTable(it) => {
            schema.insert(it.table.clone())?;
            it.table.foreign_keys.iter().try_for_each(|key| check_key(schema, &it.table.name, key))
        }
        Op::DropTable(it) => {
            if let Some((from, key)) =
                schema.pointing_at(&it.table).find(|(from, _)| from.name != it.table)
            {
                return Err(Conflict::TableInUse {
                    table: it.table.clone(),
                    from: from.name.clone(),
                    foreign_key: key.name.clone(),
                });
            }
            schema.remove(&it.table).map(drop)
        }
        Op::RenameTable(it) => {
            let table = schema.remove(&it.from)?;
            schema.insert(Table { name: it.to.clone(), ..(*table).clone() })?;
            let names: Vec<Name> = schema.tables().map(|it| it.name.clone()).collect();
            for name in names {
                for key in &mut schema.table_mut(&name)?.foreign_keys {
                    if key.table == it.from {
                        key.table = it.to.clone();
                    }
                }
            }
            Ok(())
        }
        Op::AddColumn(it) => {
            let mut column = it.column.clone();
            let reference = column.references.take();
            let table = schema.table_mut(&it.table)?;
            if table.position(&it.name).is_some() {
                return Err(Conflict::ColumnExists {
                    table: it.table.clone(),
                    column: it.name.clone(),
                });
            }
            table.columns.push(NamedColumn { name: it.name.clone(), column });
            if let Some(reference) = reference {
                let key = reference.of(&it.table, vec![it.name.clone()]);
                table.foreign_keys.push(key.clone());
                check_key(schema, &it.table, &key)?;
            }
            Ok(())
        }
        Op::DropColumn(it) => {
            let in_use = |user: &str| Conflict::ColumnInUse {
                table: it.table.clone(),
                column: it.column.clone(),
                user: user.to_owned(),
            };
            for (from, key) in schema.pointing_at(&it.table) {
                if schema.target_columns(key)?.contains(&it.column) {
                    return Err(in_use(&format!("{} of {}", key.name, from.name)));
                }
            }
            let table = schema.table_mut(&it.table)?;
            if let Some(key) =
                table.foreign_keys.iter().find(|key| key.columns.contains(&it.column))
            {
                return Err(in_use(&key.name));
            }
            if let Some(index) =
                table.indexes.iter().find(|index| index.columns.iter().any(|c| c.name == it.column))
            {
                return Err(in_use(&index.name));
            }
            table.columns.retain(|column| column.name != it.column);
            if table.columns.is_empty() {
                return Err(Conflict::TableEmpty { table: it.table.clone() });
            }
            Ok(())
        }
        Op::AlterColumn(it) => {
            if it.change.data_type.is_some() {
                let used = schema
                    .tables()
                    .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
                    .find(|(table, key)| {
                        (table.name == it.table && key.columns.contains(&it.column))
                            || (key.table == it.table
                                && schema.target_columns(key).is_ok_and(|c| c.contains(&it.column)))
                    });
                if let Some((_, key)) = used {
                    return Err(Conflict::ColumnInUse {
                        table: it.table.clone(),
                        column: it.column.clone(),
                        user: key.name.clone(),
                    });
                }
            }
            let table = schema.table_mut(&it.table)?;
            let Some(at) = table.position(&it.column) else {
                return Err(Conflict::ColumnMissing {
                    table: it.table.clone(),
                    column: it.column.clone(),
                });
            };
            let column = &mut table.columns[at].column;
            if let Some(data_type) = &it.change.data_type {
                column.data_type = data_type.clone();
            }
            if let Some(nullable) = it.change.nullable {
                column.nullable = nullable;
            }
            match &it.change.default {
                Some(DefaultChange::Set(value)) => column.default = Some(value.clone()),
                Some(DefaultChange::Drop) => column.default = None,
                None => {}
            }
            Ok(())
        }
        Op::RenameColumn(it) => {
            let rename = |name: &mut String| {
                if *name == it.from {
                    name.clone_from(&it.to)
                }
            };
            let table = schema.table_mut(&it.table)?;
            table.columns.iter_mut().for_each(|c| rename(&mut c.name));
            table.primary_key.iter_mut().for_each(rename);
            table.indexes.iter_mut().flat_map(|i| &mut i.columns).for_each(|c| rename(&mut c.name));
            table.foreign_keys.iter_mut().flat_map(|k| &mut k.columns).for_each(rename);
            let names: Vec<Name> = schema.tables().map(|it| it.name.clone()).collect();
            for name in names {
                for key in &mut schema.table_mut(&name)?.foreign_keys {
                    if key.table == it.table {
                        key.references.iter_mut().for_each(rename);
                    }
                }
            }
            Ok(())
        }
        Op::AddIndex(it) => {
            // Index names are shared by all tables, as in PostgreSQL.
            if schema.tables().any(|table| table.index_named(&it.index.name).is_some()) {
                return Err(Conflict::IndexExists {
                    table: it.table.clone(),
                    index: it.index.name.clone(),
                });
            }
            let table = schema.table_mut(&it.table)?;
            if let Some(missing) =
                it.index.columns.iter().find(|c| table.position(&c.name).is_none())
            {
                return Err(Conflict::ColumnMissing {
                    table: it.table.clone(),
                    column: missing.name.clone(),
                });
            }
            table.indexes.push(it.index.clone());
            Ok(())
        }
        Op::DropIndex(it) => {
            let table = schema.table_mut(&it.table)?;
            let Some(at) = table.indexes.iter().position(|i| i.name == it.index) else {
                return Err(Conflict::IndexMissing {
                    table: it.table.clone(),
                    index: it.index.clone(),
                });
            };
            drop(table.indexes.remove(at));
            let all: Vec<(Name, ForeignKey)> =
                schema.pointing_at(&it.table).map(|(t, k)| (t.name.clone(), k.clone())).collect();
            all.iter().try_for_each(|(table, key)| check_key(schema, table, key))
        }
        Op::AddForeignKey(it) => {
            let taken = |table: &Table| table.foreign_key_named(&it.foreign_key.name).is_some();
            if schema.tables().any(taken) {
                return Err(Conflict::ForeignKeyExists {
                    table: it.table.clone(),
                    foreign_key: it.foreign_key.name.clone(),
                });
            }
            schema.table_mut(&it.table)?.foreign_keys.push(it.foreign_key.clone());
            check_key(schema, &it.table, &it.foreign_key)
        }
        Op::DropForeignKey(it) => {
            let table = schema.table_mut(&it.table)?;
            let Some(at) = table.foreign_keys.iter().position(|k| k.name == it.foreign_key) else {
                return Err(Conflict::ForeignKeyMissing {
                    table: it.table.clone(),
                    foreign_key: it.foreign_key.clone(),
                });
            };
            table.foreign_keys.remove(at);
            Ok(())
        }
        Op::SetNamedDefault(it) => {
            schema.defaults.insert(it.name.clone(), it.value.clone());
            Ok(())
        }
        Op::DropNamedDefault(it) => {
            let wanted = DefaultValue::Named(it.name.clone());
            for table in schema.tables() {
                if let Some(c) =
                    table.columns.iter().find(|c| c.column.default.as_ref() == Some(&wanted))
                {
                    return Err(Conflict::DefaultInUse {
                        name: it.name.clone(),
                        table: table.name.clone(),
                        column: c.name.clone(),
                    });
                }
            }
            schema.defaults.remove(&it.name);
            Ok(())
        }
        other => panic!("a diff has no {other:?}"),
    }?;
    check_defaults(schema)
}

/// Both sides of a key are there, and what it points at is unique.
fn check_key(schema: &Schema, table: &Name, key: &ForeignKey) -> Result<(), Conflict> {
    let missing = |table: &Name, column: &String| Conflict::ColumnMissing {
        table: table.clone(),
        column: column.clone(),
    };
    let own = schema.table(table)?;
    if let Some(column) = key.columns.iter().find(|it| own.position(it).is_none()) {
        return Err(missing(table, column));
    }
    let (target, columns) = (schema.table(&key.table)?, schema.target_columns(key)?);
    let unique =
        |index: &Index| index.unique && index.columns.iter().map(|it| &it.name).eq(&columns);
    if columns != target.primary_key && !target.indexes.iter().any(unique) {
        return Err(Conflict::KeyMissing { table: key.table.clone() });
    }
    columns
        .iter()
        .find(|it| target.position(it).is_none())
        .map_or(Ok(()), |it| Err(missing(&key.table, it)))
}

/// Every default that is used by name is defined.
fn check_defaults(schema: &Schema) -> Result<(), Conflict> {
    for column in schema.tables().flat_map(|it| &it.columns) {
        if let Some(DefaultValue::Named(name)) = &column.column.default {
            if !schema.defaults.contains_key(name) {
                return Err(Conflict::DefaultMissing { name: name.clone() });
            }
        }
    }
    Ok(())
}

/// The diff with every question answered, by the bits of `choices` in turn: yes to the likeliest,
/// or no. `None` where a primary key would change.
fn answered(before: &Schema, after: &Schema, mut choices: u64) -> Option<Vec<Operation>> {
    let mut answers = Answers::default();
    loop {
        match diff(before, after, &answers) {
            Ok(operations) => return Some(operations),
            Err(Unresolved { questions, .. }) if !questions.is_empty() => {
                let question = &questions[0];
                if choices & 1 == 1 {
                    answers.accept(question, 0)
                } else {
                    answers.refuse(question)
                }
                choices >>= 1;
            }
            Err(Unresolved { refusals, .. }) => {
                for refusal in &refusals {
                    assert!(refusal.message.contains("primary key"), "{refusal}");
                }
                return None;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_diff_leads_from_before_to_after(
        before in common::schemas::schema(),
        after in common::schemas::schema(),
        choices: u64,
    ) {
        let Some(operations) = answered(&before, &after, choices) else { return Ok(()) };
        let reached = applied(&operations, &before);
        prop_assert!(reached.is_ok(), "{:?}\n{operations:#?}", reached.err());
        let reached = reached.expect("it was just looked at");
        prop_assert!(equivalent(&reached, &after), "{reached:#?}\n{operations:#?}");
        prop_assert_eq!(diff(&reached, &after, &Answers::default()), Ok(vec![]));
    }

    #[test]
    fn a_schema_does_not_differ_from_itself(schema in common::schemas::schema()) {
        prop_assert_eq!(diff(&schema, &schema, &Answers::default()), Ok(vec![]));
    }
}
