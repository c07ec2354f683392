//! Random schemas whose names come from small pools, so that any two of them have much in common.

use std::collections::BTreeMap;

use proptest::{collection, prelude::*, sample};
use whimbrel::schema::{
    Action, Check, Column, ColumnType, Database, DefaultValue, Direction, ForeignKey, Identity,
    Index, IndexColumn, Name, NamedColumn, Options, PerDatabase, Schema, Setting, Table, Unique,
    View,
};
use whimbrel::sql::holds_text;

const TABLES: [&str; 5] = ["a", "b", "c", "d", "e"];
const COLUMNS: [&str; 5] = ["id", "name", "ref", "size", "tag"];
const ENUMS: [&str; 2] = ["mood", "state"];
const VALUES: [&str; 3] = ["low", "mid", "high"];
const DEFAULTS: [&str; 2] = ["zero", "unknown"];

/// A whole schema: tables with keys that may go round in circles, unique indexes that keys rest
/// on, and columns that use defaults by name. Its indexes and keys have names of their own among
/// all tables, as PostgreSQL and MySQL want it.
pub(crate) fn schema() -> impl Strategy<Value = Schema> {
    let tables = sample::subsequence(TABLES.to_vec(), 0..=TABLES.len());
    let tables = tables.prop_flat_map(|names| names.into_iter().map(table).collect::<Vec<_>>());
    let defaults = collection::vec(prop_oneof![Just("0"), Just("1")], DEFAULTS.len());
    let links = collection::vec(link(), 0..8);
    let values = sample::subsequence(VALUES.to_vec(), 1..=VALUES.len()).prop_shuffle();
    let enums = collection::vec((values, any::<bool>()), ENUMS.len());
    let namespaces = sample::subsequence(vec!["s", "t"], 0..=2);
    let views = collection::vec((any::<bool>(), 0..4_usize), TABLES.len());
    (tables, defaults, links, enums, namespaces, views).prop_map(
        |(mut tables, defaults, links, enums, namespaces, views)| {
            link_up(&mut tables, &links);
            let mut enumerations = BTreeMap::new();
            for (name, (values, is_kept)) in ENUMS.iter().zip(enums) {
                let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
                let is_used = give_values(&mut tables, &Name::from(*name), &values);
                if is_used || is_kept {
                    enumerations.insert(Name::from(*name), values);
                }
            }
            let mut schema = Schema::from_iter(tables);
            schema.enums = enumerations;
            schema.namespaces = namespaces.into_iter().map(str::to_owned).collect();
            for (name, text) in DEFAULTS.iter().zip(defaults) {
                let wanted = DefaultValue::Named((*name).to_owned());
                let is_used = schema
                    .tables()
                    .flat_map(|it| &it.columns)
                    .any(|it| it.column.default.as_ref() == Some(&wanted));
                if text == "1" || is_used {
                    schema.defaults.insert((*name).to_owned(), PerDatabase::all(text));
                }
            }
            give_views(&mut schema, &views);
            schema
        },
    )
}

/// Views of some of the tables, and one of a view.
fn give_views(schema: &mut Schema, wanted: &[(bool, usize)]) {
    let mut views: Vec<View> = Vec::new();
    for (table, (is_wanted, columns)) in schema.tables().zip(wanted) {
        if *is_wanted {
            let columns = table.columns.iter().take(*columns + 1);
            let columns: Vec<&str> = columns.map(|it| it.name.as_str()).collect();
            let query = match columns.as_slice() {
                [_, _, _, ..] => format!("SELECT * FROM {}", table.name),
                some => format!("SELECT {} FROM {}", some.join(", "), table.name),
            };
            views.push(View::new(format!("v_{}", table.name).as_str(), PerDatabase::all(query)));
        }
    }
    if let (Some(view), Some((true, _))) = (views.first(), wanted.last()) {
        let query = format!("SELECT id FROM {}", view.name);
        views.push(View::new("over", PerDatabase::all(query)));
    }
    schema.views = views.into_iter().map(|it| (it.name.clone(), it)).collect();
}

