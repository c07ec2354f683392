//! Laws and examples of the way from one schema to another.

mod common;

use proptest::prelude::*;
use whimbrel::{
    diff::{Answers, ColumnRename, Origin, Unresolved, diff, equivalent},
    operation::{Inverse, Operation, as_change},
    schema::{Conflict, Schema},
};
use whimbrel_migration::*;

fn applied(operations: &[Operation], before: &Schema) -> Result<Schema, (usize, Conflict)> {
    let (mut schema, mut strict) = (before.clone(), before.clone());
    for (position, operation) in operations.iter().enumerate() {
        apply(operation, &mut strict).map_err(|it| (position, it))?;
        as_change(operation).apply(&mut schema).map_err(|it| (position, it))?;
        assert!(equivalent(&schema, &strict), "{operation:?}");
    }
    Ok(schema)
}

/// The operations that take `operations` back, last first.
fn taken_back(operations: &[Operation], before: &Schema) -> Vec<Operation> {
    let mut schema = before.clone();
    let mut back = Vec::new();
    for operation in operations {
        let change = as_change(operation);
        match change.inverse(&schema).expect("it fits") {
            Inverse::Operations(mut inverse) => {
                inverse.reverse();
                back.extend(inverse);
            }
            Inverse::Unknown | Inverse::Impossible(_) => {
                panic!("{operation:?} can't be taken back")
            }
        }
        change.apply(&mut schema).expect("it fits");
    }
    back.reverse();
    back
}
/// Makes a change in a schema as strictly as a database would.
fn apply(operation: &Operation, schema: &mut Schema) -> Result<(), Conflict> {
    use Operation as Op;
    nothing_rests_on_it(operation, schema)?;
    match operation {
        Op::CreateTable(it) => {
            let mut table = Table::clone(&it.table);
            for named in &mut table.columns {
                named.column.data_type = with_values(schema, &named.column.data_type)?;
            }
            schema.insert(table)?;
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
            let is_key = std::mem::take(&mut column.primary_key);
            column.data_type = with_values(schema, &column.data_type)?;
            let table = schema.table_mut(&it.table)?;
            if table.position(&it.name).is_some() {
                return Err(Conflict::ColumnExists {
                    table: it.table.clone(),
                    column: it.name.clone(),
                });
            }
            table.columns.push(NamedColumn { name: it.name.clone(), column });
            if is_key {
                let columns = vec![it.name.clone()];
                let key = AlterPrimaryKey { table: it.table.clone(), columns };
                as_change(&key.into()).apply(schema)?;
            }
            let table = schema.table_mut(&it.table)?;
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
            if table.primary_key == [it.column.as_str()] {
                table.primary_key.clear();
            } else if table.primary_key.contains(&it.column) {
                return Err(in_use("the primary key"));
            }
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
            if let Some(unique) = table.uniques.iter().find(|unique| unique.has(&it.column)) {
                return Err(in_use(&unique.name));
            }
            table.columns.retain(|column| column.name != it.column);
            if table.columns.is_empty() {
                return Err(Conflict::TableEmpty { table: it.table.clone() });
            }
            Ok(())
        }
        Op::AlterColumn(it) => {
            let old = schema.get(&it.table).and_then(|table| table.column_named(&it.column));
            let same = |new: &ColumnType| {
                old.is_some_and(|old| old.data_type.unnumbered() == new.unnumbered())
            };
            let new = it.change.data_type.as_ref();
            let new = new.map(|it| with_values(schema, it)).transpose()?;
            if new.as_ref().is_some_and(|new| !same(new)) {
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
            if let Some(data_type) = new {
                column.data_type = data_type;
            }
            column.options.take(&it.change.options);
            match it.change.identity {
                Some(IdentityChange::Set(identity)) => column.identity = Some(identity),
                Some(IdentityChange::Drop) => column.identity = None,
                None => {}
            }
            if let Some(nullable) = it.change.nullable {
                column.nullable = nullable;
            }
            match &it.change.default {
                Some(DefaultChange::Set(value)) => column.default = Some(value.clone()),
                Some(DefaultChange::Drop) => column.default = None,
                None => {}
            }
            if let Some(collation) = &it.change.collation {
                column.collation = match collation {
                    CollationChange::Set(it) => Some(it.clone()),
                    CollationChange::Drop => None,
                };
            }
            if let Some(comment) = &it.change.comment {
                column.comment = comment.text().cloned();
            }
            Ok(())
        }
        Op::AlterTable(it) => {
            let table = schema.table_mut(&it.table)?;
            if let Some(comment) = &it.change.comment {
                table.comment = comment.text().cloned();
            }
            table.options.take(&it.change.options);
            Ok(())
        }
        Op::RenameColumn(it) => {
            let rename = |name: &mut String| {
                if *name == it.from {
                    name.clone_from(&it.to);
                }
            };
            let table = schema.table_mut(&it.table)?;
            table.columns.iter_mut().for_each(|c| rename(&mut c.name));
            table.primary_key.iter_mut().for_each(rename);
            table.indexes.iter_mut().flat_map(|i| &mut i.columns).for_each(|c| rename(&mut c.name));
            table.uniques.iter_mut().flat_map(|it| &mut it.columns).for_each(rename);
            table.foreign_keys.iter_mut().flat_map(|k| &mut k.columns).for_each(rename);
            for text in table.checks.iter_mut().filter_map(|it| it.condition.otherwise.as_mut()) {
                *text = text.replace(&it.from, &it.to);
            }
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
        Op::RenameIndex(it) => {
            let (table, index) = (it.table.clone(), it.to.clone());
            if schema.tables().any(|table| table.index_named(&it.to).is_some()) {
                return Err(Conflict::IndexExists { table, index });
            }
            let all = &mut schema.table_mut(&it.table)?.indexes;
            let found = all.iter_mut().find(|index| index.name == it.from);
            let found = found.ok_or(Conflict::IndexMissing { table, index })?;
            found.name.clone_from(&it.to);
            Ok(())
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
        Op::AddUnique(it) => {
            let taken = |table: &Table| {
                let name = &it.unique.name;
                table.unique_named(name).is_some() || table.index_named(name).is_some()
            };
            if schema.tables().any(taken) {
                let (table, unique) = (it.table.clone(), it.unique.name.clone());
                return Err(Conflict::UniqueExists { table, unique });
            }
            as_change(operation).apply(schema)
        }
        Op::DropUnique(it) => {
            as_change(operation).apply(schema)?;
            let all: Vec<(Name, ForeignKey)> =
                schema.pointing_at(&it.table).map(|(t, k)| (t.name.clone(), k.clone())).collect();
            all.iter().try_for_each(|(table, key)| check_key(schema, table, key))
        }
        // What it needs is asked by itself.
        Op::AddCheck(_)
        | Op::DropCheck(_)
        | Op::AlterPrimaryKey(_)
        | Op::RenameConstraint(_)
        | Op::CreateNamespace(_)
        | Op::DropNamespace(_)
        | Op::CreateEnum(_)
        | Op::DropEnum(_)
        | Op::AddEnumValue(_)
        | Op::SetEnumValues(_)
        | Op::RenameEnum(_)
        | Op::RenameEnumValue(_) => as_change(operation).apply(schema),
        Op::CreateView(it) => {
            reads_what_is_there(&it.view.query, schema)?;
            as_change(operation).apply(schema)
        }
        Op::AlterView(it) => {
            reads_what_is_there(&it.query, schema)?;
            as_change(operation).apply(schema)?;
            // Those that rest on it are made again with it, where need be.
            let resting = schema.views.values().filter(|other| words(&other.query).1 == it.view);
            let mut queries = resting.map(|it| &it.query);
            queries.try_for_each(|it| reads_what_is_there(it, schema))
        }
        Op::DropView(_) | Op::CreateRoutine(_) | Op::AlterRoutine(_) | Op::DropRoutine(_) => {
            as_change(operation).apply(schema)
        }
        other => panic!("a diff has no {other:?}"),
    }?;
    check_defaults(schema)
}

/// The words of a view's query: its columns, and the one table or view behind them.
fn words(query: &PerDatabase) -> (Vec<&str>, Name) {
    let text = query.otherwise.as_deref().expect("it says one for all");
    let words = text.strip_prefix("SELECT ").and_then(|it| it.split_once(" FROM "));
    let (columns, source) = words.expect("all are made like this");
    (columns.split(", ").collect(), Name::new(source))
}

/// What a query reads is there, with these columns.
fn reads_what_is_there(query: &PerDatabase, schema: &Schema) -> Result<(), Conflict> {
    let (columns, source) = words(query);
    if let Some(view) = schema.views.get(&source) {
        let (own, of) = words(&view.query);
        let table = schema.table(&of)?;
        let has = |it: &&str| own.contains(it) || (own == ["*"] && table.position(it).is_some());
        return match columns.iter().find(|it| !has(it)) {
            None => Ok(()),
            Some(it) => Err(Conflict::ColumnMissing { table: source, column: (*it).to_owned() }),
        };
    }
    let table = schema.table(&source)?;
    match columns.iter().find(|it| **it != "*" && table.position(it).is_none()) {
        None => Ok(()),
        Some(it) => Err(Conflict::ColumnMissing { table: source, column: (*it).to_owned() }),
    }
}

/// No view needs what an operation takes away or makes another of.
fn nothing_rests_on_it(operation: &Operation, schema: &Schema) -> Result<(), Conflict> {
    let column = |table: &Name, column: &String| (table.clone(), Some(column.clone()));
    let shaken = match operation {
        Operation::DropTable(it) => vec![(it.table.clone(), None)],
        Operation::RenameTable(it) => vec![(it.from.clone(), None)],
        Operation::DropColumn(it) => vec![column(&it.table, &it.column)],
        Operation::RenameColumn(it) => vec![column(&it.table, &it.from)],
        Operation::AlterColumn(it) if it.change.data_type.is_some() => {
            vec![column(&it.table, &it.column)]
        }
        Operation::DropView(it) => vec![(it.view.clone(), None)],
        Operation::SetEnumValues(it) => {
            let of = schema.columns_of(&it.enumeration);
            of.map(|(table, named)| column(&table.name, &named.name)).collect()
        }
        _ => vec![],
    };
    for (source, column) in shaken {
        let reads = |it: &&View| {
            let (columns, of) = words(&it.query);
            let named = |column: &String| columns == ["*"] || columns.contains(&column.as_str());
            of == source && column.as_ref().is_none_or(named)
        };
        if let Some(view) = schema.views.values().find(reads) {
            return Err(Conflict::ViewExists { view: view.name.clone() });
        }
    }
    Ok(())
}

/// An enum that is said by its name alone, with its values.
fn with_values(schema: &Schema, data_type: &ColumnType) -> Result<ColumnType, Conflict> {
    let ColumnType::Enum { name, .. } = data_type else { return Ok(data_type.clone()) };
    let values = schema.enums.get(name).cloned();
    let values = values.ok_or_else(|| Conflict::EnumMissing { name: (**name).clone() })?;
    Ok(ColumnType::Enum { name: name.clone(), values })
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
        |index: &Index| index.unique && index.columns.iter().map(|it| &it.name).eq(columns);
    let sole = target.uniques.iter().any(|it| it.columns == columns);
    if columns != target.primary_key && !sole && !target.indexes.iter().any(unique) {
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
        if let Some(DefaultValue::Named(name)) = &column.column.default
            && !schema.defaults.contains_key(name)
        {
            return Err(Conflict::DefaultMissing { name: name.clone() });
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
                    answers.accept(question, 0);
                } else {
                    answers.refuse(question);
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
    #![proptest_config(common::cases::cases(512))]

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
        let back = taken_back(&operations, &before);
        let returned = applied(&back, &reached);
        prop_assert!(returned.is_ok(), "{:?}\n{operations:#?}\n{back:#?}", returned.err());
        prop_assert!(equivalent(&returned.expect("it was just looked at"), &before));
    }

    #[test]
    fn a_schema_does_not_differ_from_itself(schema in common::schemas::schema()) {
        prop_assert_eq!(diff(&schema, &schema, &Answers::default()), Ok(vec![]));
    }
}

fn schema(tables: impl IntoIterator<Item = Table>) -> Schema {
    Schema::from_iter(tables)
}

fn keyed(name: &str) -> Table {
    table(name).column("id", bigint().primary_key())
}

/// One line an operation, which says what it touches.
fn told(operations: &[Operation]) -> Vec<String> {
    use Operation as Op;
    let line = |it: &Operation| match it {
        Op::CreateTable(it) => {
            let keys = it.table.foreign_keys.iter().map(|key| format!(" -> {}", key.table));
            format!("create {}{}", it.table.name, keys.collect::<String>())
        }
        Op::DropTable(it) => format!("drop {}", it.table),
        Op::RenameTable(it) => format!("rename {} to {}", it.from, it.to),
        Op::AddColumn(it) => {
            let target = it.column.references.as_ref().map(|it| format!(" -> {}", it.table));
            let key = if it.column.primary_key { " as key" } else { "" };
            format!("add {}.{}{key}{}", it.table, it.name, target.unwrap_or_default())
        }
        Op::DropColumn(it) => format!("drop {}.{}", it.table, it.column),
        Op::AlterColumn(it) => format!("alter {}.{}", it.table, it.column),
        Op::RenameColumn(it) => format!("rename {}.{} to {}", it.table, it.from, it.to),
        Op::AddIndex(it) => format!("add index {}.{}", it.table, it.index.name),
        Op::DropIndex(it) => format!("drop index {}.{}", it.table, it.index),
        Op::RenameIndex(it) => format!("rename index {}.{} to {}", it.table, it.from, it.to),
        Op::AddForeignKey(it) => {
            format!("add key {} -> {}", it.foreign_key.name, it.foreign_key.table)
        }
        Op::DropForeignKey(it) => format!("drop key {}", it.foreign_key),
        Op::AlterPrimaryKey(it) => format!("key {} {}", it.table, it.columns.join(" ")),
        Op::SetNamedDefault(it) => format!("set default {}", it.name),
        Op::DropNamedDefault(it) => format!("drop default {}", it.name),
        other => as_change(other).describe(),
    };
    operations.iter().map(line).collect()
}

#[track_caller]
fn check(before: &Schema, after: &Schema, expected: &[&str]) {
    let operations = diff(before, after, &Answers::default()).expect("nothing to ask");
    assert_eq!(told(&operations), expected);
    let reached = applied(&operations, before).expect("each finds what it needs");
    assert!(equivalent(&reached, after));
}

#[track_caller]
fn check_both_ways(before: &Schema, after: &Schema, up: &[&str], down: &[&str]) {
    check(before, after, up);
    check(after, before, down);
}

#[test]
fn tables_come_after_those_they_point_at_and_go_before_them() {
    let after = schema([
        keyed("a").column("b_id", bigint().references("b")),
        keyed("b").column("c_id", bigint().references("c")),
        keyed("c"),
    ]);
    let up = ["create c", "create b -> c", "create a -> b"];
    check_both_ways(&Schema::default(), &after, &up, &["drop a", "drop b", "drop c"]);
}

#[test]
fn a_table_that_points_at_itself_needs_no_second_step() {
    let after = schema([keyed("a").column("parent", bigint().references("a"))]);
    check_both_ways(&Schema::default(), &after, &["create a -> a"], &["drop a"]);
}

#[test]
fn two_tables_in_a_ring_are_tied_by_one_key_of_its_own() {
    let after = schema([
        keyed("a").column("b_id", bigint().references("b")),
        keyed("b").column("a_id", bigint().references("a")),
    ]);
    check_both_ways(
        &Schema::default(),
        &after,
        &["create b", "create a -> b", "add key fk_b_a_id -> a"],
        &["drop key fk_b_a_id", "drop a", "drop b"],
    );
}

#[test]
fn three_tables_in_a_ring_are_tied_by_one_key_of_its_own() {
    let after = schema([
        keyed("a").column("b_id", bigint().references("b")),
        keyed("b").column("c_id", bigint().references("c")),
        keyed("c").column("a_id", bigint().references("a")),
    ]);
    check_both_ways(
        &Schema::default(),
        &after,
        &["create c", "create b -> c", "create a -> b", "add key fk_c_a_id -> a"],
        &["drop key fk_c_a_id", "drop a", "drop b", "drop c"],
    );
}

#[test]
fn the_last_columns_of_a_table_come_back_in_their_order() {
    let after = schema([keyed("a")]);
    let columns = ["b", "c", "d"];
    let whole = columns.into_iter().fold(keyed("a"), |it, name| it.column(name, text()));
    let before = schema([whole]);
    let operations = diff(&before, &after, &Answers::default()).expect("nothing is asked");
    assert_eq!(operations.len(), columns.len());
    let back = taken_back(&operations, &before);
    assert_eq!(applied(&back, &after).expect("it fits"), before);
}

#[test]
fn a_column_comes_with_its_key_and_goes_after_it() {
    let before = schema([keyed("orders"), keyed("users")]);
    let after =
        schema([keyed("orders").column("user_id", bigint().references("users")), keyed("users")]);
    check_both_ways(
        &before,
        &after,
        &["add orders.user_id -> users"],
        &["drop key fk_orders_user_id", "drop orders.user_id"],
    );
}

#[test]
fn a_new_table_comes_before_the_column_that_points_at_it() {
    let before = schema([keyed("a")]);
    let after = schema([keyed("a").column("z_id", bigint().references("z")), keyed("z")]);
    check_both_ways(
        &before,
        &after,
        &["create z", "add a.z_id -> z"],
        &["drop key fk_a_z_id", "drop a.z_id", "drop z"],
    );
}

#[test]
fn what_is_numbered_no_more_may_be_null_once_it_is_no_key() {
    let own = || integer().not_null();
    let numbered = bigint().not_null().identity();
    let before = table("a").column("id", numbered).column("own", own()).primary_key("id");
    let after = table("a").column("id", bigint()).column("own", own()).primary_key("own");
    check_both_ways(
        &schema([before]),
        &schema([after]),
        &["alter a.id", "key a own", "alter a.id"],
        &["key a id", "alter a.id"],
    );
}

#[test]
fn an_index_goes_before_its_column_and_comes_after_it() {
    let before = schema([keyed("a")]);
    let after = schema([keyed("a").column("x", text()).index(index("a_x").on("x"))]);
    check_both_ways(
        &before,
        &after,
        &["add a.x", "add index a.a_x"],
        &["drop index a.a_x", "drop a.x"],
    );
}

#[test]
fn a_changed_index_is_dropped_and_added() {
    let with = |it: Index| schema([keyed("a").column("x", text()).index(it)]);
    check(
        &with(index("a_x").on("x")),
        &with(index("a_x").on("x").unique()),
        &["drop index a.a_x", "add index a.a_x"],
    );
}

#[test]
fn an_index_that_takes_over_comes_first() {
    let with = |it: Index| schema([keyed("a").column("x", text()).index(it)]);
    check(
        &with(index("old").on("x")),
        &with(index("new").on(["x", "id"])),
        &["add index a.new", "drop index a.old"],
    );
}

#[test]
fn a_key_makes_way_for_the_unique_index_it_rests_on() {
    let with = |it: Index| {
        schema([
            keyed("users").column("email", text()).index(it),
            keyed("mails").column("to", text().references(to("users").columns("email"))),
        ])
    };
    check(
        &with(index("users_email").on("email").unique()),
        &with(index("users_email").on(desc("email")).unique()),
        &[
            "drop key fk_mails_to",
            "drop index users.users_email",
            "add index users.users_email",
            "add key fk_mails_to -> users",
        ],
    );
}

#[test]
fn a_key_makes_way_for_the_unique_constraint_it_rests_on() {
    let with = |table: fn(Table) -> Table| {
        schema([
            table(keyed("users").column("email", text()).column("nick", text())),
            keyed("mails").column("to", text().references(to("users").columns("email"))),
        ])
    };
    let sole = |it: Table| it.unique(unique("a").on("email"));
    let late = |it: Table| it.unique(unique("b").on("email")).unique(unique("c").on("nick"));
    // Another name alone is nothing that a key would have to make way for.
    check(
        &with(sole),
        &with(late),
        &["Rename constraint `a` of `users` to `b`", "Add unique constraint `c` to `users`"],
    );
    let index = |it: Table| it.index(index("a").on("email").unique());
    check_both_ways(
        &with(sole),
        &with(index),
        &[
            "drop key fk_mails_to",
            "Drop unique constraint `a` of `users`",
            "add index users.a",
            "add key fk_mails_to -> users",
        ],
        &[
            "drop key fk_mails_to",
            "drop index users.a",
            "Add unique constraint `a` to `users`",
            "add key fk_mails_to -> users",
        ],
    );
}

#[test]
fn a_key_makes_way_for_new_types_on_both_of_its_sides() {
    let with = |of: ColumnType| {
        schema([
            table("users").column("id", of.clone().primary_key()),
            table("orders")
                .column("id", bigint().primary_key())
                .column("user_id", of.references("users")),
        ])
    };
    check(
        &with(integer()),
        &with(bigint()),
        &[
            "drop key fk_orders_user_id",
            "alter orders.user_id",
            "alter users.id",
            "add key fk_orders_user_id -> users",
        ],
    );
}

#[test]
fn a_changed_key_is_dropped_and_added() {
    let with = |action| {
        let target = to("users").on_delete(action);
        schema([keyed("users"), keyed("orders").column("user_id", bigint().references(target))])
    };
    check(
        &with(NoAction),
        &with(Cascade),
        &["drop key fk_orders_user_id", "add key fk_orders_user_id -> users"],
    );
}

#[test]
fn all_that_changes_about_a_column_is_one_change() {
    let before = schema([keyed("a").column("x", varchar(10))]);
    let after = schema([keyed("a").column("x", text().not_null().default("none"))]);
    let operations = diff(&before, &after, &Answers::default()).expect("nothing to ask");
    let expected = Migration::first().alter_column(
        "a",
        "x",
        set().data_type(text()).not_null().default("none"),
    );
    assert_eq!(operations, expected.operations);
}

#[test]
fn the_order_of_columns_is_no_difference() {
    let one = schema([keyed("a").column("x", text()).column("y", text())]);
    let other = schema([keyed("a").column("y", text()).column("x", text())]);
    check_both_ways(&one, &other, &[], &[]);
}

#[test]
fn a_key_that_names_the_primary_key_is_the_one_that_leaves_it_unsaid() {
    let with =
        |it: Reference| schema([keyed("a"), keyed("b").column("a_id", bigint().references(it))]);
    check_both_ways(&with(to("a")), &with(to("a").columns("id")), &[], &[]);
}

#[test]
fn a_default_by_name_comes_before_its_users_and_goes_after_them() {
    let mut after = schema([keyed("a").column("x", bigint().default(named("zero")))]);
    after.defaults.insert("zero".to_owned(), PerDatabase::all("0"));
    let mut before = schema([keyed("a").column("x", bigint().default(named("one")))]);
    before.defaults.insert("one".to_owned(), PerDatabase::all("1"));
    check_both_ways(
        &before,
        &after,
        &["set default zero", "alter a.x", "drop default one"],
        &["set default one", "alter a.x", "drop default zero"],
    );
}

#[test]
fn an_index_name_is_free_before_another_table_takes_it() {
    let before = schema([
        keyed("a").column("x", text()).index(index("ix").on("x")),
        keyed("b").column("x", text()),
    ]);
    let after = schema([
        keyed("a").column("x", text()),
        keyed("b").column("x", text()).index(index("ix").on("x")),
    ]);
    check(&before, &after, &["drop index a.ix", "add index b.ix"]);
}

#[test]
fn a_dropped_table_frees_the_names_of_its_indexes_and_keys() {
    let old = keyed("old").column("x", text()).column("y", text()).index(index("ix").on("x"));
    let new = keyed("z").column("n", integer()).index(index("ix").on("n"));
    check(&schema([old]), &schema([new]), &["drop old", "create z"]);
    let tied = |name: &str| table(name).column("up", uuid().references(to("up").name("key")));
    let up = table("up").column("id", uuid().primary_key());
    let numbers = |it: Table| it.column("n", integer()).column("m", integer());
    let (old, new) = (tied("old"), numbers(tied("z")).column("o", integer()));
    check(&schema([up.clone(), old]), &schema([up, new]), &["drop old", "create z -> up"]);
}

#[test]
fn every_column_can_be_replaced() {
    let before = schema([table("a").column("x", text())]);
    let after = schema([table("a").column("count", bigint())]);
    check(&before, &after, &["add a.count", "drop a.x"]);
}

#[test]
fn a_key_changes_while_nothing_points_at_it() {
    let shop = |key: &str| {
        let id = table("a").column("id", bigint().not_null()).column("b", bigint().not_null());
        id.primary_key(key).index(index("a_id").on("id").unique())
    };
    let pointing = || {
        let target = to("a").columns("id").on_delete(Cascade);
        keyed("z").column("a_id", bigint().references(target))
    };
    let before = schema([shop("id"), pointing()]);
    let after = schema([shop("b"), pointing()]);
    check(&before, &after, &["drop key fk_z_a_id", "key a b", "add key fk_z_a_id -> a"]);
    let before = schema([table("a").column("x", text()).column("id", uuid().primary_key())]);
    let after = schema([table("a").column("x", text()).column("no", serial().primary_key())]);
    check(&before, &after, &["add a.no as key", "drop a.id"]);
    check(&after, &before, &["add a.id", "drop a.no", "key a id"]);
    check(&before, &schema([table("a").column("x", text())]), &["drop a.id"]);
}

#[test]
fn a_foreign_key_is_never_left_without_a_target() {
    let shop = |key: &str| {
        let id = table("a").column("id", bigint().not_null()).column("b", bigint().not_null());
        id.primary_key(key)
    };
    let pointing = || keyed("z").column("a_id", bigint().references(to("a").columns("id")));
    let (before, after) = (schema([shop("id"), pointing()]), schema([shop("b"), pointing()]));
    let unresolved = diff(&before, &after, &Answers::default()).expect_err("nothing to point at");
    assert_eq!(
        unresolved.to_string(),
        "foreign key `fk_z_a_id` of `z` points at id of `a`, which would be neither the primary key any \
         more nor unique\n  help: let it point at (b), or let the old key be unique: `unique: true` at \
         the field, or an entry of `uniques` over its fields"
    );
}

fn name_and_display_name() -> (Schema, Schema) {
    let before = schema([keyed("users").column("name", text())]);
    let after = schema([keyed("users").column("display_name", varchar(200).not_null())]);
    (before, after)
}

#[test]
fn a_column_that_may_be_renamed_is_asked_about() {
    let (before, after) = name_and_display_name();
    let unresolved = diff(&before, &after, &Answers::default()).expect_err("a question");
    assert_eq!(
        unresolved.to_string(),
        "was column `name` of `users` renamed?\n  \
           it may be `display_name` now: related type, similar name, same place in the table\n    \
             yes: `--rename users.name=display_name`, or `renamed_from: name` at `display_name` in \
             the schema\n  \
           no, it is gone with what it holds: `--drop users.name`"
    );
}

#[test]
fn a_column_is_renamed_and_changed_in_one_migration() {
    let (before, after) = name_and_display_name();
    for flag in ["users.name=display_name", "users.name=users.display_name"] {
        let mut answers = Answers::default();
        answers.rename(flag, &before).expect("there is such a column");
        let operations = diff(&before, &after, &answers).expect("all is answered");
        let expected = ["rename users.name to display_name", "alter users.display_name"];
        assert_eq!(told(&operations), expected);
    }
}

#[test]
fn no_is_an_answer_too() {
    let (before, after) = name_and_display_name();
    for flag in ["users.name=", "users.name"] {
        let mut answers = Answers::default();
        let said = if flag.ends_with('=') {
            answers.rename(flag, &before)
        } else {
            answers.drop(flag, &before)
        };
        said.expect("there is such a column");
        let operations = diff(&before, &after, &answers).expect("all is answered");
        assert_eq!(told(&operations), ["add users.display_name", "drop users.name"]);
    }
}

#[test]
fn a_table_and_its_column_are_renamed_and_keys_follow() {
    let before = schema([
        keyed("users").column("name", text()),
        keyed("orders").column("user_id", bigint().references(to("users").name("buyer"))),
    ]);
    let after = schema([
        keyed("people").column("full_name", text()),
        keyed("orders").column("user_id", bigint().references(to("people").name("buyer"))),
    ]);
    let Unresolved { questions, .. } =
        diff(&before, &after, &Answers::default()).expect_err("a question");
    assert_eq!(questions.len(), 1);
    let mut answers = Answers::default();
    answers.accept(&questions[0], 0);
    let Unresolved { questions, .. } = diff(&before, &after, &answers).expect_err("another");
    answers.accept(&questions[0], 0);
    let operations = diff(&before, &after, &answers).expect("all is answered");
    assert_eq!(told(&operations), ["rename users to people", "rename people.name to full_name"]);
    // The same, said of the column by the table's old name.
    let mut answers = Answers::default();
    answers.rename("users=people", &before).expect("a table");
    answers.rename("users.name=full_name", &before).expect("a column");
    assert_eq!(diff(&before, &after, &answers), Ok(operations));
}

/// Columns whose types were changed on the way speak for it too, those of other kinds don't.
#[test]
fn a_table_that_may_be_renamed_and_changed_is_asked_about() {
    let before = schema([keyed("customers")
        .column("email", varchar(320))
        .column("name", varchar(100))
        .column("joined", date())]);
    let after = schema([keyed("clients")
        .column("mail", text())
        .column("name", varchar(80))
        .column("joined", timestamp())]);
    let unresolved = diff(&before, &after, &Answers::default()).expect_err("a question");
    assert_eq!(
        unresolved.to_string(),
        "was table `customers` renamed?\n  \
         it may be `clients` now: 1 of 4 columns are the same, 2 of the same name have a related type\n    \
         yes: `--rename customers=clients`, or `renamed_from: customers` at `clients` in the schema\n  \
         no, it is gone with what it holds: `--drop customers`"
    );
    let after = schema([keyed("clients").column("name", bytes()).column("joined", boolean())]);
    assert!(diff(&before, &after, &Answers::default()).is_ok(), "they have a key in common alone");
}

fn over_name(name: &str) -> Schema {
    schema([keyed("users").column("name", text()).index(index(name).on(expr("lower(name)")))])
}

#[test]
fn an_index_that_differs_in_its_name_alone_is_asked_about() {
    let (before, after) = (over_name("a_name_ix"), over_name("the_name_ix"));
    let Unresolved { questions, refusals } =
        diff(&before, &after, &Answers::default()).expect_err("a question");
    assert_eq!(refusals, []);
    assert_eq!(
        questions[0].to_string(),
        "was index `a_name_ix` of `users` renamed?\n  \
         it may be `the_name_ix` now: the same but for the name, similar name\n    \
         yes: `--rename users.a_name_ix=the_name_ix`, \
         or `renamed_from: a_name_ix` at `the_name_ix` in the schema\n  \
         no, it is gone: `--drop users.a_name_ix`"
    );
    let renamed = ["rename index users.a_name_ix to the_name_ix"];
    let anew = ["add index users.the_name_ix", "drop index users.a_name_ix"];
    let mut answers = Answers::default();
    answers.accept(&questions[0], 0);
    assert_eq!(told(&diff(&before, &after, &answers).expect("answered")), renamed);
    let mut answers = Answers::default();
    answers.refuse(&questions[0]);
    assert_eq!(told(&diff(&before, &after, &answers).expect("answered")), anew);
    for (flag, expected) in
        [("users.a_name_ix=the_name_ix", &renamed[..]), ("users.a_name_ix=", &anew)]
    {
        let mut answers = Answers::default();
        answers.rename(flag, &before).expect("it is an index");
        assert_eq!(told(&diff(&before, &after, &answers).expect("answered")), expected);
    }
}

#[test]
fn an_index_that_differs_in_more_is_another_one() {
    let before = over_name("a_ix");
    let users = keyed("users").column("name", text());
    let after = schema([users.index(index("b_ix").on(expr("upper(name)")))]);
    let operations = diff(&before, &after, &Answers::default()).expect("nothing to ask");
    assert_eq!(told(&operations), ["drop index users.a_ix", "add index users.b_ix"]);
    let mut answers = Answers::default();
    answers.rename("users.a_ix=b_ix", &before).expect("it is an index");
    let Unresolved { refusals, .. } = diff(&before, &after, &answers).expect_err("it can't be");
    assert_eq!(
        refusals[0].message,
        "index `a_ix` of `users` can't be renamed to `b_ix`: they differ in more than the name, \
         so it is made anew"
    );
    answers = Answers::default();
    answers.drop("users.a_ix", &after).expect_err("the migrations know none");
    answers.dropped_indexes.push(("users".into(), "b_ix".into()));
    assert!(diff(&before, &after, &answers).is_err());
}

#[test]
fn an_index_is_not_renamed_to_what_another_table_frees_later() {
    let with = |name: &str, indexed: Option<&str>| {
        let table = keyed(name).column("k", text());
        match indexed {
            Some(it) => table.index(index(it).on("k")),
            None => table,
        }
    };
    let before = schema([with("users", Some("a_ix")), with("orders", Some("b_ix"))]);
    let after = schema([with("users", Some("b_ix")), with("orders", None)]);
    check(
        &before,
        &after,
        &["drop index orders.b_ix", "add index users.b_ix", "drop index users.a_ix"],
    );
    let mut answers = Answers::default();
    answers.rename("users.a_ix=b_ix", &before).expect("it is an index");
    let Unresolved { refusals, .. } = diff(&before, &after, &answers).expect_err("it can't be");
    assert_eq!(
        refusals[0].message,
        "index `a_ix` of `users` can't be renamed to `b_ix`: another table has an index of that \
         name until then, so it is made anew"
    );
}

#[test]
fn a_name_that_nobody_chose_follows_its_column() {
    let unique = |column: &str| {
        let index = index(format!("uq_users_{column}")).on(column).unique();
        schema([keyed("users").column(column, text()).index(index)])
    };
    let (before, after) = (unique("email"), unique("mail"));
    let mut answers = Answers::default();
    answers.rename("users.email=mail", &before).expect("a column");
    assert_eq!(
        told(&diff(&before, &after, &answers).expect("nothing else is asked")),
        ["rename users.email to mail", "rename index users.uq_users_email to uq_users_mail"]
    );
}

#[test]
fn a_constraint_that_differs_only_in_its_name_is_renamed() {
    let named = |key: &str, check: &str, column: ColumnType| {
        schema([
            keyed("a")
                .column("b_id", column.references(to("b").name(key)))
                .check(check, "b_id > 0"),
            keyed("b"),
        ])
    };
    let before = named("k", "c", bigint());
    let renamed = ["Rename constraint `c` of `a` to `d`", "Rename constraint `k` of `a` to `l`"];
    check(&before, &named("l", "d", bigint()), &renamed);
    // What makes way for a new type comes again anyway.
    let after = named("l", "c", integer());
    let retyped = [
        "drop key k",
        "Drop check `c` of `a`",
        "alter a.b_id",
        "Add check `c` to `a`",
        "add key l -> b",
    ];
    let operations = diff(&before, &after, &Answers::default()).expect("nothing to ask");
    assert!(told(&operations).iter().all(|it| retyped.contains(&it.as_str())), "{operations:?}");
    // Of two that are alike nobody knows which is which.
    let twice =
        |one: &str, other: &str| schema([keyed("a").check(one, "id > 0").check(other, "id > 0")]);
    let operations = diff(&twice("x", "y"), &twice("z", "w"), &Answers::default()).expect("none");
    assert_eq!(operations.len(), 4);
}

#[test]
fn what_is_plainly_something_else_is_not_asked_about() {
    let before = schema([keyed("a").column("legacy", text()), table("old").column("k", uuid())]);
    let after =
        schema([keyed("a").column("count", integer()), table("cities").column("zip", text())]);
    assert!(diff(&before, &after, &Answers::default()).is_ok());
}

#[test]
fn an_answer_to_nothing_is_an_error_and_an_old_hint_is_not() {
    let (before, after) = name_and_display_name();
    let mut answers = Answers::default();
    let refusal = answers.rename("users.nane=display_name", &before).expect_err("a slip");
    assert_eq!(
        refusal.to_string(),
        "`users.nane` is no table, column, index, enum or value that the migrations know\n  help: did you \
         mean `users.name`?"
    );
    let rename = |origin| Answers {
        renamed_columns: vec![ColumnRename {
            table: "users".into(),
            from: "name".to_owned(),
            to: "display_name".to_owned(),
            origin,
        }],
        ..Answers::default()
    };
    let done = diff(&after, &after, &rename(Origin::Answer)).expect_err("it was renamed long ago");
    assert_eq!(
        done.to_string(),
        "column `name` of `users` can't be renamed to `display_name`: there was no column `name` \
         of `users`
  help: correct the answer or the `renamed_from`, or take it away"
    );
    assert_eq!(diff(&after, &after, &rename(Origin::Hint)), Ok(vec![]));
    let both = schema([keyed("users").column("name", text()).column("display_name", text())]);
    assert_eq!(diff(&both, &both, &rename(Origin::Hint)), Ok(vec![]));
    let mut answers = Answers::default();
    answers.drop("users.name", &before).expect("a column");
    assert!(diff(&before, &before, &answers).is_err());
}

#[test]
fn names_can_be_passed_on_but_not_swapped() {
    let hint = |from: &str, to: &str| ColumnRename {
        table: "a".into(),
        from: from.to_owned(),
        to: to.to_owned(),
        origin: Origin::Hint,
    };
    let before = schema([keyed("a").column("x", text()).column("y", text())]);
    let after = schema([keyed("a").column("y", text()).column("z", text())]);
    let answers =
        Answers { renamed_columns: vec![hint("x", "y"), hint("y", "z")], ..Answers::default() };
    let operations = diff(&before, &after, &answers).expect("all is answered");
    assert_eq!(told(&operations), ["rename a.y to z", "rename a.x to y"]);
    let swapped = [hint("x", "y"), hint("y", "x")]
        .map(|it| ColumnRename { origin: Origin::Answer, ..it })
        .to_vec();
    let answers = Answers { renamed_columns: swapped, ..Answers::default() };
    let unresolved = diff(&before, &before, &answers).expect_err("a circle");
    assert!(unresolved.to_string().contains("circle"), "{unresolved}");
}

fn states(values: &[&str], name: &str) -> Schema {
    let values: Vec<String> = values.iter().map(|it| (*it).to_owned()).collect();
    let data_type = ColumnType::Enum { name: Box::new(name.into()), values: values.clone() };
    let mut schema = schema([keyed("orders").column("status", data_type)]);
    schema.enums.insert(name.into(), values);
    schema
}

/// What is asked, without its words: what is gone, and what it may be.
fn asked(before: &Schema, after: &Schema) -> Vec<(String, Vec<(String, u32)>)> {
    let Err(unresolved) = diff(before, after, &Answers::default()) else { return vec![] };
    let candidates = |it: &whimbrel::diff::Question| {
        it.candidates.iter().map(|it| (it.subject.name().to_owned(), it.score)).collect()
    };
    let questions = unresolved.questions.iter();
    questions.map(|it| (it.subject.place(), candidates(it))).collect()
}

#[test]
fn a_value_may_be_another_one_that_is_similar_or_stands_in_its_place() {
    let before = states(&["new", "payed", "sent"], "state");
    let to = |values: &[&str]| asked(&before, &states(values, "state"));
    let one = |score| vec![("state.payed".to_owned(), vec![("paid".to_owned(), score)])];
    assert_eq!(to(&["new", "paid", "sent"]), one(76));
    assert_eq!(to(&["paid", "new", "sent"]), one(36));
    let other = vec![("state.payed".to_owned(), vec![("open".to_owned(), 52)])];
    assert_eq!(to(&["new", "open", "sent"]), other);
    assert_eq!(to(&["open", "new", "sent"]), []);
    assert_eq!(to(&["new", "sent"]), []);
    assert_eq!(to(&["new", "payed", "paid", "sent"]), []);
}

#[test]
fn an_enum_may_be_another_one_with_its_values_or_a_similar_name() {
    let before = states(&["new", "paid"], "order_status");
    let to = |values: &[&str], name: &str| asked(&before, &states(values, name));
    let one = |name: &str, score| vec![("order_status".to_owned(), vec![(name.to_owned(), score)])];
    assert_eq!(to(&["new", "paid"], "mood"), one("mood", 72));
    assert_eq!(to(&["red", "blue"], "order_state"), one("order_state", 44));
    assert_eq!(to(&["red", "blue"], "color"), []);
}

#[test]
fn values_change_their_names_in_a_row_and_not_in_a_circle() {
    let before = states(&["a", "b"], "state");
    let mut answers = Answers::default();
    for text in ["state.a=b", "state.b=c"] {
        answers.rename(text, &before).expect("both are values");
    }
    let operations = diff(&before, &states(&["b", "c"], "state"), &answers).expect("all is said");
    assert_eq!(
        told(&operations),
        ["Rename value `b` of enum `state` to `c`", "Rename value `a` of enum `state` to `b`"]
    );
    let mut answers = Answers::default();
    for text in ["state.a=b", "state.b=a"] {
        answers.rename(text, &before).expect("both are values");
    }
    let refused = diff(&before, &states(&["b", "a"], "state"), &answers).expect_err("a circle");
    assert!(refused.to_string().contains("the renames go round in a circle"), "{refused}");
    for (text, words) in [
        ("state.z=c", "did you mean `state.a`?"),
        ("sate.a=c", "did you mean `state.a`?"),
        ("state.b", "does not say what is renamed to what"),
    ] {
        let refused = Answers::default().rename(text, &before).expect_err(text);
        assert!(refused.to_string().contains(words), "{refused}");
    }
}
