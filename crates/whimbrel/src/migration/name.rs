//! What a new migration is called: a number, and a few words for what it does.

use whimbrel_migration::{DatabaseOnly, IgnoreErrors, StateOnly};

use crate::{
    operation::{Operation, table_of},
    schema::{Name, RoutineName, Schema},
};

/// The longest slug in bytes; with a number and an extension it fits every file system.
const LONGEST_SLUG: usize = 100;

/// The longest name of a merge, in characters, that still lists what it merges.
const LONGEST_MERGE: usize = 80;

/// `add user preferences` → `add_user_preferences`: letters and digits of any script, in lower
/// case, and `_` for everything between them. `None` where no letter or digit is left.
pub fn slug(text: &str) -> Option<String> {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            if slug.len() + character.len_utf8() > LONGEST_SLUG {
                break;
            }
            slug.push(character);
        } else if !is_combining(character) && !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    (!slug.is_empty()).then(|| slug.to_owned())
}

/// Accents that stand behind their letter, as some keyboards and file systems write them; they
/// separate no words.
fn is_combining(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// The number that a name begins with and how many digits it is written in; none where a letter follows at once.
pub fn number_of(name: &str) -> Option<(u128, usize)> {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &name[digits..];
    let ends = rest.is_empty() || rest.starts_with(['_', '-', '.', ' ']);
    let value = name[..digits].parse().ok()?;
    ends.then_some((value, digits))
}

/// The number after the highest of `existing`, as wide as that one is, and at least 4 digits.
///
/// It continues the highest number and never the count of files, so that nothing that was
/// deleted or squashed gives its number to something else.
pub fn next_number<'a>(existing: impl IntoIterator<Item = &'a str>) -> String {
    let highest = existing.into_iter().filter_map(number_of).max();
    let (value, width) = highest.unwrap_or((0, 4));
    format!("{:0width$}", value.saturating_add(1), width = width.max(4))
}

/// How new migrations are numbered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    /// `0001`, `0002`, …
    #[default]
    Count,
    /// By the time at which they are written, given here: `20260131120000`.
    Time(String),
}

impl Numbering {
    /// The number of the next migration: in any case behind the highest of `existing`, whichever
    /// way those are numbered.
    pub fn next<'a>(&self, existing: impl IntoIterator<Item = &'a str>) -> String {
        let existing: Vec<&str> = existing.into_iter().collect();
        let highest = existing.iter().filter_map(|it| number_of(it)).map(|it| it.0).max();
        match self {
            // Two in one second, or a clock that was ahead once.
            Self::Time(now) if now.parse::<u128>().ok() > highest => now.clone(),
            Self::Count | Self::Time(_) => next_number(existing),
        }
    }
}

/// `0003` and `add_email` → `0003_add_email`.
pub fn file_name(number: &str, slug: &str) -> String {
    format!("{number}_{slug}")
}

/// `0004_merge_names_and_payments`, or `0004_merge` where that would be too long.
pub fn merge_name<'a>(number: &str, leaves: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = leaves.into_iter().filter_map(|it| slug(without_number(it))).collect();
    let whole = format!("{number}_merge_{}", words.join("_and_"));
    if words.is_empty() || whole.chars().count() > LONGEST_MERGE {
        return format!("{number}_merge");
    }
    whole
}

/// The words behind the number; the whole name where it has none.
pub fn without_number(name: &str) -> &str {
    match number_of(name) {
        Some((_, digits)) if digits < name.len() => &name[digits + 1..],
        _ => name,
    }
}

/// What `operations` on top of `before` are called in a few words: `add_email_to_users`.
///
/// One change is named in full, several of one table by the table, several new tables by their
/// names; what would not fit is counted by nobody and called `update_schema`.
pub fn migration_name(operations: &[Operation], before: &Schema) -> String {
    let empty = before.tables().len() == 0
        && before.defaults.is_empty()
        && before.enums.is_empty()
        && before.namespaces.is_empty()
        && before.views.is_empty()
        && before.routines.is_empty();
    let creates = operations.iter().any(|it| matches!(it, Operation::CreateTable(_)));
    if empty && creates {
        return "initial".to_owned();
    }
    let telling = telling(operations);
    let words = match telling.as_slice() {
        [] => "empty".to_owned(),
        [one] => of_one(one),
        several => of_several(several),
    };
    slug(&words).unwrap_or_else(|| "update_schema".to_owned())
}