/// Lets the columns of an enum have its values; whether there are any.
fn give_values(tables: &mut [Table], name: &Name, values: &[String]) -> bool {
    let mut is_used = false;
    for column in tables.iter_mut().flat_map(|it| &mut it.columns).map(|it| &mut it.column) {
        if let ColumnType::Enum { name: of, values: own } = &mut column.data_type
            && **of == *name
        {
            own.extend_from_slice(values);
            is_used = true;
            if let Some(DefaultValue::Integer(_)) = column.default {
                column.default = Some(DefaultValue::Text(values[0].clone()));
            }
        }
    }
    is_used
}

fn table(name: &'static str) -> impl Strategy<Value = Table> {
    let names = sample::subsequence(COLUMNS[1..].to_vec(), 0..COLUMNS.len()).prop_shuffle();
    let columns = names.prop_flat_map(|names| {
        names
            .into_iter()
            .map(|name| {
                column().prop_map(move |column| NamedColumn { name: name.to_owned(), column })
            })
            .collect::<Vec<_>>()
    });
    let checks = sample::subsequence(COLUMNS.to_vec(), 0..3);
    let uniques = collection::vec(sample::subsequence(COLUMNS.to_vec(), 1..3), 0..2);
    let checks = ((checks, uniques), 0..3);
    let identity = prop_oneof![2 => Just(None), 1 => Just(Some(Identity::default()))];
    let own = (key_type(), identity, key());
    let said = (comment(), options());
    (columns, own, collection::vec(index(), 0..3), checks, said).prop_map(
        move |(mut columns, own, indexes, ((checks, uniques), limit), (comment, options))| {
            let (key_type, identity, own_key) = own;
            let mut key = Column::from(key_type);
            key.identity = identity.filter(|_| !key.data_type.is_numbered());
            key.nullable = false;
            columns.insert(0, NamedColumn { name: "id".to_owned(), column: key });
            let mut primary_key = vec!["id".to_owned()];
            if name == KEYED {
                primary_key = own_key.iter().map(|it| (*it).to_owned()).collect();
                primary_key.retain(|it| columns.iter().any(|column| column.name == *it));
                for named in &mut columns {
                    named.column.nullable &= !primary_key.contains(&named.name);
                }
            }
            let mut table = Table { columns, primary_key, comment, options, ..Table::new(name) };
            for column in checks {
                if table.position(column).is_none() {
                    continue;
                }
                let condition = PerDatabase::all(format!("{column} > {limit}"));
                table.checks.push(Check { name: format!("ck_{name}_{column}"), condition });
            }
            table.checks.sort_by(|a, b| a.name.cmp(&b.name));
            for (position, mut columns) in uniques.into_iter().enumerate() {
                columns.retain(|it| table.position(it).is_some());
                if !columns.is_empty() {
                    let columns = columns.into_iter().map(str::to_owned).collect();
                    table.uniques.push(Unique::new(format!("uq_{name}_{position}"), columns));
                }
            }
            for mut index in indexes {
                index.columns.retain(|it| table.position(&it.name).is_some());
                index.name = format!("{name}_{}", index.name);
                if !index.columns.is_empty() && table.index_named(&index.name).is_none() {
                    table.indexes.push(index);
                }
            }
            table
        },
    )
}

/// The table that may have any key, as no other one points at it.
const KEYED: &str = "e";

fn key() -> impl Strategy<Value = Vec<&'static str>> {
    sample::subsequence(vec!["id", "name", "size"], 0..3).prop_shuffle()
}

fn options() -> impl Strategy<Value = Options> {
    let settings = [
        (Database::Postgres, "fillfactor", Setting::Number(70)),
        (Database::Postgres, "fillfactor", Setting::Number(90)),
        (Database::Sqlite, "strict", Setting::Flag(true)),
        (Database::Mysql, "engine", Setting::Text("MyISAM".to_owned())),
    ];
    let some = collection::vec(sample::select(settings.to_vec()), 0..3);
    some.prop_map(|settings| {
        let mut options = Options::default();
        for (database, name, setting) in settings {
            options.set(database, name, setting);
        }
        options
    })
}