/// The operations that a name should speak of: not the keys and indexes that go or come only
/// because something else does, unless there is nothing else.
fn telling(operations: &[Operation]) -> Vec<&Operation> {
    let main: Vec<&Operation> = operations.iter().filter(|it| !is_attendant(it)).collect();
    if main.is_empty() { operations.iter().collect() } else { main }
}

fn is_attendant(operation: &Operation) -> bool {
    use Operation as Op;
    matches!(
        operation,
        Op::AddIndex(_)
            | Op::DropIndex(_)
            | Op::AddForeignKey(_)
            | Op::DropForeignKey(_)
            | Op::AddUnique(_)
            | Op::DropUnique(_)
            | Op::AddCheck(_)
            | Op::DropCheck(_)
            | Op::CreateEnum(_)
            | Op::DropEnum(_)
            | Op::CreateNamespace(_)
            | Op::DropNamespace(_)
            | Op::CreateView(_)
            | Op::AlterView(_)
            | Op::DropView(_)
            | Op::CreateRoutine(_)
            | Op::AlterRoutine(_)
            | Op::DropRoutine(_)
            | Op::RenameConstraint(_)
            | Op::SetNamedDefault(_)
            | Op::DropNamedDefault(_)
            | Op::NeedsReview(_)
            | Op::Irreversible(_)
    )
}

/// `create_trigger_orders_log`
fn of_routine(verb: &str, name: &RoutineName) -> String {
    match name {
        RoutineName::Function(it) | RoutineName::Procedure(it) => {
            format!("{verb}_{}_{it}", name.kind())
        }
        RoutineName::Trigger(_, it) => format!("{verb}_trigger_{it}"),
    }
}

fn of_one(operation: &Operation) -> String {
    use Operation as Op;
    match operation {
        Op::CreateTable(it) => format!("create_{}", it.table.name),
        Op::DropTable(it) => format!("drop_{}", it.table),
        Op::RenameTable(it) => format!("rename_{}_to_{}", it.from, it.to),
        Op::AlterTable(it) => format!("alter_{}", it.table),
        Op::AddColumn(it) => format!("add_{}_to_{}", it.name, it.table),
        Op::DropColumn(it) => format!("drop_{}_from_{}", it.column, it.table),
        Op::AlterColumn(it) => format!("alter_{}_of_{}", it.column, it.table),
        Op::RenameColumn(it) => format!("rename_{}_{}_to_{}", it.table, it.from, it.to),
        Op::AddIndex(it) => format!("add_index_{}_to_{}", it.index.name, it.table),
        Op::DropIndex(it) => format!("drop_index_{}_from_{}", it.index, it.table),
        Op::RenameIndex(it) => format!("rename_index_{}_to_{}", it.from, it.to),
        Op::AddForeignKey(it) => {
            let columns = it.foreign_key.columns.join("_");
            format!("link_{}_{columns}_to_{}", it.table, it.foreign_key.table)
        }
        Op::DropForeignKey(it) => format!("drop_key_{}_from_{}", it.foreign_key, it.table),
        Op::AddUnique(it) => format!("add_unique_{}_to_{}", it.unique.name, it.table),
        Op::DropUnique(it) => format!("drop_unique_{}_from_{}", it.unique, it.table),
        Op::AddCheck(it) => format!("add_check_{}_to_{}", it.check.name, it.table),
        Op::DropCheck(it) => format!("drop_check_{}_from_{}", it.check, it.table),
        Op::RenameConstraint(it) => format!("rename_{}_to_{}", it.from, it.to),
        Op::AlterPrimaryKey(it) if it.columns.is_empty() => format!("drop_key_of_{}", it.table),
        Op::AlterPrimaryKey(it) => format!("key_{}_by_{}", it.table, it.columns.join("_")),
        Op::CreateEnum(it) => format!("create_enum_{}", it.enumeration.name),
        Op::RenameEnum(it) => format!("rename_enum_{}_to_{}", it.from, it.to),
        Op::RenameEnumValue(it) => {
            format!("rename_{}_of_{}_to_{}", it.from, it.enumeration, it.to)
        }
        Op::AddEnumValue(it) => format!("add_{}_to_{}", it.value, it.enumeration),
        Op::SetEnumValues(it) => format!("set_values_of_{}", it.enumeration),
        Op::DropEnum(it) => format!("drop_enum_{}", it.enumeration),
        Op::CreateNamespace(it) => format!("create_namespace_{}", it.namespace),
        Op::DropNamespace(it) => format!("drop_namespace_{}", it.namespace),
        Op::CreateView(it) => format!("create_view_{}", it.view.name),
        Op::AlterView(it) => format!("alter_view_{}", it.view),
        Op::DropView(it) => format!("drop_view_{}", it.view),
        Op::CreateRoutine(it) => of_routine("create", &it.routine.name),
        Op::AlterRoutine(it) => of_routine("alter", &it.routine.name),
        Op::DropRoutine(it) => of_routine("drop", &it.name),
        Op::SetNamedDefault(it) => format!("set_default_{}", it.name),
        Op::DropNamedDefault(it) => format!("drop_default_{}", it.name),
        Op::Backfill(it) => {
            let columns: Vec<&str> = it.set.iter().map(|(name, _)| name.as_str()).collect();
            format!("fill_{}_of_{}", columns.join("_"), it.table)
        }
        Op::Upsert(it) => format!("rows_of_{}", it.table),
        Op::Run(it) => it.title.clone(),
        Op::RunSql(it) => {
            match telling(it.script.state.as_deref().unwrap_or_default()).as_slice() {
                [] => "run_sql".to_owned(),
                [one] => of_one(one),
                several => of_several(several),
            }
        }
        Op::NeedsReview(_) => "needs_review".to_owned(),
        Op::Irreversible(_) => "irreversible".to_owned(),
        Op::StateOnly(StateOnly { operations })
        | Op::DatabaseOnly(DatabaseOnly { operations })
        | Op::IgnoreErrors(IgnoreErrors { operations }) => match telling(operations).as_slice() {
            [] => "empty".to_owned(),
            [one] => of_one(one),
            several => of_several(several),
        },
    }
}

/// How many names a name may list.
const LISTED: usize = 3;

fn of_several(operations: &[&Operation]) -> String {
    if let Some(words) = of_one_kind(operations) {
        return words;
    }
    let mut tables: Vec<&Name> = Vec::new();
    for operation in operations {
        match table_of(operation) {
            Some(table) if tables.contains(&table) => {}
            Some(table) => tables.push(table),
            None => return "update_schema".to_owned(),
        }
    }
    if tables.len() > LISTED {
        "update_schema".to_owned()
    } else {
        format!("update_{}", and(tables))
    }
}

/// `create_users_and_orders`, `add_first_and_last_to_users`: several operations of one kind.
fn of_one_kind(operations: &[&Operation]) -> Option<String> {
    use Operation as Op;
    if operations.len() > LISTED {
        return None;
    }
    let all = |part: fn(&Op) -> Option<(&Name, &str)>| -> Option<Vec<(&Name, &str)>> {
        operations.iter().map(|it| part(it)).collect()
    };
    if let Some(tables) = all(|it| match it {
        Op::CreateTable(it) => Some((&it.table.name, "")),
        _ => None,
    }) {
        return Some(format!("create_{}", and(tables.into_iter().map(|it| it.0))));
    }
    if let Some(tables) = all(|it| match it {
        Op::DropTable(it) => Some((&it.table, "")),
        _ => None,
    }) {
        return Some(format!("drop_{}", and(tables.into_iter().map(|it| it.0))));
    }
    let of_table = |verb: &str, preposition: &str, columns: Vec<(&Name, &str)>| {
        let table = columns[0].0;
        columns
            .iter()
            .all(|it| it.0 == table)
            .then(|| format!("{verb}_{}_{preposition}_{table}", and(columns.iter().map(|it| it.1))))
    };
    all(|it| match it {
        Op::AddColumn(it) => Some((&it.table, it.name.as_str())),
        _ => None,
    })
    .and_then(|it| of_table("add", "to", it))
    .or_else(|| {
        all(|it| match it {
            Op::DropColumn(it) => Some((&it.table, it.column.as_str())),
            _ => None,
        })
        .and_then(|it| of_table("drop", "from", it))
    })
    .or_else(|| {
        all(|it| match it {
            Op::AlterColumn(it) => Some((&it.table, it.column.as_str())),
            _ => None,
        })
        .and_then(|it| of_table("alter", "of", it))
    })
}