fn column_options() -> impl Strategy<Value = Options> {
    let targets = sample::select(&[None, None, None, Some(100), Some(200)][..]);
    targets.prop_map(|target| {
        let mut options = Options::default();
        if let Some(target) = target {
            options.set(Database::Postgres, "statistics", Setting::Number(target));
        }
        options
    })
}

fn comment() -> impl Strategy<Value = Option<String>> {
    sample::select(&[None, None, Some("one"), Some("another")][..])
        .prop_map(|it| it.map(str::to_owned))
}

fn key_type() -> impl Strategy<Value = ColumnType> {
    prop_oneof![Just(ColumnType::Bigint), Just(ColumnType::Integer), Just(ColumnType::Bigserial)]
}

fn column() -> impl Strategy<Value = Column> {
    let data_type = prop_oneof![
        Just(ColumnType::Bigint),
        Just(ColumnType::Integer),
        Just(ColumnType::Text { length: None }),
        (1..4u32).prop_map(|it| ColumnType::Varchar { length: it * 10 }),
        sample::select(&ENUMS[..])
            .prop_map(|it| ColumnType::Enum { name: Box::new(it.into()), values: vec![] }),
    ];
    let default = prop_oneof![
        2 => Just(None),
        1 => Just(Some(DefaultValue::Integer(1))),
        2 => sample::select(&DEFAULTS[..]).prop_map(|it| Some(DefaultValue::Named(it.to_owned()))),
    ];
    let collation = sample::select(&[None, None, None, Some("C"), Some("POSIX")][..]);
    (data_type, any::<bool>(), default, collation, comment(), column_options()).prop_map(
        |(data_type, nullable, default, collation, comment, options)| Column {
            nullable,
            default,
            collation: collation.filter(|_| holds_text(&data_type)).map(PerDatabase::all),
            comment,
            options,
            ..Column::from(data_type)
        },
    )
}

fn index() -> impl Strategy<Value = Index> {
    let columns = sample::subsequence(COLUMNS.to_vec(), 1..3);
    let direction = prop_oneof![Just(Direction::Ascending), Just(Direction::Descending)];
    (sample::select(&["ix", "ux"][..]), columns, direction, any::<bool>()).prop_map(
        |(name, columns, direction, unique)| Index {
            name: name.to_owned(),
            columns: columns
                .into_iter()
                .map(|it| IndexColumn { direction, ..IndexColumn::new(it) })
                .collect(),
            unique,
            ..Index::default()
        },
    )
}

/// A foreign key to be: from a table and a column of it to another table, by position.
type Link = (usize, usize, usize, bool, Action);

fn link() -> impl Strategy<Value = Link> {
    let action = prop_oneof![Just(Action::NoAction), Just(Action::Cascade)];
    (any::<usize>(), any::<usize>(), any::<usize>(), any::<bool>(), action)
}

fn link_up(tables: &mut [Table], links: &[Link]) {
    for (from, column, to, by_index, action) in links {
        if tables.is_empty() {
            return;
        }
        let (from, to) = (from % tables.len(), to % tables.len());
        let columns = &tables[from].columns;
        let column = columns[column % columns.len()].name.clone();
        let target = &tables[to];
        if target.name.name == KEYED {
            continue;
        }
        let unique = target.indexes.iter().find(|it| it.unique && it.columns.len() == 1);
        let references = match unique {
            Some(index) if *by_index => vec![index.columns[0].name.clone()],
            _ => vec![],
        };
        let name = format!("fk_{}_{column}", tables[from].name);
        let key = ForeignKey {
            references,
            on_delete: *action,
            ..ForeignKey::new(name, vec![column], target.name.clone())
        };
        if tables[from].foreign_key_named(&key.name).is_none() {
            tables[from].foreign_keys.push(key);
        }
    }
}