fn and(words: impl IntoIterator<Item = impl ToString>) -> String {
    let words: Vec<String> = words.into_iter().map(|it| it.to_string()).collect();
    match words.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{}_and_{last}", rest.join("_")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whimbrel_migration::{Migration, bigint, index, integer, set, sql, table, text};

    fn users() -> Schema {
        Schema::from_iter([table("users").column("id", bigint().primary_key())])
    }

    fn named(migration: Migration) -> String {
        let Migration { operations, .. } = migration;
        migration_name(&operations, &users())
    }

    #[test]
    fn any_words_become_a_slug() {
        let slug = |text| slug(text).unwrap_or_default();
        assert_eq!(slug("add user preferences"), "add_user_preferences");
        assert_eq!(slug("  Fix: A/B\\..\\C -- test! "), "fix_a_b_c_test");
        assert_eq!(slug("Größe ändern"), "größe_ändern");
        assert_eq!(slug("cafe\u{301} öffnen"), "cafe_öffnen");
        assert_eq!(slug("日本語 テーブル"), "日本語_テーブル");
        assert_eq!(slug("../../etc/passwd"), "etc_passwd");
        assert_eq!(slug("…/…"), "");
        assert_eq!(slug(&"ä".repeat(200)), "ä".repeat(50));
    }

    #[test]
    fn numbers_continue_the_highest() {
        assert_eq!(next_number([]), "0001");
        assert_eq!(next_number(["0001_a", "0007_b", "0003_c"]), "0008");
        assert_eq!(next_number(["9999_a"]), "10000");
        assert_eq!(next_number(["000012_a"]), "000013");
        assert_eq!(next_number(["20240131120000_a", "0002_b"]), "20240131120001");
        assert_eq!(next_number(["readme", "2fa", "12"]), "0013");
    }

    #[test]
    fn times_are_numbers_as_well() {
        let now = Numbering::Time("20260131120000".to_owned());
        assert_eq!(now.next([]), "20260131120000");
        assert_eq!(now.next(["0007_a", "20250101000000_b"]), "20260131120000");
        assert_eq!(now.next(["20260131120000_a"]), "20260131120001");
        assert_eq!(now.next(["20270101000000_a"]), "20270101000001");
        assert_eq!(Numbering::Count.next(["0007_a"]), "0008");
        assert_eq!(Numbering::Count.next(["20250101000000_b"]), "20250101000001");
    }

    #[test]
    fn a_merge_lists_what_it_merges_while_that_is_short() {
        assert_eq!(
            merge_name("0004", ["0003_names", "0003_payments"]),
            "0004_merge_names_and_payments"
        );
        let long = "x".repeat(60);
        assert_eq!(merge_name("0004", [long.as_str(), long.as_str()]), "0004_merge");
    }

    #[test]
    fn one_change_is_named_in_full() {
        let add = Migration::first().add_column("users", "email", text());
        assert_eq!(named(add), "add_email_to_users");
        let create = Migration::first().create_table(table("orders").column("id", bigint()));
        assert_eq!(migration_name(&create.operations, &Schema::default()), "initial");
        assert_eq!(named(create), "create_orders");
        let rename = Migration::first().rename_column("users", "name", "display_name");
        assert_eq!(named(rename), "rename_users_name_to_display_name");
        assert_eq!(named(Migration::first().drop_table("users")), "drop_users");
        let set = Migration::first().alter_column("users", "id", set().data_type(integer()));
        assert_eq!(named(set), "alter_id_of_users");
        assert_eq!(named(Migration::first().run_sql(sql("SELECT 1"))), "run_sql");
        assert_eq!(named(Migration::first()), "empty");
    }

    #[test]
    fn several_changes_share_a_name() {
        let two = Migration::first().add_column("users", "first", text()).add_column(
            "users",
            "last",
            text(),
        );
        assert_eq!(named(two.clone()), "add_first_and_last_to_users");
        assert_eq!(named(two.clone().drop_column("users", "name")), "update_users");
        let with_index = Migration::first()
            .add_column("users", "email", text())
            .add_index("users", index("users_email").on("email"));
        assert_eq!(named(with_index), "add_email_to_users");
        let tables = Migration::first()
            .create_table(table("a").column("id", bigint()))
            .create_table(table("b").column("id", bigint()));
        assert_eq!(named(tables), "create_a_and_b");
        let many =
            (0..9).fold(Migration::first(), |it, number| it.drop_column(format!("t{number}"), "x"));
        assert_eq!(named(many), "update_schema");
    }
}
